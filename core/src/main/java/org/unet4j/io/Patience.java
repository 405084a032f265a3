package org.unet4j.io;

import java.time.Duration;

/**
 * How a download bears with a bad connection. Pauses between attempts double.
 *
 * @param first the first pause
 * @param longest the longest pause of our own choice
 * @param attempts how many attempts in a row may bring nothing
 * @param silence how long a server that was asked may send nothing
 * @param mostAsked the longest pause that a server may ask for with {@code Retry-After}
 */
public record Patience(Duration first, Duration longest, int attempts, Duration silence, Duration mostAsked) {

    public Patience {
        for (Duration duration : new Duration[] {first, longest, silence, mostAsked}) {
            if (duration.isNegative() || duration.isZero()) {
                throw new IllegalArgumentException("a patience of " + duration + " must be longer than nothing");
            }
        }
        if (attempts < 1) {
            throw new IllegalArgumentException("attempts " + attempts + " must be at least 1");
        }
    }

    /** Returns one that outlasts a connection that is gone for five minutes. */
    public static Patience usual() {
        return new Patience(
                Duration.ofSeconds(1), Duration.ofSeconds(60), 10, Duration.ofSeconds(60), Duration.ofMinutes(10));
    }

    /** Returns the pause after {@code failures} attempts in a row that brought nothing, at least one. */
    Duration pause(int failures) {
        Duration doubled = first.multipliedBy(1L << Math.min(failures - 1, 30));
        return doubled.compareTo(longest) < 0 ? doubled : longest;
    }
}
