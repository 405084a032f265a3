package org.unet4j.volume;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

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

    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;

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
        long eightOfLast = 0;
        int last = 0;
        int i = 0;
        // Neighbours mostly agree: eight voxels of one class are counted at a time.
        for (; i + Long.BYTES <= classes.length; i += Long.BYTES) {
            if ((long) EIGHT.get(classes, i) == eightOfLast) {
                counts[last] += Long.BYTES;
                continue;
            }
            for (int j = i; j < i + Long.BYTES; j++) {
                counts[classes[j] & 0xff]++;
            }
            last = classes[i + Long.BYTES - 1] & 0xff;
            eightOfLast = last * ONES;
        }
        for (; i < classes.length; i++) {
            counts[classes[i] & 0xff]++;
        }
        return counts;
    }
}
