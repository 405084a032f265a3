package org.unet4j.eval;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The statistics that a comparison needs: moments, percentile bootstrap intervals and Holm's correction. The paired
 * test is {@link Wilcoxon}.
 */
public final class Statistics {

    /** How many bootstrap samples an interval is taken from. */
    public static final int BOOTSTRAP_DRAWS = 10_000;

    private Statistics() {}

    /**
     * A 95 % interval.
     *
     * @param low its lower end
     * @param high its upper end
     */
    public record Interval(double low, double high) {
        public Interval {
            if (!(low <= high)) {
                throw new IllegalArgumentException(
                        "interval [" + low + ", " + high + "] must not end before it starts");
            }
        }
    }

    /** Returns the arithmetic mean of at least one value. */
    public static double mean(double[] values) {
        requireValues(values);
        return Arrays.stream(values).sum() / values.length;
    }

    /** Returns the sample standard deviation (n - 1), and 0 for a single value. */
    public static double standardDeviation(double[] values) {
        double mean = mean(values);
        if (values.length == 1) {
            return 0;
        }
        double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
        return Math.sqrt(squares / (values.length - 1));
    }

    /** Returns the value below which {@code fraction} of the values lie, by linear interpolation as NumPy does. */
    public static double quantile(double[] values, double fraction) {
        requireValues(values);
        if (!(fraction >= 0 && fraction <= 1)) {
            throw new IllegalArgumentException("fraction " + fraction + " must be in [0, 1]");
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double at = fraction * (sorted.length - 1);
        int below = (int) at;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }

    /**
     * Returns the percentile bootstrap's 95 % interval of the mean over cases: {@value #BOOTSTRAP_DRAWS} draws with
     * replacement, decided by {@code seed} alone. Efron and Tibshirani 1993, chapter 13.
     */
    public static Interval bootstrap95(double[] values, long seed) {
        return bootstrap95(new double[][] {values}, seed);
    }

    /**
     * Returns the percentile bootstrap's 95 % interval of the mean over seeds and cases. Seeds and cases are both drawn
     * with replacement, independently: every seed saw the same cases, so a draw of cases holds for all seeds (the
     * two-factor bootstrap of Owen 2007, "The pigeonhole bootstrap"; a little too wide rather than too narrow).
     *
     * @param valuesOfSeedAndCase one row a training seed, one column a case; all rows of the same length
     */
    public static Interval bootstrap95(double[][] valuesOfSeedAndCase, long seed) {
        int seeds = valuesOfSeedAndCase.length;
        requireValues(valuesOfSeedAndCase[0]);
        int cases = valuesOfSeedAndCase[0].length;
        for (double[] row : valuesOfSeedAndCase) {
            if (row.length != cases) {
                throw new IllegalArgumentException(
                        "every seed must have the scores of the same cases, given " + row.length + " and " + cases);
            }
        }
        SplittableRandom random = new SplittableRandom(seed);
        double[] means = new double[BOOTSTRAP_DRAWS];
        double[] overSeeds = new double[cases];
        for (int draw = 0; draw < means.length; draw++) {
            Arrays.fill(overSeeds, 0);
            for (int i = 0; i < seeds; i++) {
                double[] row = valuesOfSeedAndCase[seeds == 1 ? 0 : random.nextInt(seeds)];
                for (int c = 0; c < cases; c++) {
                    overSeeds[c] += row[c];
                }
            }
            double sum = 0;
            for (int i = 0; i < cases; i++) {
                sum += overSeeds[random.nextInt(cases)];
            }
            means[draw] = sum / ((double) cases * seeds);
        }
        return new Interval(quantile(means, 0.025), quantile(means, 0.975));
    }

    /**
     * Returns the p-values corrected for being several, in the order given: Holm 1979, "A simple sequentially rejective
     * multiple test procedure". Equal to statsmodels' {@code multipletests(method="holm")}.
     */
    public static double[] holm(double[] pValues) {
        Integer[] order = new Integer[pValues.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Double.compare(pValues[a], pValues[b]));
        double[] corrected = new double[pValues.length];
        double largest = 0;
        for (int rank = 0; rank < order.length; rank++) {
            largest = Math.max(largest, Math.min(1, pValues[order[rank]] * (order.length - rank)));
            corrected[order[rank]] = largest;
        }
        return corrected;
    }

    private static void requireValues(double[] values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("no values: a statistic needs at least one");
        }
    }
}
