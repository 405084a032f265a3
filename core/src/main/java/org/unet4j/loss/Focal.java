package org.unet4j.loss;

import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * The mean over voxels and classes of -(1 - p)^gamma log p, where p is that of the target: voxels that are right already
 * hardly count. Classes other than the target add 0 to the mean.
 *
 * <p>Lin et al. 2017, with the softmax in place of the sigmoid. Equal to MONAI's FocalLoss with use_softmax, the mean over
 * classes included (golden/losses.json, golden/voxel_losses.json): with gamma 0 it is cross-entropy over the number of classes.
 *
 * @param gamma how much less the easy voxels count, at least 0; 2 in the paper
 * @param weights one for each class, at least 0, which its voxels are multiplied with, the paper's alpha; empty for none. The
 *     mean is that of the products
 */
public record Focal(double gamma, List<Double> weights) implements VoxelLoss {

    /** Checks gamma and weights. */
    public Focal {
        if (!(gamma >= 0 && gamma < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("focal: gamma " + gamma + " must be finite and at least 0; 2 is usual");
        }
        weights = ClassWeights.checked("focal", weights);
    }

    /** Returns the loss without class weights. */
    public static Focal unweighted(double gamma) {
        return new Focal(gamma, List.of());
    }

    @Override
    public boolean needsWholeBatch() {
        return false;
    }

    @Override
    public Tensor of(Voxels voxels) {
        Tensor crossEntropyNV = voxels.crossEntropyNV();
        // Above 0: there a power below 1 has no derivative, and 0 times it is not a number.
        Tensor wrongNV = crossEntropyNV.neg().expm1().neg().clamp_min(new Scalar((double) Float.MIN_NORMAL));
        Tensor lossNV = wrongNV.pow(new Scalar(gamma)).mul(crossEntropyNV);
        if (!weights.isEmpty()) {
            lossNV = lossNV.mul(voxels.weightNV(weights));
        }
        double classes = voxels.softmax().classes();
        return lossNV.sum().mul(new Scalar(1 / (classes * voxels.count())));
    }
}
