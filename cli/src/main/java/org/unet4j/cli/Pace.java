package org.unet4j.cli;

import java.util.OptionalDouble;

/** How fast work goes: an average whose memory fades within a third of the time that the work takes, ten seconds at least. */
final class Pace {
    private static final double LEAST_WINDOW_SECONDS = 10;
    private static final double WINDOW_SHARE = 1.0 / 3;
    private static final double LEAST_SECONDS = 0.2;

    private final long startNanos;
    private final double startDone;
    private long lastNanos;
    private double lastDone;
    private double perSecond;

    /** Begins to measure work of which {@code done} parts are finished. */
    Pace(long nanos, double done) {
        startNanos = nanos;
        startDone = done;
        lastNanos = nanos;
        lastDone = done;
    }

    /** Notes that {@code done} parts are finished, {@code last} being whether these are all. */
    void measure(long nanos, double done, boolean last) {
        double seconds = (nanos - lastNanos) / 1e9;
        if (done <= lastDone || (seconds < LEAST_SECONDS && !last)) {
            return;
        }
        double window = Math.max(LEAST_WINDOW_SECONDS, WINDOW_SHARE * (nanos - startNanos) / 1e9);
        double weight = lastDone == startDone ? 1 : 1 - Math.exp(-seconds / window);
        perSecond += weight * ((done - lastDone) / Math.max(seconds, 1e-9) - perSecond);
        lastNanos = nanos;
        lastDone = done;
    }

    /** Returns how many parts are finished in a second; empty where none is yet. */
    OptionalDouble perSecond() {
        return lastDone > startDone ? OptionalDouble.of(perSecond) : OptionalDouble.empty();
    }
}
