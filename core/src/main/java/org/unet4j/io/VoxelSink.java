package org.unet4j.io;

import java.io.IOException;

/** Takes voxels that stream by, in the file's order. */
@FunctionalInterface
interface VoxelSink {

    /** Takes {@code length} stored voxels of an array of the file's type, from {@code from} on; the array is used again. */
    void take(Object stored, int from, int length) throws IOException;

    /** Returns a sink that gives everything to both. */
    default VoxelSink and(VoxelSink other) {
        return (stored, from, length) -> {
            take(stored, from, length);
            other.take(stored, from, length);
        };
    }
}
