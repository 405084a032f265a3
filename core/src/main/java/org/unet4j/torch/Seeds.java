package org.unet4j.torch;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Seeds from one run seed. A path such as (epoch, index) names what the numbers are for, so that no draw depends on how
 * many were made before it or on the number of threads.
 */
public final class Seeds {

    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private Seeds() {}

    /**
     * Returns a seed for {@code path}: SplitMix64's mixer (Steele, Lea and Flood 2014), applied to the seed and to each number of
     * the path. Paths of different lengths differ too.
     */
    public static long derive(long seed, long... path) {
        long state = mix(seed + GOLDEN_GAMMA);
        for (long step : path) {
            state = mix(state + GOLDEN_GAMMA * (step + 1) + GOLDEN_GAMMA) ^ mix(step);
            state = mix(state + GOLDEN_GAMMA);
        }
        return state;
    }

    /** Returns a generator for {@code path}; the same for the same arguments, on every JDK. */
    public static RandomGenerator random(long seed, long... path) {
        return new SplittableRandom(derive(seed, path));
    }

    private static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
