package org.unet4j.loss;

import org.bytedeco.pytorch.Tensor;

/**
 * A Dice plus a loss over voxels, equally weighted. With {@link CrossEntropy} it is MONAI's DiceCELoss and nnU-Net's
 * DC_and_CE_loss plus 1; with {@link TopK}, nnU-Net's DC_and_topk_loss plus 1.
 *
 * @param dice the first part
 * @param voxelwise the second part
 */
public record DicePlus(Dice dice, VoxelLoss voxelwise) implements Loss {

    @Override
    public Tensor of(Tensor logitsNCDHW, Tensor targetNDHW, Ranks ranks) {
        return Voxels.reduce(
                logitsNCDHW, targetNDHW, ranks, voxels -> dice.of(voxels).add(voxelwise.of(voxels)));
    }

    @Override
    public boolean needsWholeBatch() {
        return dice.needsWholeBatch() || voxelwise.needsWholeBatch();
    }
}
