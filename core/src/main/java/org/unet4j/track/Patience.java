package org.unet4j.track;

import java.time.Duration;

/**
 * How long a run waits for its server.
 *
 * @param call for one answer
 * @param between two looks at the curves
 * @param firstPause after a call that failed; it doubles with each that fails too
 * @param longestPause where it stays
 * @param end for all that is left when the run ends
 */
record Patience(Duration call, Duration between, Duration firstPause, Duration longestPause, Duration end) {

    /** Returns what suits trainings, which take minutes to weeks. */
    static Patience usual() {
        return new Patience(
                Duration.ofSeconds(15),
                Duration.ofSeconds(5),
                Duration.ofSeconds(2),
                Duration.ofSeconds(60),
                Duration.ofSeconds(30));
    }

    /** Returns the pause after so many calls that failed, one after another. */
    Duration pause(int failures) {
        Duration pause = firstPause.multipliedBy(1L << Math.min(failures - 1, 20));
        return pause.compareTo(longestPause) < 0 ? pause : longestPause;
    }
}
