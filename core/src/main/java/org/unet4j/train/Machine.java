package org.unet4j.train;

/**
 * What decides how fast and how safely a run goes: a run may go on with another one. Another number of threads, or recomputing,
 * sums in another order, so that a run ends where it would have ended to within rounding, and not with the same bits.
 *
 * @param threads that compute, 0 for one a physical core
 * @param prefetchThreads that cut samples while the device computes
 * @param prefetchDepth how many parts of batches may be ready ahead
 * @param checkpointEvery steps between two checkpoints
 * @param recompute whether to compute features again for the gradient instead of keeping them (activation checkpointing): about
 *     half of the memory, a third more time, the same gradient but for the order of sums
 */
public record Machine(int threads, int prefetchThreads, int prefetchDepth, int checkpointEvery, boolean recompute) {

    /** Checks every value. */
    public Machine {
        Rules.atLeast("threads", threads, 0);
        Rules.atLeast("prefetchThreads", prefetchThreads, 1);
        Rules.atLeast("prefetchDepth", prefetchDepth, 2);
        Rules.atLeast("checkpointEvery", checkpointEvery, 1);
    }

    /** Returns this with another number of computing threads. */
    public Machine withThreads(int value) {
        return new Machine(value, prefetchThreads, prefetchDepth, checkpointEvery, recompute);
    }

    /** Returns this with {@code newThreads} threads that keep {@code newDepth} parts of batches ready. */
    public Machine withPrefetch(int newThreads, int newDepth) {
        return new Machine(threads, newThreads, newDepth, checkpointEvery, recompute);
    }

    /** Returns this with a checkpoint every {@code value} steps. */
    public Machine withCheckpointEvery(int value) {
        return new Machine(threads, prefetchThreads, prefetchDepth, value, recompute);
    }

    /** Returns this with features computed again, or kept. */
    public Machine withRecompute(boolean value) {
        return new Machine(threads, prefetchThreads, prefetchDepth, checkpointEvery, value);
    }
}
