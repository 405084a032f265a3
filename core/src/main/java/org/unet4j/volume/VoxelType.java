package org.unet4j.volume;

/** How one voxel is stored. Every integer and floating type of NIfTI that a Java array can hold. */
public enum VoxelType {
    INT8(1),
    UINT8(1),
    INT16(2),
    UINT16(2),
    INT32(4),
    UINT32(4),
    INT64(8),
    UINT64(8),
    FLOAT32(4),
    FLOAT64(8);

    private final int bytes;

    VoxelType(int bytes) {
        this.bytes = bytes;
    }

    /** Returns the size of one voxel in bytes. */
    public int bytes() {
        return bytes;
    }

    /** Returns whether values may have fractions, be infinite or not a number. */
    public boolean isFloating() {
        return this == FLOAT32 || this == FLOAT64;
    }
}
