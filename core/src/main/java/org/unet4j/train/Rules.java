package org.unet4j.train;

/** What the numbers of a configuration must keep, in words that name them. */
final class Rules {

    private Rules() {}

    static void atLeast(String name, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " " + value + " must be at least " + least);
        }
    }

    static void inUnit(String name, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(name + " " + value + " must be in [0, 1]");
        }
    }
}
