package org.unet4j.volume;

/**
 * The size of a 3D array in voxels. Arrays are row-major with {@code x} fastest, which is NIfTI's own order in memory.
 *
 * @param z number of slices, at least 1
 * @param y number of rows, at least 1
 * @param x number of columns, at least 1
 */
public record Shape(int z, int y, int x) {

    /** The number of axes; axis 0 is z, axis 1 is y, axis 2 is x. */
    public static final int AXES = 3;

    public Shape {
        if (z < 1 || y < 1 || x < 1) {
            throw new IllegalArgumentException(
                    "shape (" + z + ", " + y + ", " + x + ") must be at least 1 on every axis");
        }
    }

    /** Returns the shape with {@code size} voxels on each axis. */
    public static Shape cube(int size) {
        return new Shape(size, size, size);
    }

    /** Returns the shape of {@code sizes}, given as z, y, x. */
    public static Shape of(int... sizes) {
        if (sizes.length != AXES) {
            throw new IllegalArgumentException("a shape has 3 axes, given " + sizes.length);
        }
        return new Shape(sizes[0], sizes[1], sizes[2]);
    }

    /** Returns the size along {@code axis} (0 is z, 1 is y, 2 is x). */
    public int get(int axis) {
        return switch (axis) {
            case 0 -> z;
            case 1 -> y;
            case 2 -> x;
            default -> throw new IndexOutOfBoundsException("axis " + axis + " is not 0, 1 or 2");
        };
    }

    /** Returns this shape with {@code size} voxels along {@code axis}. */
    public Shape with(int axis, int size) {
        int[] sizes = toArray();
        sizes[axis] = size;
        return of(sizes);
    }

    /** Returns the number of voxels. */
    public long voxels() {
        return (long) z * y * x;
    }

    /** Returns the number of voxels as the length of one Java array; fails where it does not fit in one. */
    public int arrayLength() {
        long voxels = voxels();
        if (voxels > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("a volume of " + this + " has " + voxels + " voxels; at most "
                    + (Integer.MAX_VALUE - 8) + " fit; crop or split the scan");
        }
        return (int) voxels;
    }

    /** Returns the position of voxel (z, y, x) in a row-major array of this shape. */
    public int index(int atZ, int atY, int atX) {
        return (atZ * y + atY) * x + atX;
    }

    /** Returns z, y, x. */
    public int[] toArray() {
        return new int[] {z, y, x};
    }

    @Override
    public String toString() {
        return "(" + z + ", " + y + ", " + x + ")";
    }
}
