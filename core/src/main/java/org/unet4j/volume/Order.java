package org.unet4j.volume;

/** How a value between voxels is found. */
public enum Order {
    /** The value of the closest voxel. */
    NEAREST,
    /** Linear along each axis. */
    LINEAR,
    /** The interpolating third-order B-spline along each axis. */
    CUBIC
}
