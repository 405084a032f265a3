package org.unet4j.volume;

/**
 * A label map: one class a voxel, 0 being background.
 *
 * @param grid where the voxels lie
 * @param classes one unsigned byte a voxel in z, y, x order; not copied, so whoever made it must not change it
 */
@SuppressWarnings("ArrayRecordComponent") // a copy of millions of voxels for each accessor would be the greater evil
public record Labels(Grid grid, byte[] classes) {

    /** The most classes, background included, that a label map can hold. */
    public static final int MAX_CLASSES = 256;

    public Labels {
        if (classes.length != grid.shape().voxels()) {
            throw new IllegalArgumentException("labels of shape " + grid.shape() + " need "
                    + grid.shape().voxels() + " voxels, given " + classes.length);
        }
    }

    /** Returns the class of voxel {@code index}, in [0, 255]. */
    public int get(int index) {
        return classes[index] & 0xff;
    }

    /** Returns the number of voxels of each class 0 to 255. */
    public long[] counts() {
        long[] counts = new long[MAX_CLASSES];
        for (byte label : classes) {
            counts[label & 0xff]++;
        }
        return counts;
    }
}
