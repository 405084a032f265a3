package org.unet4j.volume;

/**
 * A box of voxels, lower ends included and upper ends not. It may reach outside a volume: what lies there is padding.
 *
 * @param z0 first slice
 * @param y0 first row
 * @param x0 first column
 * @param shape its size
 */
public record Box(int z0, int y0, int x0, Shape shape) {

    /** Returns the box of all voxels of {@code shape}. */
    public static Box all(Shape shape) {
        return new Box(0, 0, 0, shape);
    }

    /** Returns the box from the lower corner to the upper one, which is not included. */
    public static Box between(int z0, int y0, int x0, int z1, int y1, int x1) {
        return new Box(z0, y0, x0, new Shape(z1 - z0, y1 - y0, x1 - x0));
    }

    /** Returns the first voxel along {@code axis} (0 is z, 1 is y, 2 is x). */
    public int start(int axis) {
        return switch (axis) {
            case 0 -> z0;
            case 1 -> y0;
            case 2 -> x0;
            default -> throw new IndexOutOfBoundsException("axis " + axis + " is not 0, 1 or 2");
        };
    }

    /** Returns one past the last voxel along {@code axis}. */
    public int end(int axis) {
        return start(axis) + shape.get(axis);
    }

    /** Returns whether no voxel of this box lies outside {@code outer}. */
    public boolean isInside(Shape outer) {
        for (int axis = 0; axis < Shape.AXES; axis++) {
            if (start(axis) < 0 || end(axis) > outer.get(axis)) {
                return false;
            }
        }
        return true;
    }
}
