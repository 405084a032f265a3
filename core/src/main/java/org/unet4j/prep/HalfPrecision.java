package org.unet4j.prep;

/**
 * IEEE 754 binary16, in which a store keeps images: 11 significant bits, so a voxel of a normalised scan is off by at most a
 * 2048th of itself. Java has it from version 20 on only. Equal to libtorch for all 65 536 halves, and for the floats around
 * every one of them.
 */
final class HalfPrecision {

    /** The largest finite value. */
    static final float LARGEST = 65504;

    private static final int SIGN = 0x8000;
    private static final int INFINITY = 0x7c00;
    private static final int NOT_A_NUMBER = 0x7e00;
    private static final int SMALLEST_NORMAL = 0x400;

    /** How many more bits a float has for its fraction. */
    private static final int FRACTION_SHIFT = 13;

    /** The difference of the two biases, 127 - 15, where a float has its exponent. */
    private static final int REBIAS = 112 << 23;

    private static final int FLOAT_INFINITY = 0x7f800000;
    private static final int FLOAT_SMALLEST_NORMAL = 0x38800000;
    private static final int FLOAT_ROUNDS_TO_INFINITY = 0x477ff000;
    private static final float SUBNORMAL_STEP = 0x1p-24f;

    private HalfPrecision() {}

    /** Returns the half closest to {@code value}; of two as close, the one whose last bit is 0. */
    static short of(float value) {
        int bits = Float.floatToRawIntBits(value);
        int sign = (bits >>> Short.SIZE) & SIGN;
        int magnitude = bits & Integer.MAX_VALUE;
        if (magnitude >= FLOAT_ROUNDS_TO_INFINITY) {
            return (short) (sign | (magnitude > FLOAT_INFINITY ? NOT_A_NUMBER : INFINITY));
        }
        if (magnitude < FLOAT_SMALLEST_NORMAL) {
            // The last bit of a float from 0.5 to 1 counts as much as that of a subnormal half: the addition rounds.
            float rounded = Float.intBitsToFloat(magnitude) + 0.5f;
            return (short) (sign | (Float.floatToRawIntBits(rounded) - Float.floatToRawIntBits(0.5f)));
        }
        int halfUp = (1 << (FRACTION_SHIFT - 1)) - 1 + ((magnitude >> FRACTION_SHIFT) & 1);
        return (short) (sign | ((magnitude - REBIAS + halfUp) >> FRACTION_SHIFT));
    }

    /** Returns the value of {@code half}, exactly. */
    static float toFloat(short half) {
        int magnitude = half & ~SIGN & 0xffff;
        int sign = (half & SIGN) << Short.SIZE;
        if (magnitude < SMALLEST_NORMAL) {
            return Float.intBitsToFloat(sign | Float.floatToRawIntBits(magnitude * SUBNORMAL_STEP));
        }
        int rebias = magnitude < INFINITY ? REBIAS : 2 * REBIAS; // infinity and NaN have the largest exponent
        return Float.intBitsToFloat(sign | ((magnitude << FRACTION_SHIFT) + rebias));
    }

    /** Sets the first {@code length} of {@code floats} to the values of {@code halves}. */
    static void toFloats(short[] halves, float[] floats, int length) {
        for (int i = 0; i < length; i++) {
            floats[i] = toFloat(halves[i]);
        }
    }

    /**
     * Checks that {@code values}, none of which is NaN, stay finite.
     *
     * @throws IllegalArgumentException naming the largest and the remedy
     */
    static void requireFinite(float[] values, int channel) {
        float largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        if (largest > LARGEST) {
            throw new IllegalArgumentException("channel " + channel + " reaches " + largest
                    + " once it is normalised, more than half precision holds (" + LARGEST
                    + "); give its normalization a larger sd in the plan");
        }
    }
}
