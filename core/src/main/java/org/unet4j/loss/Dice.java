package org.unet4j.loss;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Soft Dice (Milletari et al. 2016) of the softmax: 1 - mean of (2 sum(p t) + smooth) / (sum(p) + sum(t) + smooth), in [0, 1].
 * A class that is absent and not predicted scores a Dice of 1.
 *
 * <p>Equal to MONAI's DiceLoss (smooth_nr = smooth_dr = smooth) and to nnU-Net's MemoryEfficientSoftDiceLoss plus 1
 * (golden/losses.json); their gradients are the same.
 *
 * @param pooling over which voxels the sums run
 * @param background whether class 0 takes part in the mean
 * @param smooth keeps the quotient defined; above 0
 */
public record Dice(Pooling pooling, boolean background, double smooth) implements Loss {

    /** Over which voxels a Dice is taken. */
    public enum Pooling {
        /** One Dice for each class of each sample. */
        SAMPLE,
        /** One Dice for each class over all samples of the batch: steadier where a class is often absent. */
        BATCH
    }

    private static final double SMOOTH = 1e-5;

    /** Checks the smoothing. */
    public Dice {
        if (!(smooth > 0)) {
            throw new IllegalArgumentException("dice: smooth " + smooth + " must be above 0, such as " + SMOOTH);
        }
    }

    /** Returns the Dice of the foreground for each sample, nnU-Net's default for 3D. */
    public static Dice perSample() {
        return new Dice(Pooling.SAMPLE, false, SMOOTH);
    }

    /** Returns the Dice of the foreground over the batch. */
    public static Dice overBatch() {
        return new Dice(Pooling.BATCH, false, SMOOTH);
    }

    /** Returns this loss with the background in the mean. */
    public Dice withBackground() {
        return new Dice(pooling, true, smooth);
    }

    @Override
    public boolean needsWholeBatch() {
        return pooling == Pooling.BATCH;
    }

    @Override
    public Tensor of(Tensor logitsNCDHW, Tensor targetNDHW, Ranks ranks) {
        return Voxels.reduce(logitsNCDHW, targetNDHW, ranks, this::of);
    }

    Tensor of(Voxels voxels) {
        Softmax.Sums sums = voxels.softmax().sums();
        Tensor overlapNC = sums.overlapNC();
        Tensor sizeNC = sums.probabilityNC().add(sums.targetNC());
        if (pooling == Pooling.BATCH) {
            Tensor pooled = voxels.pooled(torch.stack(new TensorVector(sumOfBatch(overlapNC), sumOfBatch(sizeNC))));
            overlapNC = pooled.select(0, 0);
            sizeNC = pooled.select(0, 1);
        }
        Scalar smoothing = new Scalar(smooth);
        Tensor dice = overlapNC.mul(new Scalar(2)).add(smoothing).div(sizeNC.add(smoothing));
        long first = background ? 0 : 1;
        return dice.narrow(1, first, dice.size(1) - first).mean().neg().add(new Scalar(1));
    }

    private static Tensor sumOfBatch(Tensor tensorNC) {
        return tensorNC.sum(new long[] {0}, true, new ScalarTypeOptional());
    }
}
