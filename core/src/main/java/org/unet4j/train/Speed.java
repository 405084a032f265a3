package org.unet4j.train;

import java.util.ArrayDeque;
import java.util.Deque;

/** How fast the last steps went. */
final class Speed {

    private static final int STEPS = 20;

    private final Deque<Step> recent = new ArrayDeque<>();

    private record Step(double seconds, double waitSeconds, double loss) {}

    /** Adds a step. */
    void add(double seconds, double waitSeconds, double loss) {
        if (recent.size() == STEPS) {
            recent.removeFirst();
        }
        recent.addLast(new Step(seconds, waitSeconds, loss));
    }

    /** Returns the mean time of a step; 0 before the first. */
    double secondsAStep() {
        return recent.stream().mapToDouble(Step::seconds).average().orElse(0);
    }

    /** Returns the share of the time that was spent waiting, in [0, 1]. */
    double waitShare() {
        double seconds = recent.stream().mapToDouble(Step::seconds).sum();
        return seconds == 0 ? 0 : recent.stream().mapToDouble(Step::waitSeconds).sum() / seconds;
    }

    /** Returns the mean loss; NaN before the first step. */
    double loss() {
        return recent.stream().mapToDouble(Step::loss).average().orElse(Double.NaN);
    }
}
