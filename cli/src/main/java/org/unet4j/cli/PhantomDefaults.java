package org.unet4j.cli;

import org.unet4j.train.TrainConfig;

/** The embedded dataset and how long networks train on it, so that a new user sees four of them within minutes. */
final class PhantomDefaults {
    /** Labelled cases: 19 to learn from and 5 held out. */
    static final int CASES = 24;

    static final long SEED = 1;

    private static final int STEPS = 250;

    private PhantomDefaults() {}

    /** Returns the training of the embedded benchmark. */
    static TrainConfig schedule(TrainConfig training) {
        return training.withSteps(STEPS).withValidateEvery(0);
    }
}
