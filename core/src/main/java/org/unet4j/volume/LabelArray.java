package org.unet4j.volume;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The classes of many voxels, 0 being background: an unsigned byte each where all lie below {@value #NARROW_CLASSES}, else an
 * unsigned short. The array is not copied; whoever fills it changes it no more once it is handed on.
 */
public final class LabelArray {

    /** The most classes, background included, that bytes can hold. */
    public static final int NARROW_CLASSES = 1 << Byte.SIZE;

    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;

    private final byte[] narrow;
    private final short[] wide;

    private LabelArray(byte[] narrow, short[] wide) {
        this.narrow = narrow;
        this.wide = wide;
    }

    /** Returns the classes that unsigned bytes hold. */
    public static LabelArray of(byte[] classes) {
        return new LabelArray(classes, null);
    }

    /** Returns the classes that unsigned shorts hold. */
    public static LabelArray of(short[] classes) {
        return new LabelArray(null, classes);
    }

    /** Returns {@code length} voxels of background, with room for classes 0 to {@code classes} - 1. */
    public static LabelArray background(int length, int classes) {
        return classes <= NARROW_CLASSES ? of(new byte[length]) : of(new short[length]);
    }

    /** Returns classes as wide as these, over an array that was made from {@link #array}. */
    LabelArray with(Object array) {
        return isWide() ? of((short[]) array) : of((byte[]) array);
    }

    /** Returns {@code length} voxels of background, as wide as these. */
    LabelArray background(int length) {
        return background(length, isWide() ? Labels.MAX_CLASSES : NARROW_CLASSES);
    }

    /** Returns a copy that may be changed. */
    public LabelArray copy() {
        return isWide() ? of(wide.clone()) : of(narrow.clone());
    }

    /** Returns whether each voxel takes two bytes. */
    public boolean isWide() {
        return wide != null;
    }

    /** Returns the number of voxels. */
    public int length() {
        return isWide() ? wide.length : narrow.length;
    }

    /** Returns the class of voxel {@code index}, in [0, 65535]. */
    public int get(int index) {
        return isWide() ? wide[index] & 0xffff : narrow[index] & 0xff;
    }

    /** Gives voxel {@code index} a class for which there is room. */
    public void set(int index, int cls) {
        if (isWide()) {
            wide[index] = (short) cls;
        } else {
            narrow[index] = (byte) cls;
        }
    }

    /** Gives the voxels from {@code from} up to {@code to} a class for which there is room. */
    public void fill(int from, int to, int cls) {
        if (isWide()) {
            Arrays.fill(wide, from, to, (short) cls);
        } else {
            Arrays.fill(narrow, from, to, (byte) cls);
        }
    }

    /** Returns how many voxels from {@code from} on, and before {@code to}, are of the class of the first. */
    int run(int from, int to) {
        int mismatch = isWide()
                ? Arrays.mismatch(wide, from, to - 1, wide, from + 1, to)
                : Arrays.mismatch(narrow, from, to - 1, narrow, from + 1, to);
        return mismatch < 0 ? to - from : mismatch + 1;
    }

    /** Returns {@code byte[]} or, where they are wide, {@code short[]}; it must not be changed. */
    public Object array() {
        return isWide() ? wide : narrow;
    }

    /**
     * Returns the unsigned bytes; they must not be changed.
     *
     * @throws IllegalStateException if each voxel takes two
     */
    public byte[] bytes() {
        if (isWide()) {
            throw new IllegalStateException("labels of more than " + NARROW_CLASSES + " classes do not fit into bytes");
        }
        return narrow;
    }

    /** Returns the number of voxels of each class from 0 on; as long as there is room for classes. */
    public long[] counts() {
        return isWide() ? countsOfShorts() : countsOfBytes();
    }

    private long[] countsOfShorts() {
        long[] counts = new long[Labels.MAX_CLASSES];
        for (short cls : wide) {
            counts[cls & 0xffff]++;
        }
        return counts;
    }

    private long[] countsOfBytes() {
        long[] counts = new long[NARROW_CLASSES];
        count(narrow, 0, narrow.length, counts);
        return counts;
    }

    /** Adds to {@code counts}, at the place of its class, each of the voxels from {@code from} to {@code to} - 1. */
    public static void count(byte[] classes, int from, int to, long[] counts) {
        long eightOfLast = 0;
        int last = 0;
        int i = from;
        // Neighbours mostly agree: eight voxels of one class are counted at a time.
        for (; i + Long.BYTES <= to; i += Long.BYTES) {
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
        for (; i < to; i++) {
            counts[classes[i] & 0xff]++;
        }
    }
}
