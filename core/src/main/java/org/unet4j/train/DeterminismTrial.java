package org.unet4j.train;

import java.util.function.Consumer;

/** Finds what a run pays for giving the same bits again. */
final class DeterminismTrial {

    private DeterminismTrial() {}

    /** Tells the listener of a run that is to be deterministic on a card; on a processor it costs nothing. */
    static void tell(Job job, Consumer<Boolean> start) {
        if (job.config().numerics().deterministic() && job.device().isCuda()) {
            measure(job, start);
        }
    }

    /**
     * Tells the listener what a part of a batch takes in either way.
     *
     * @param start starts libtorch, deterministic or not; deterministic when this returns
     */
    static void measure(Job job, Consumer<Boolean> start) {
        double same = PartClock.seconds(job);
        start.accept(false);
        try {
            job.listener().determinismCosts(same, PartClock.seconds(job));
        } finally {
            start.accept(true);
        }
    }
}
