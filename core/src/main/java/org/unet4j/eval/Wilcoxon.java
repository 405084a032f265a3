package org.unet4j.eval;

import java.util.Arrays;

/**
 * The signed-rank test of Wilcoxon 1945 of whether paired differences are symmetric about zero.
 *
 * @param pairs differences other than zero; zeros are dropped, as Wilcoxon did
 * @param plus the sum of the ranks of positive differences
 * @param minus the sum of the ranks of negative differences
 * @param pValue two-sided, in [0, 1]; 1 where no difference is left
 */
public record Wilcoxon(int pairs, double plus, double minus, double pValue) {

    /** The most pairs whose exact distribution is taken; above, the normal approximation is. */
    public static final int EXACT_PAIRS = 50;

    /**
     * Returns the test of {@code differences}. Up to {@value #EXACT_PAIRS} differences other than zero the distribution
     * over all signs is exact, also with ties (equal sizes share their mean rank); above, it is normal with the
     * correction for ties and for continuity. Equal to SciPy's {@code wilcoxon} (golden/statistics.json).
     */
    public static Wilcoxon signedRank(double[] differences) {
        double[] left = Arrays.stream(differences).filter(d -> d != 0).toArray();
        for (double difference : left) {
            if (!Double.isFinite(difference)) {
                throw new IllegalArgumentException("difference " + difference + " must be finite");
            }
        }
        int[] doubledRanks = doubledRanks(left);
        long plus = 0;
        long minus = 0;
        for (int i = 0; i < left.length; i++) {
            if (left[i] > 0) {
                plus += doubledRanks[i];
            } else {
                minus += doubledRanks[i];
            }
        }
        double p;
        if (left.length == 0) {
            p = 1;
        } else if (left.length <= EXACT_PAIRS) {
            p = exact(doubledRanks, Math.min(plus, minus));
        } else {
            p = normal(doubledRanks, plus);
        }
        return new Wilcoxon(left.length, plus / 2.0, minus / 2.0, p);
    }

    /** Returns twice the rank of each difference's size: a mean rank may end in a half, twice it is whole. */
    private static int[] doubledRanks(double[] differences) {
        Integer[] order = new Integer[differences.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Double.compare(Math.abs(differences[a]), Math.abs(differences[b])));
        int[] ranks = new int[differences.length];
        int start = 0;
        while (start < order.length) {
            int end = start + 1;
            while (end < order.length && Math.abs(differences[order[end]]) == Math.abs(differences[order[start]])) {
                end++;
            }
            for (int i = start; i < end; i++) {
                ranks[order[i]] = start + 1 + end; // ranks start + 1 to end: twice their mean
            }
            start = end;
        }
        return ranks;
    }

    /** Counts the signs of which the smaller rank sum is at most {@code smaller}: at most 2^50, so exact in a double. */
    private static double exact(int[] doubledRanks, long smaller) {
        int total = Arrays.stream(doubledRanks).sum();
        double[] waysToSum = new double[total + 1];
        waysToSum[0] = 1;
        int reached = 0;
        for (int rank : doubledRanks) {
            reached += rank;
            for (int sum = reached; sum >= rank; sum--) {
                waysToSum[sum] += waysToSum[sum - rank];
            }
        }
        double tail = 0;
        for (int sum = 0; sum <= smaller; sum++) {
            tail += waysToSum[sum];
        }
        return Math.min(1, 2 * tail / Math.pow(2, doubledRanks.length));
    }

    private static double normal(int[] doubledRanks, long doubledPlus) {
        double n = doubledRanks.length;
        double mean = n * (n + 1) / 4;
        // The sum of squared ranks over 4 is n(n+1)(2n+1)/24 less the correction for ties.
        double variance =
                Arrays.stream(doubledRanks).mapToDouble(r -> r * (double) r / 4).sum() / 4;
        double distance = Math.max(0, Math.abs(doubledPlus / 2.0 - mean) - 0.5);
        return Math.min(1, 2 * upperTail(distance / Math.sqrt(variance)));
    }

    /**
     * Returns the probability that a standard normal variable exceeds {@code z} >= 0: Numerical Recipes' {@code erfcc}, a
     * Chebyshev fit with a relative error below 1.2e-7 everywhere.
     */
    private static double upperTail(double z) {
        double x = z / Math.sqrt(2);
        double t = 1 / (1 + 0.5 * x);
        double series = 0.17087277;
        double[] coefficients = {
            -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196, 1.00002368
        };
        for (double coefficient : coefficients) {
            series = series * t + coefficient;
        }
        return 0.5 * t * Math.exp(-x * x - 1.26551223 + t * series);
    }
}
