package org.unet4j.loss;

import org.bytedeco.pytorch.Tensor;

/** A loss that judges each voxel by itself; {@link DicePlus} adds any of them to a {@link Dice}. */
public sealed interface VoxelLoss extends Loss permits CrossEntropy, TopK, Focal {

    /** Returns one number from what all losses start from. */
    Tensor of(Voxels voxels);

    @Override
    default Tensor of(Tensor logitsNCDHW, Tensor targetNDHW, Ranks ranks) {
        return Voxels.reduce(logitsNCDHW, targetNDHW, ranks, this::of);
    }
}
