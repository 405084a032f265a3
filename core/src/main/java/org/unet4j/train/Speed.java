package org.unet4j.train;

import java.util.ArrayDeque;
import java.util.Deque;

/** How fast the last steps went, and how well. */
final class Speed {

    private static final int STEPS = 20;

    private final Deque<Time> recent = new ArrayDeque<>();
    private final Deque<Double> losses = new ArrayDeque<>();

    private record Time(double seconds, double waitSeconds) {}

    /** Adds a step. */
    void add(double seconds, double waitSeconds, double loss) {
        addLast(recent, new Time(seconds, waitSeconds));
        addEarlier(loss);
    }

    /**
     * Adds the loss of a step of an earlier part of the run, whose time says nothing about this machine now. One that is not finite
     * moved no weight and is left out.
     */
    void addEarlier(double loss) {
        if (Double.isFinite(loss)) {
            addLast(losses, loss);
        }
    }

    private static <T> void addLast(Deque<T> last, T newest) {
        if (last.size() == STEPS) {
            last.removeFirst();
        }
        last.addLast(newest);
    }

    /** Returns the mean time of a step of this part of the run; 0 before the first. */
    double secondsAStep() {
        return recent.stream().mapToDouble(Time::seconds).average().orElse(0);
    }

    /** Returns the share of the time that was spent waiting, in [0, 1]. */
    double waitShare() {
        double seconds = recent.stream().mapToDouble(Time::seconds).sum();
        return seconds == 0 ? 0 : recent.stream().mapToDouble(Time::waitSeconds).sum() / seconds;
    }

    /** Returns the mean loss; NaN before the first step. */
    double loss() {
        return losses.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
    }
}
