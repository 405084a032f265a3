package org.unet4j.volume;

/**
 * A label map: one class a voxel, 0 being background.
 *
 * @param grid where the voxels lie
 * @param voxels the classes in z, y, x order
 */
public record Labels(Grid grid, LabelArray voxels) {

    /** The most classes, background included, that a label map can hold. */
    public static final int MAX_CLASSES = 1 << Short.SIZE;

    /** Checks that there is a class for each voxel. */
    public Labels {
        if (voxels.length() != grid.shape().voxels()) {
            throw new IllegalArgumentException("labels of shape " + grid.shape() + " need "
                    + grid.shape().voxels() + " voxels, given " + voxels.length());
        }
    }

    /**
     * Makes a label map of at most 256 classes.
     *
     * @param classes one unsigned byte a voxel in z, y, x order; not copied, so whoever made it must not change it
     */
    public Labels(Grid grid, byte[] classes) {
        this(grid, LabelArray.of(classes));
    }

    /** Returns the class of voxel {@code index}, in [0, 65535]. */
    public int get(int index) {
        return voxels.get(index);
    }

    /** Returns the number of voxels of each class from 0 on; 256 of them, or 65 536 where classes are wide. */
    public long[] counts() {
        return voxels.counts();
    }

    /** Returns {@link LabelArray#bytes()}. */
    public byte[] bytes() {
        return voxels.bytes();
    }

    /** Returns how label maps of this one's width are stored: as {@code uint8} or {@code uint16}. */
    public VoxelType type() {
        return voxels.isWide() ? VoxelType.UINT16 : VoxelType.UINT8;
    }
}
