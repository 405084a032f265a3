package org.unet4j.augment;

import java.util.List;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Tensor;

/**
 * Makes what the patch shows larger or smaller, by the same factor along all settable axes.
 *
 * @param probability that a sample is scaled
 * @param factor 2 makes things twice as large, 0.5 half as large; above 0
 * @param axes which are scaled: 0 is z, 1 is y, 2 is x
 */
public record Scaling(double probability, Range factor, List<Integer> axes) implements SpatialTransform<Scaling.Draw> {

    /** Checks the probability, the factors and the axes. */
    public Scaling {
        Range.probability("scaling", probability);
        axes = Axes.check("scaling", axes);
        if (factor.low() <= 0) {
            throw new IllegalArgumentException("scaling factor " + factor.low() + " must be above 0, such as 0.7");
        }
    }

    /**
     * The factor that was drawn.
     *
     * @param factor 1 for no change
     */
    public record Draw(double factor) implements org.unet4j.augment.Draw {

        /** The factor of no change. */
        public static final Draw IDENTITY = new Draw(1);

        @Override
        public boolean isIdentity() {
            return factor == 1;
        }
    }

    @Override
    public Draw sample(RandomGenerator random) {
        return random.nextDouble() < probability ? new Draw(factor.draw(random)) : Draw.IDENTITY;
    }

    @Override
    public Tensor apply(Draw draw, Tensor imageCDHW) {
        return draw.isIdentity()
                ? imageCDHW
                : Warp.of(Batch.spatial(imageCDHW, 1), matrix(draw)).image(imageCDHW);
    }

    @Override
    public Tensor applyToLabels(Draw draw, Tensor labelsDHW) {
        return draw.isIdentity()
                ? labelsDHW
                : Warp.of(Batch.spatial(labelsDHW, 0), matrix(draw)).labels(labelsDHW);
    }

    /** Returns what takes a voxel of the patch to the voxel it is taken from, both counted from the centre. */
    double[] matrix(Draw draw) {
        double[] matrix = {1, 0, 0, 0, 1, 0, 0, 0, 1};
        for (int axis : axes) {
            matrix[4 * axis] = 1 / draw.factor;
        }
        return matrix;
    }
}
