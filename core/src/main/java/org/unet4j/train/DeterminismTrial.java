package org.unet4j.train;

import org.unet4j.torch.Torch;

/** Finds what a run pays for giving the same bits again. */
final class DeterminismTrial {

    private DeterminismTrial() {}

    /**
     * Tells the listener of a run that is to be deterministic on a card; on a processor it costs nothing. In fp32 and TF32 it is not
     * looked for: a free run's first steps took minutes there (docs/LOG.md, 2026-11-27), which a deterministic run need not wait for.
     *
     * @param free lets libtorch choose whatever is fast
     * @param deterministic lets it choose what gives the same bits
     */
    static void tell(Job job, Runnable free, Runnable deterministic) {
        Numerics numerics = job.config().numerics();
        if (numerics.deterministic()
                && job.device().isCuda()
                && numerics.precision().isReduced()) {
            measure(job, free, deterministic);
        }
    }

    /** Tells the listener what a part of a batch takes in either way, unless the free one lacks memory; {@code deterministic} is called last. */
    static void measure(Job job, Runnable free, Runnable deterministic) {
        double same = PartClock.seconds(job);
        free.run();
        try {
            job.listener().determinismCosts(same, PartClock.seconds(job));
        } catch (RuntimeException e) {
            if (!Torch.isOutOfMemory(e)) {
                throw e;
            }
        } finally {
            deterministic.run();
        }
    }
}
