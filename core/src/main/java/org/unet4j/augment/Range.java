package org.unet4j.augment;

import java.util.random.RandomGenerator;

/**
 * The bounds between which a transform draws a number.
 *
 * @param low smallest value, finite and not negative
 * @param high largest value, finite, at least {@code low}
 */
public record Range(double low, double high) {

    public Range {
        if (!(low >= 0 && high >= low) || Double.isInfinite(high)) {
            throw new IllegalArgumentException(
                    "range " + low + " to " + high + " must be finite, not negative and in ascending order");
        }
    }

    /** Returns a number drawn evenly between the bounds. */
    double draw(RandomGenerator random) {
        return low + random.nextDouble() * (high - low);
    }

    /**
     * Returns a factor that is as often below one as above it, each side drawn evenly: nnU-Net's rule for brightness,
     * contrast and gamma. A range on one side of one is drawn evenly as a whole.
     */
    double drawAroundOne(RandomGenerator random) {
        if (low >= 1 || high <= 1) {
            return draw(random);
        }
        double share = random.nextDouble();
        return random.nextBoolean() ? low + share * (1 - low) : 1 + share * (high - 1);
    }

    /** Returns {@code probability} after checking it; {@code name} stands in the message. */
    static double probability(String name, double probability) {
        if (!(probability >= 0 && probability <= 1)) {
            throw new IllegalArgumentException(name + " probability " + probability + " must lie in [0, 1]");
        }
        return probability;
    }
}
