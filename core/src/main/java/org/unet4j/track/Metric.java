package org.unet4j.track;

/**
 * One point of a curve.
 *
 * @param key the curve's name
 * @param value may be infinite, or not a number
 * @param timestampMillis when, since 1970
 * @param step counted from 1
 */
public record Metric(String key, double value, long timestampMillis, long step) {

    /** Checks that the curve has a name. */
    public Metric {
        if (key.isBlank()) {
            throw new IllegalArgumentException("a metric needs a name");
        }
    }
}
