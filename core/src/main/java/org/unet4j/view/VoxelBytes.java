package org.unet4j.view;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.unet4j.volume.LabelArray;
import org.unet4j.volume.Volume;
import org.unet4j.volume.VoxelType;

/**
 * Voxels as a browser's typed arrays hold them: little-endian, integers of one or two bytes as they are, everything else as
 * 32-bit floats.
 */
final class VoxelBytes {

    private static final int CHUNK_VOXELS = 1 << 19;

    private final VoxelType type;
    private final Object array;
    private final int length;
    private final double slope;
    private final double intercept;
    private final Volume wide;

    private VoxelBytes(VoxelType type, Object array, int length, double slope, double intercept, Volume wide) {
        this.type = type;
        this.array = array;
        this.length = length;
        this.slope = slope;
        this.intercept = intercept;
        this.wide = wide;
    }

    /** Returns those of a scan. */
    static VoxelBytes of(Volume image) {
        int length = image.grid().shape().arrayLength();
        return switch (image.type()) {
            case INT8, UINT8, INT16, UINT16 ->
                new VoxelBytes(image.type(), image.array(), length, image.slope(), image.intercept(), image);
            default -> new VoxelBytes(VoxelType.FLOAT32, image.array(), length, 1, 0, image);
        };
    }

    /** Returns those of label maps. */
    static VoxelBytes of(LabelArray labels) {
        VoxelType type = labels.isWide() ? VoxelType.UINT16 : VoxelType.UINT8;
        return new VoxelBytes(type, labels.array(), labels.length(), 1, 0, null);
    }

    /** Returns how each voxel is stored. */
    VoxelType type() {
        return type;
    }

    /** Returns the factor from stored to real values. */
    double slope() {
        return slope;
    }

    /** Returns the real value of stored zero. */
    double intercept() {
        return intercept;
    }

    /** Returns how many bytes there are. */
    long size() {
        return (long) length * type.bytes();
    }

    /** Waits until so many voxels are there. */
    @FunctionalInterface
    interface Gate {
        void await(int voxels) throws IOException;
    }

    /** Writes them all. */
    void write(OutputStream out) throws IOException {
        write(out, voxels -> {});
    }

    /** Writes them all as they come. */
    void write(OutputStream out, Gate gate) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(Math.min(length, CHUNK_VOXELS) * type.bytes())
                .order(ByteOrder.LITTLE_ENDIAN);
        float[] floats = new float[type == VoxelType.FLOAT32 ? Math.min(length, CHUNK_VOXELS) : 0];
        for (long from = 0; from < length; from += CHUNK_VOXELS) {
            int count = (int) Math.min(CHUNK_VOXELS, length - from);
            gate.await((int) from + count);
            if (array instanceof byte[] bytes) {
                out.write(bytes, (int) from, count);
                continue;
            }
            if (type == VoxelType.FLOAT32) {
                wide.copyTo((int) from, floats, 0, count);
                buffer.asFloatBuffer().put(floats, 0, count);
            } else {
                buffer.asShortBuffer().put((short[]) array, (int) from, count);
            }
            out.write(buffer.array(), 0, count * type.bytes());
        }
    }
}
