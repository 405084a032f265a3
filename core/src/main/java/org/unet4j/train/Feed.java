package org.unet4j.train;

import java.io.IOException;
import java.util.List;

/**
 * Where a training's samples come from, in their order.
 *
 * @param <T> a slot: memory that is filled again and again
 */
interface Feed<T> extends AutoCloseable {

    /** Makes the feed of a job's parts of batches from {@code first} to {@code end}, which is not included. */
    @FunctionalInterface
    interface Source {
        Feed<HostBatch> open(Job job, List<HostBatch> slots, long first, long end);
    }

    /**
     * Returns the slot of the next item. It belongs to the caller until {@link #release}.
     *
     * @throws IOException where it could not be filled
     */
    T take() throws IOException;

    /** Gives back the slot that was taken first and is not yet given back. */
    void release();

    /** Returns how long {@link #take} has lasted in all. */
    long waitedNanos();

    @Override
    void close();
}
