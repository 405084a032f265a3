package org.unet4j.eval;

import java.util.Arrays;

/**
 * Mean and spread of what can be told, and how much cannot.
 *
 * @param mean over finite values; NaN where there is none
 * @param sd the sample standard deviation of the finite values; 0 for a single one, NaN for none
 * @param cases how many values are finite
 * @param infinite how many are infinite: exactly one of the masks is empty
 * @param undefined how many are NaN
 */
public record Moments(double mean, double sd, int cases, int infinite, int undefined) {

    /** Returns the moments of {@code values}. */
    static Moments of(double[] values) {
        double[] finite = Arrays.stream(values).filter(Double::isFinite).toArray();
        int infinite = (int) Arrays.stream(values).filter(Double::isInfinite).count();
        return new Moments(
                finite.length == 0 ? Double.NaN : Statistics.mean(finite),
                finite.length == 0 ? Double.NaN : Statistics.standardDeviation(finite),
                finite.length,
                infinite,
                values.length - finite.length - infinite);
    }

    /** Returns how many values the mean leaves out. */
    public int leftOut() {
        return infinite + undefined;
    }
}
