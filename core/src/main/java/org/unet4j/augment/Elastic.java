package org.unet4j.augment;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Tensor;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;

/**
 * Bends the patch smoothly: the points of a coarse cubic lattice are moved at random, and a cubic B-spline carries that over
 * to the voxels in between (free-form deformation, Rueckert et al. 1999).
 *
 * <p>It never folds: the map is one-to-one as long as no point moves farther along an axis than 0.4 of the lattice's spacing
 * (Choi and Lee 2000, "Injectivity conditions of 2D and 3D uniform cubic B-spline functions": 1 / 2.4795), and settings beyond
 * that are refused.
 *
 * @param probability that a sample is bent
 * @param controlMm the distance between the lattice's points
 * @param magnitudeMm by how much a point may move along each axis, either way
 * @param axes along which points move: 0 is z, 1 is y, 2 is x
 * @param spacing of the patch's voxels
 */
public record Elastic(double probability, double controlMm, double magnitudeMm, List<Integer> axes, Spacing spacing)
        implements SpatialTransform<Elastic.Draw> {

    /** The largest share of the lattice's spacing by which its points may move. */
    public static final double MOST_MOVEMENT = 0.4;

    /** Checks the probability and that nothing can fold. */
    public Elastic {
        Range.probability("elastic deformation", probability);
        axes = Axes.check("elastic deformation", axes);
        if (!(controlMm > 0) || Double.isInfinite(controlMm)) {
            throw new IllegalArgumentException("elastic deformation: controlMm " + controlMm + " must be above 0");
        }
        if (!(magnitudeMm >= 0 && magnitudeMm <= MOST_MOVEMENT * controlMm)) {
            throw new IllegalArgumentException("elastic deformation: magnitudeMm " + magnitudeMm + " must lie in [0, "
                    + MOST_MOVEMENT * controlMm + "], 0.4 of controlMm: the image would fold");
        }
    }

    /**
     * What was drawn.
     *
     * @param magnitudeMm by how much points move at most; 0 for no bending
     * @param seed decides how each point moves
     */
    public record Draw(double magnitudeMm, long seed) implements org.unet4j.augment.Draw {

        /** The draw of no bending. */
        public static final Draw IDENTITY = new Draw(0, 0);

        @Override
        public boolean isIdentity() {
            return magnitudeMm == 0;
        }

        @Override
        public String words() {
            return String.format(Locale.ROOT, "of points by up to %.2g mm", magnitudeMm);
        }
    }

    @Override
    public Draw sample(RandomGenerator random) {
        if (random.nextDouble() >= probability) {
            return Draw.IDENTITY;
        }
        return new Draw(random.nextDouble() * magnitudeMm, random.nextLong());
    }

    @Override
    public Tensor apply(Draw draw, Tensor imageCDHW) {
        return draw.isIdentity()
                ? imageCDHW
                : warp(draw, Batch.spatial(imageCDHW, 1)).image(imageCDHW);
    }

    @Override
    public Tensor applyToLabels(Draw draw, Tensor labelsDHW) {
        return draw.isIdentity()
                ? labelsDHW
                : warp(draw, Batch.spatial(labelsDHW, 0)).labels(labelsDHW);
    }

    private Warp warp(Draw draw, Shape shape) {
        double[] identity = {1, 0, 0, 0, 1, 0, 0, 0, 1};
        return new Warp(shape, shape, identity, Optional.of(lattice(draw, identity, shape)), List.of());
    }

    /** Returns the lattice over a patch, what its points move multiplied by {@code matrix}. */
    Lattice lattice(Draw draw, double[] matrix, Shape patch) {
        Lattice.Axis[] lattice = new Lattice.Axis[Shape.AXES];
        int points = 1;
        for (int axis = 0; axis < Shape.AXES; axis++) {
            lattice[axis] = Lattice.Axis.over(patch.get(axis), controlMm / spacing.get(axis));
            points *= lattice[axis].points();
        }
        double[] moved = new double[Shape.AXES * points];
        SplittableRandom random = new SplittableRandom(draw.seed);
        for (int axis : axes) {
            double most = draw.magnitudeMm / spacing.get(axis);
            for (int i = 0; i < points; i++) {
                moved[axis * points + i] = (2 * random.nextDouble() - 1) * most;
            }
        }
        return new Lattice(multiply(matrix, moved, points), lattice);
    }

    private static double[] multiply(double[] matrix, double[] moved, int points) {
        double[] product = new double[moved.length];
        for (int row = 0; row < Shape.AXES; row++) {
            for (int i = 0; i < points; i++) {
                product[row * points + i] = matrix[3 * row] * moved[i]
                        + matrix[3 * row + 1] * moved[points + i]
                        + matrix[3 * row + 2] * moved[2 * points + i];
            }
        }
        return product;
    }
}
