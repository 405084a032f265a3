package org.unet4j.loss;

import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * The mean over voxels of -log p(target), each voxel weighted with its class. Equal to PyTorch's cross_entropy
 * (golden/voxel_losses.json) but for targets whose classes all weigh 0: there it is 0, PyTorch's is NaN.
 *
 * @param weights one for each class, at least 0; empty where all voxels weigh the same
 */
public record CrossEntropy(List<Double> weights) implements VoxelLoss {

    /** Checks the weights. */
    public CrossEntropy {
        weights = ClassWeights.checked("cross-entropy", weights);
    }

    /** Returns the plain mean. */
    public static CrossEntropy unweighted() {
        return new CrossEntropy(List.of());
    }

    /** Returns the mean with a weight for each class, from 0 on. */
    public static CrossEntropy weighted(double... weights) {
        return new CrossEntropy(Arrays.stream(weights).boxed().toList());
    }

    /** With weights it does: they are summed over all voxels that count in the mean. */
    @Override
    public boolean needsWholeBatch() {
        return !weights.isEmpty();
    }

    @Override
    public Tensor of(Voxels voxels) {
        if (weights.isEmpty()) {
            return voxels.crossEntropyNV().sum().mul(new Scalar(1.0 / voxels.count()));
        }
        Tensor weightNV = voxels.weightNV(weights);
        // Averaged over ranks, count times a rank's sum over the weights of all ranks is the quotient of the whole
        // batch.
        Ranks ranks = voxels.ranks();
        Tensor weight = ranks.sum(weightNV.sum()).clamp_min(new Scalar((double) Float.MIN_NORMAL));
        Tensor sum = voxels.crossEntropyNV().mul(weightNV).sum();
        return sum.div(weight).mul(new Scalar((double) ranks.count()));
    }
}
