package org.unet4j.augment;

import java.util.Locale;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Tensor;
import org.unet4j.volume.Spacing;

/**
 * Turns the patch about its centre, by an angle about each axis in turn: x, then y, then z.
 *
 * <p>Differs from nnU-Net, which turns voxel coordinates: here it is millimetres that turn, so that anatomy stays rigid where
 * slices are thicker than pixels. With cubic voxels the two agree.
 *
 * @param probability that a sample is turned at all, about every axis
 * @param zDegrees largest angle about z either way; 0 for none
 * @param yDegrees likewise about y
 * @param xDegrees likewise about x
 * @param spacing of the patch's voxels
 */
public record Rotation(double probability, double zDegrees, double yDegrees, double xDegrees, Spacing spacing)
        implements SpatialTransform<Rotation.Draw> {

    private static final double HALF_TURN = 180;

    /** Checks the probability and the angles. */
    public Rotation {
        Range.probability("rotation", probability);
        for (double degrees : new double[] {zDegrees, yDegrees, xDegrees}) {
            if (!(degrees >= 0 && degrees <= HALF_TURN)) {
                throw new IllegalArgumentException("rotation of at most " + degrees + " degrees must lie in [0, 180]");
            }
        }
    }

    /**
     * The angles that were drawn.
     *
     * @param z degrees about z
     * @param y degrees about y
     * @param x degrees about x
     */
    public record Draw(double z, double y, double x) implements org.unet4j.augment.Draw {

        /** The angles of no turn. */
        public static final Draw IDENTITY = new Draw(0, 0, 0);

        @Override
        public boolean isIdentity() {
            return z == 0 && y == 0 && x == 0;
        }

        @Override
        public String words() {
            return String.format(Locale.ROOT, "%.1f, %.1f, %.1f degrees about z, y, x", z, y, x);
        }
    }

    @Override
    public Draw sample(RandomGenerator random) {
        if (random.nextDouble() >= probability) {
            return Draw.IDENTITY;
        }
        return new Draw(angle(random, zDegrees), angle(random, yDegrees), angle(random, xDegrees));
    }

    private static double angle(RandomGenerator random, double most) {
        return (2 * random.nextDouble() - 1) * most;
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
        double[] turned = Warp.product(about(0, draw.z), Warp.product(about(1, draw.y), about(2, draw.x)));
        for (int row = 0; row < 3; row++) {
            for (int column = 0; column < 3; column++) {
                turned[3 * row + column] *= spacing.get(column) / spacing.get(row);
            }
        }
        return turned;
    }

    /** Returns the rotation matrix (z, y, x) about one axis. */
    private static double[] about(int axis, double degrees) {
        double cos = Math.cos(Math.toRadians(degrees));
        double sin = Math.sin(Math.toRadians(degrees));
        int first = axis == 0 ? 1 : 0;
        int second = axis == 2 ? 1 : 2;
        double[] matrix = new double[9];
        matrix[4 * axis] = 1;
        matrix[4 * first] = cos;
        matrix[4 * second] = cos;
        matrix[3 * first + second] = sin;
        matrix[3 * second + first] = -sin;
        return matrix;
    }
}
