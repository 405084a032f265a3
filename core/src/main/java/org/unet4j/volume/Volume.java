package org.unet4j.volume;

import java.lang.reflect.Array;

/**
 * One 3D image in its own voxel type: a 16-bit CT stays 16-bit until it is resampled. A voxel's value is
 * {@code stored * slope + intercept}.
 *
 * <p>The array is not copied, so whoever made it must not change it, but for a reader that tells how far it has come: it fills in
 * what it has not yet told of.
 */
public final class Volume {

    private final Grid grid;
    private final VoxelType type;
    private final Object array;
    private final double slope;
    private final double intercept;

    /**
     * Makes a volume.
     *
     * @param array {@code byte[]}, {@code short[]}, {@code int[]}, {@code long[]}, {@code float[]} or {@code double[]},
     *     as {@code type} says, in z, y, x order; unsigned types use all bits
     */
    public Volume(Grid grid, VoxelType type, Object array, double slope, double intercept) {
        Class<?> expected = type.arrayType();
        if (array.getClass() != expected) {
            throw new IllegalArgumentException(type + " voxels need " + expected.getSimpleName() + ", given "
                    + array.getClass().getSimpleName());
        }
        if (Array.getLength(array) != grid.shape().voxels()) {
            throw new IllegalArgumentException("a volume of shape " + grid.shape() + " needs "
                    + grid.shape().voxels() + " voxels, given " + Array.getLength(array));
        }
        this.grid = grid;
        this.type = type;
        this.array = array;
        this.slope = slope;
        this.intercept = intercept;
    }

    /** Returns a volume of 32-bit floats. */
    public static Volume of(Grid grid, float[] voxels) {
        return new Volume(grid, VoxelType.FLOAT32, voxels, 1, 0);
    }

    /** Returns a volume of signed 16-bit integers, as CT scanners write. */
    public static Volume of(Grid grid, short[] voxels) {
        return new Volume(grid, VoxelType.INT16, voxels, 1, 0);
    }

    /** Returns where the voxels lie. */
    public Grid grid() {
        return grid;
    }

    /** Returns how voxels are stored. */
    public VoxelType type() {
        return type;
    }

    /** Returns the array of stored (unscaled) voxels; it must not be changed. */
    public Object array() {
        return array;
    }

    /** Returns the factor from stored to real values. */
    public double slope() {
        return slope;
    }

    /** Returns the real value of stored zero. */
    public double intercept() {
        return intercept;
    }

    /** Returns the real value of voxel {@code index}. */
    public double get(int index) {
        return type.get(array, index) * slope + intercept;
    }

    /** Copies {@code length} real values from voxel {@code from} into {@code target} at {@code at}, as floats. */
    public void copyTo(int from, float[] target, int at, int length) {
        type.toFloats(array, from, target, at, length, slope, intercept);
    }

    /** Returns all real values as floats, in a new array. */
    public float[] toFloats() {
        float[] values = new float[grid.shape().arrayLength()];
        copyTo(0, values, 0, values.length);
        return values;
    }
}
