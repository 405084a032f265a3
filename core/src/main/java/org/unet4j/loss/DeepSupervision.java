package org.unet4j.loss;

import java.util.List;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.unet4j.torch.Scope;

/**
 * A loss at several stages of the decoder: every stage weighs half of the one that is finer, and the weights add up to 1. Equal
 * to nnU-Net's (golden/voxel_losses.json), which gives its coarsest stage no weight: leave that one out.
 *
 * @param loss at each stage
 */
public record DeepSupervision(Loss loss) {

    /** Returns {@link #of(List, Tensor, Ranks)} of one process that computes the whole batch. */
    public Tensor of(List<Tensor> logitsFinestFirst, Tensor targetNDHW) {
        return of(logitsFinestFirst, targetNDHW, Ranks.alone());
    }

    /**
     * Returns the weighted sum of the losses; of one stage, its loss to the bit.
     *
     * @param logitsFinestFirst at least one stage, each as in {@link Loss#of(Tensor, Tensor, Ranks)}, the first of the target's
     *     size, the others smaller by whole factors, which may differ by axis
     * @param targetNDHW the target of the finest
     * @throws IllegalArgumentException if the shapes do not fit
     */
    public Tensor of(List<Tensor> logitsFinestFirst, Tensor targetNDHW, Ranks ranks) {
        try (Scope scope = new Scope()) {
            double[] weights = weights(logitsFinestFirst.size());
            Tensor sum = loss.of(logitsFinestFirst.get(0), targetNDHW, ranks).mul(new Scalar(weights[0]));
            for (int stage = 1; stage < weights.length; stage++) {
                Tensor logitsNCDHW = logitsFinestFirst.get(stage);
                Tensor one = loss.of(logitsNCDHW, reduced(targetNDHW, stage, logitsNCDHW), ranks);
                sum = sum.add(one.mul(new Scalar(weights[stage])));
            }
            return scope.keep(sum);
        }
    }

    /** Returns 1, 1/2, 1/4... over their sum. */
    static double[] weights(int stages) {
        if (stages < 1) {
            throw new IllegalArgumentException("deep supervision needs the logits of at least one stage");
        }
        double[] weights = new double[stages];
        for (int stage = 0; stage < stages; stage++) {
            weights[stage] = Math.scalb(1.0, -stage) / (2 - Math.scalb(1.0, 1 - stages));
        }
        return weights;
    }

    /**
     * Returns the target at the size of {@code logitsNCDHW}: of f voxels along an axis number f/2 from 0, which is that at or just
     * after their middle. It is what nnU-Net's interpolation, nearest-exact, takes.
     */
    private static Tensor reduced(Tensor targetNDHW, int stage, Tensor logitsNCDHW) {
        Tensor reduced = targetNDHW;
        for (int axis = 1; axis < 4 && logitsNCDHW.dim() == 5; axis++) {
            long fine = targetNDHW.size(axis);
            long coarse = logitsNCDHW.size(axis + 1);
            if (coarse < 1 || fine % coarse != 0) {
                throw new IllegalArgumentException("stage " + stage + " has " + coarse + " voxels along axis "
                        + "zyx".charAt(axis - 1) + ", which must divide the target's " + fine);
            }
            long factor = fine / coarse;
            reduced = reduced.slice(axis, new LongOptional(factor / 2), new LongOptional(), factor);
        }
        return reduced;
    }
}
