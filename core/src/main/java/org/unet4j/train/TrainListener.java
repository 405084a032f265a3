package org.unet4j.train;

import java.nio.file.Path;
import java.util.Map;
import org.unet4j.model.Layout;

/** Hears how a run goes, on the thread that trains: what it does slows the run down. */
public interface TrainListener {

    /** Returns a listener that ignores everything. */
    static TrainListener silent() {
        return new TrainListener() {};
    }

    /** The run begins, or goes on. */
    default void started(RunStart start) {}

    /**
     * How features will lie in memory, where the configuration left it open.
     *
     * @param secondsAPart what part of a batch took in each layout; empty where no trial was made
     */
    default void layoutChosen(Layout layout, Map<Layout, Double> secondsAPart) {}

    /**
     * What a run on a card pays for giving the same bits again: seconds that a part of a batch takes so, and without. Not called where
     * it need not, in fp32 and TF32, and not on a processor, which does so for nothing.
     */
    default void determinismCosts(double deterministicSeconds, double freeSeconds) {}

    /** The run begins from weights of another; told after {@link #started}. */
    default void beganFrom(InitialWeightsEvent weights) {}

    /**
     * Something that an earlier part of the run left is damaged, or something that it can do without cannot be written; {@code what} says
     * what, and how the run goes on in spite of it.
     */
    default void recovered(String what) {}

    /** A step's loss or gradient was not finite: what the network saw is saved, and no weight changed. */
    default void notFinite(NotFiniteEvent event) {}

    /** A step is done. */
    default void step(StepEvent step) {}

    /** A validation case is done. */
    default void validating(int done, int total) {}

    /** The network was scored. */
    default void validated(ValidationEvent validation) {}

    /** A checkpoint is on disk. */
    default void saved(int step, Path checkpoint) {}

    /** The run came to its end, was stopped, or had come to its end before and has nothing left to do; not called where it fails. */
    default void ended(TrainResult result) {}
}
