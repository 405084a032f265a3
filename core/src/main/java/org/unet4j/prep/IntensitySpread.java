package org.unet4j.prep;

import java.util.ArrayList;
import java.util.List;

/**
 * How the foreground's intensities of one channel are spread over all labelled cases, each of which weighs the same.
 *
 * @param low where the first stretch begins: the 0.5 % percentile
 * @param high where the last ends, with it: the 99.5 % percentile; the same as {@code low} where all foreground is alike
 * @param shares of the foreground in each of equally wide stretches; they add up to less than 1, for tails are left out
 */
public record IntensitySpread(double low, double high, List<Double> shares) {

    private static final int STRETCHES = 40;
    private static final double DIGITS = 1e6; // Of a share, for people.

    /** Copies the list. */
    public IntensitySpread {
        shares = List.copyOf(shares);
    }

    /** Returns the spread between the percentiles that {@code found} has of the same cases; no stretch where none has foreground. */
    static IntensitySpread over(List<Intensities.OfCase> cases, Intensities found) {
        List<Intensities.OfCase> present =
                cases.stream().filter(one -> one.ranks().length > 0).toList();
        double low = found.percentile005();
        double width = found.percentile995() - low;
        double[] shares = new double[present.isEmpty() ? 0 : width > 0 ? STRETCHES : 1];
        for (Intensities.OfCase one : present) {
            double weight = 1.0 / one.ranks().length / present.size();
            for (float value : one.ranks()) {
                if (value >= low && value <= found.percentile995()) {
                    int stretch = width > 0 ? (int) ((value - low) / width * STRETCHES) : 0;
                    shares[Math.min(stretch, shares.length - 1)] += weight;
                }
            }
        }
        List<Double> rounded = new ArrayList<>();
        for (double share : shares) {
            rounded.add(Math.rint(share * DIGITS) / DIGITS);
        }
        return new IntensitySpread(low, found.percentile995(), rounded);
    }
}
