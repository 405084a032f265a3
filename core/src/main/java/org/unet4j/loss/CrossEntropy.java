package org.unet4j.loss;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** The mean over voxels of -log p(target). Equal to PyTorch's cross_entropy. */
public record CrossEntropy() implements Loss {

    @Override
    public Tensor of(Tensor logitsNCDHW, Tensor targetNDHW) {
        return Voxelwise.compute(logitsNCDHW, targetNDHW, this::of);
    }

    Tensor of(Voxelwise voxels) {
        double voxelCount =
                (double) voxels.logNCDHW().numel() / voxels.logNCDHW().size(1);
        return voxels.logNCDHW().mul(voxels.targetNCDHW()).sum().mul(new Scalar(-1 / voxelCount));
    }
}
