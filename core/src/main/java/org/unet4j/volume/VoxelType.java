package org.unet4j.volume;

import java.util.Locale;

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

    /** Returns the type's name as the imaging world writes it, as "int16". */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the Java array that holds voxels of this type; unsigned types use all bits. */
    public Class<?> arrayType() {
        return switch (this) {
            case INT8, UINT8 -> byte[].class;
            case INT16, UINT16 -> short[].class;
            case INT32, UINT32 -> int[].class;
            case INT64, UINT64 -> long[].class;
            case FLOAT32 -> float[].class;
            case FLOAT64 -> double[].class;
        };
    }

    /** Returns a new array of {@code length} voxels, all zero. */
    public Object newArray(int length) {
        return switch (this) {
            case INT8, UINT8 -> new byte[length];
            case INT16, UINT16 -> new short[length];
            case INT32, UINT32 -> new int[length];
            case INT64, UINT64 -> new long[length];
            case FLOAT32 -> new float[length];
            case FLOAT64 -> new double[length];
        };
    }

    /** Returns the stored value of voxel {@code index} of an array of this type. */
    public double get(Object array, int index) {
        return switch (this) {
            case INT8 -> ((byte[]) array)[index];
            case UINT8 -> ((byte[]) array)[index] & 0xff;
            case INT16 -> ((short[]) array)[index];
            case UINT16 -> ((short[]) array)[index] & 0xffff;
            case INT32 -> ((int[]) array)[index];
            case UINT32 -> ((int[]) array)[index] & 0xffffffffL;
            case INT64 -> ((long[]) array)[index];
            case UINT64 -> unsigned(((long[]) array)[index]);
            case FLOAT32 -> ((float[]) array)[index];
            case FLOAT64 -> ((double[]) array)[index];
        };
    }

    private static double unsigned(long bits) {
        return bits >= 0 ? bits : ((bits >>> 1) | (bits & 1)) * 2.0;
    }

    /**
     * Copies {@code length} voxels of an array of this type, from voxel {@code from} on, into {@code target} at {@code at},
     * each as {@code (float) (stored * slope + intercept)}.
     */
    public void toFloats(Object array, int from, float[] target, int at, int length, double slope, double intercept) {
        boolean scaled = slope != 1 || intercept != 0;
        if (!scaled && this == FLOAT32) {
            System.arraycopy((float[]) array, from, target, at, length);
        } else if (!scaled && this == INT16) {
            short[] shorts = (short[]) array;
            for (int i = 0; i < length; i++) {
                target[at + i] = shorts[from + i];
            }
        } else if (!scaled && this == UINT8) {
            byte[] bytesOf = (byte[]) array;
            for (int i = 0; i < length; i++) {
                target[at + i] = bytesOf[from + i] & 0xff;
            }
        } else if (this == INT16) {
            short[] shorts = (short[]) array;
            for (int i = 0; i < length; i++) {
                target[at + i] = (float) (shorts[from + i] * slope + intercept);
            }
        } else {
            for (int i = 0; i < length; i++) {
                target[at + i] = (float) (get(array, from + i) * slope + intercept);
            }
        }
    }
}
