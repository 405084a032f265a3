package org.unet4j.augment;

import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Tensor;

/**
 * Makes what the patch shows larger or smaller, by the same factor along all its axes or by one of its own along each.
 *
 * <p>Differs from nnU-Net, whose factor is the reciprocal, drawn evenly: of 0.7 to 1.4 it shrinks 4 of 7 samples, and this
 * enlarges as many.
 *
 * @param probability that a sample is scaled
 * @param factor 2 makes things twice as large, 0.5 half as large; above 0
 * @param perAxis probability that each axis of a scaled sample has a factor of its own, so that shapes change
 * @param axes which are scaled: 0 is z, 1 is y, 2 is x
 */
public record Scaling(double probability, Range factor, double perAxis, List<Integer> axes)
        implements SpatialTransform<Scaling.Draw> {

    /** Checks the probabilities, the factors and the axes. */
    public Scaling {
        Range.probability("scaling", probability);
        Range.probability("scaling perAxis", perAxis);
        axes = Axes.check("scaling", axes);
        if (factor.low() <= 0) {
            throw new IllegalArgumentException("scaling factor " + factor.low() + " must be above 0, such as 0.7");
        }
    }

    /**
     * The factors that were drawn, 1 for no change.
     *
     * @param z along z
     * @param y along y
     * @param x along x
     */
    public record Draw(double z, double y, double x) implements org.unet4j.augment.Draw {

        /** The factors of no change. */
        public static final Draw IDENTITY = new Draw(1, 1, 1);

        @Override
        public boolean isIdentity() {
            return z == 1 && y == 1 && x == 1;
        }

        @Override
        public String words() {
            return z == y && y == x
                    ? String.format(Locale.ROOT, "%.2f", z)
                    : String.format(Locale.ROOT, "%.2f, %.2f, %.2f along z, y, x", z, y, x);
        }
    }

    @Override
    public Draw sample(RandomGenerator random) {
        if (random.nextDouble() >= probability) {
            return Draw.IDENTITY;
        }
        double[] factors = {1, 1, 1};
        double common = factor.draw(random);
        boolean differ = perAxis > 0 && random.nextDouble() < perAxis;
        for (int axis : axes) {
            factors[axis] = differ ? factor.draw(random) : common;
        }
        return new Draw(factors[0], factors[1], factors[2]);
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
        return new double[] {1 / draw.z, 0, 0, 0, 1 / draw.y, 0, 0, 0, 1 / draw.x};
    }
}
