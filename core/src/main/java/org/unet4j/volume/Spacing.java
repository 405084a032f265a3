package org.unet4j.volume;

/**
 * The distance between voxel centres in millimetres.
 *
 * @param z between slices, positive and finite
 * @param y between rows, positive and finite
 * @param x between columns, positive and finite
 */
public record Spacing(double z, double y, double x) {

    public Spacing {
        if (!(z > 0 && y > 0 && x > 0) || Double.isInfinite(z + y + x)) {
            throw new IllegalArgumentException(
                    "spacing (" + z + ", " + y + ", " + x + ") mm must be positive and finite on every axis");
        }
    }

    /** Returns the spacing of {@code millimetres}, given as z, y, x. */
    public static Spacing of(double... millimetres) {
        if (millimetres.length != Shape.AXES) {
            throw new IllegalArgumentException("a spacing has 3 axes, given " + millimetres.length);
        }
        return new Spacing(millimetres[0], millimetres[1], millimetres[2]);
    }

    /** Returns the distance along {@code axis} (0 is z, 1 is y, 2 is x). */
    public double get(int axis) {
        return switch (axis) {
            case 0 -> z;
            case 1 -> y;
            case 2 -> x;
            default -> throw new IndexOutOfBoundsException("axis " + axis + " is not 0, 1 or 2");
        };
    }

    /** Returns the volume of one voxel in millilitres. */
    public double voxelMl() {
        return z * y * x / 1000;
    }

    /** Returns z, y, x. */
    public double[] toArray() {
        return new double[] {z, y, x};
    }
}
