package org.unet4j.benchmark;

import org.unet4j.train.TrainListener;

/** Hears how a benchmark goes, on the thread that computes. */
public interface BenchmarkListener {

    /** Returns a listener that ignores everything. */
    static BenchmarkListener silent() {
        return new BenchmarkListener() {};
    }

    /**
     * A run begins, or goes on.
     *
     * @param index of the run, from 0
     * @param count of all runs
     */
    default void started(Run run, int index, int count) {}

    /** Returns who hears how the training of {@code run} goes. */
    default TrainListener training(Run run) {
        return TrainListener.silent();
    }

    /** A held-out case was predicted and scored. */
    default void predicted(Run run, int done, int total) {}

    /** A part of some other long work is done. */
    default void working(String what, int done, int total) {}

    /**
     * A run is scored.
     *
     * @param before whether it was so before this start
     */
    default void scored(RunScores scores, boolean before) {}

    /** Something that the results can do without could not be written; {@code what} says what, and why. */
    default void recovered(String what) {}
}
