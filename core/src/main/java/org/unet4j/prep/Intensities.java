package org.unet4j.prep;

import java.util.Arrays;
import java.util.List;

/**
 * What is known about the foreground intensities of one channel over all labelled cases. Every case weighs the same,
 * however large its foreground, as in nnU-Net, which draws equally many voxels from each.
 *
 * @param mean exact
 * @param sd exact, of the population
 * @param min exact
 * @param max exact
 * @param median as the percentiles
 * @param percentile005 the 0.5 % percentile; exact where no case has more than 10 000 foreground voxels, else each larger
 *     case is represented by 10 000 evenly spaced ranks of its sorted voxels
 * @param percentile995 the 99.5 % percentile, likewise
 */
public record Intensities(
        double mean, double sd, double min, double max, double median, double percentile005, double percentile995) {

    private static final double LOW = 0.005;
    private static final double HIGH = 0.995;

    /** What one case contributes. Without foreground it contributes nothing. */
    @SuppressWarnings("ArrayRecordComponent") // up to 10 000 floats a case; made here and never changed
    record OfCase(float[] ranks, double mean, double meanSquare) {

        private static final int MOST_RANKS = 10_000;

        /** Returns the contribution of {@code values}, which are sorted by this method. */
        static OfCase of(float[] values) {
            Arrays.sort(values);
            double sum = 0;
            double squares = 0;
            for (float value : values) {
                sum += value;
                squares += (double) value * value;
            }
            return new OfCase(
                    evenRanks(values), sum / Math.max(1, values.length), squares / Math.max(1, values.length));
        }

        private static float[] evenRanks(float[] sorted) {
            if (sorted.length <= MOST_RANKS) {
                return sorted;
            }
            float[] ranks = new float[MOST_RANKS];
            for (int i = 0; i < MOST_RANKS; i++) {
                ranks[i] = sorted[(int) ((long) i * (sorted.length - 1) / (MOST_RANKS - 1))];
            }
            return ranks;
        }
    }

    /** Returns the statistics over all cases that have foreground; all zero where none has. */
    static Intensities over(List<OfCase> cases) {
        List<OfCase> present = cases.stream().filter(c -> c.ranks.length > 0).toList();
        if (present.isEmpty()) {
            return new Intensities(0, 0, 0, 0, 0, 0, 0);
        }
        double mean = present.stream().mapToDouble(OfCase::mean).average().orElseThrow();
        double square =
                present.stream().mapToDouble(OfCase::meanSquare).average().orElseThrow();
        long[] sorted = sortedWithCase(present);
        return new Intensities(
                mean,
                Math.sqrt(Math.max(0, square - mean * mean)),
                value(sorted[0]),
                value(sorted[sorted.length - 1]),
                quantile(present, sorted, 0.5),
                quantile(present, sorted, LOW),
                quantile(present, sorted, HIGH));
    }

    /** Each value in the upper half as bits that sort like the float, the number of its case in the lower half. */
    private static long[] sortedWithCase(List<OfCase> cases) {
        long[] all = new long[cases.stream().mapToInt(c -> c.ranks.length).sum()];
        int at = 0;
        for (int i = 0; i < cases.size(); i++) {
            for (float value : cases.get(i).ranks) {
                int bits = Float.floatToIntBits(value);
                int ordered = bits ^ ((bits >> 31) & Integer.MAX_VALUE);
                all[at++] = (long) ordered << 32 | i;
            }
        }
        Arrays.sort(all);
        return all;
    }

    private static double value(long packed) {
        int ordered = (int) (packed >> 32);
        return Float.intBitsToFloat(ordered ^ ((ordered >> 31) & Integer.MAX_VALUE));
    }

    private static double quantile(List<OfCase> cases, long[] sorted, double q) {
        double wanted = q * cases.size();
        double weight = 0;
        for (long packed : sorted) {
            weight += 1.0 / cases.get((int) packed).ranks.length;
            if (weight >= wanted) {
                return value(packed);
            }
        }
        return value(sorted[sorted.length - 1]);
    }
}
