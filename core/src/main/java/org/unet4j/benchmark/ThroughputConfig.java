package org.unet4j.benchmark;

import java.util.LinkedHashSet;
import java.util.List;

/**
 * Whose speed is measured, and for how long. The variants run one after the other, each in a process of its own, and then
 * all of them again: what slows the machine down for a while does not fall on one of them alone.
 *
 * @param variants at least one, none twice
 * @param warmup steps of each run before the measured ones, at least 1
 * @param steps measured steps of each run, at least 1
 * @param rounds runs of each variant, at least 1
 */
public record ThroughputConfig(List<Variant> variants, int warmup, int steps, int rounds) {

    /** Checks every value. */
    public ThroughputConfig {
        variants = List.copyOf(variants);
        if (variants.isEmpty()) {
            throw new IllegalArgumentException("there is nothing to measure: name a network and a precision");
        }
        if (new LinkedHashSet<>(variants).size() != variants.size()) {
            throw new IllegalArgumentException("a way of training is named twice among " + variants);
        }
        requirePositive("warmup", warmup);
        requirePositive("steps", steps);
        requirePositive("rounds", rounds);
    }

    private static void requirePositive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " " + value + " must be at least 1");
        }
    }
}
