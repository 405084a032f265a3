package org.unet4j;

import static org.assertj.core.api.Assumptions.assumeThat;

import org.unet4j.torch.Device;

/** The NVIDIA card that tests tagged {@code gpu} compare with the processor: they skip where there is none. */
public final class Card {

    private Card() {}

    /** Returns the first card, or skips the test. */
    public static Device required() {
        Device best = Device.best();
        assumeThat(best.isCuda()).as("libtorch has a card to compute on").isTrue();
        return best;
    }

    /** Returns how far {@code values} are from {@code expected}, over the length of {@code expected}, both as vectors. */
    public static double difference(double[] values, double[] expected) {
        if (values.length != expected.length) {
            throw new IllegalArgumentException(values.length + " values cannot be compared with " + expected.length);
        }
        double apart = 0;
        double length = 0;
        for (int i = 0; i < values.length; i++) {
            apart += (values[i] - expected[i]) * (values[i] - expected[i]);
            length += expected[i] * expected[i];
        }
        return Math.sqrt(apart / length);
    }
}
