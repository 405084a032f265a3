package org.unet4j.augment;

import java.util.random.RandomGenerator;

/**
 * Random numbers of the standard normal distribution, four from each random long: the distribution's inverse is a table of its 65 536
 * quantiles (i + 1/2) / 65 536, so that the largest number is 4.3 and their variance 0.99998. The same numbers come from the same
 * generator on every processor, a third of libtorch's time.
 */
final class NormalNumbers {

    private static final int BITS = 16;

    /** The quantiles above one half; those below are their negatives. */
    private static final float[] UPPER_QUANTILES = upperQuantiles();

    private NormalNumbers() {}

    /** Adds {@code scale} times a number to each of the first {@code count} values. */
    static void add(RandomGenerator random, float scale, float[] values, int count) {
        int whole = count & -4;
        for (int i = 0; i < whole; i += 4) {
            long bits = random.nextLong();
            values[i] += scale * number(bits);
            values[i + 1] += scale * number(bits >>> BITS);
            values[i + 2] += scale * number(bits >>> (2 * BITS));
            values[i + 3] += scale * number(bits >>> (3 * BITS));
        }
        if (whole < count) {
            long bits = random.nextLong();
            for (int i = whole; i < count; i++, bits >>>= BITS) {
                values[i] += scale * number(bits);
            }
        }
    }

    /** Returns the number of the lowest 16 bits: 15 choose its size, one its sign. */
    private static float number(long bits) {
        float size = UPPER_QUANTILES[(int) bits & (UPPER_QUANTILES.length - 1)];
        int sign = ((int) bits & UPPER_QUANTILES.length) << (Integer.SIZE - BITS);
        return Float.intBitsToFloat(Float.floatToRawIntBits(size) ^ sign);
    }

    /** Returns where the distribution function has the values (i + 1/2) / 65 536 above one half, by Newton's method. */
    private static float[] upperQuantiles() {
        float[] quantiles = new float[1 << (BITS - 1)];
        double x = 0;
        for (int i = 0; i < quantiles.length; i++) {
            double wanted = (i + 0.5) / (2 * quantiles.length);
            // The function bends down above 0, so that from the quantile before each step falls short of the next.
            double step = 1;
            while (step > 1e-12) {
                double density = Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
                step = (wanted - density * areaOverDensity(x)) / density;
                x += step;
            }
            quantiles[i] = (float) x;
        }
        return quantiles;
    }

    /** Returns the area under the density between 0 and x, divided by the density at x: x + x^3/3 + x^5/15 + ... (Marsaglia 2004, JSS 11(4)). */
    private static double areaOverDensity(double x) {
        double sum = 0;
        double term = x;
        for (int odd = 3; sum + term != sum; odd += 2) {
            sum += term;
            term *= x * x / odd;
        }
        return sum;
    }
}
