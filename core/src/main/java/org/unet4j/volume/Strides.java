package org.unet4j.volume;

/**
 * Where the voxels of an image lie in an array that holds them in another order, or among others.
 *
 * @param start where the first voxel is
 * @param z how much further the next slice is; negative where slices run the other way
 * @param y how much further the next row is
 * @param x how much further the next voxel of a row is
 */
public record Strides(int start, int z, int y, int x) {

    /** Returns where the first voxel of a row is. */
    public int row(int slice, int row) {
        return start + slice * z + row * y;
    }
}
