package org.unet4j.train;

import java.io.IOException;

/**
 * Fills a slot when it is asked for, on the thread that asks: nothing is ready ahead, and all of the filling is waited for.
 *
 * @param <T> a slot: memory that is filled again and again
 */
final class Inline<T> implements Feed<T> {

    private final T slot;
    private final Prefetcher.Filler<T> filler;
    private long next;
    private boolean taken;
    private long waitedNanos;

    Inline(T slot, Prefetcher.Filler<T> filler, long first) {
        this.slot = slot;
        this.filler = filler;
        this.next = first;
    }

    @Override
    public T take() throws IOException {
        if (taken) {
            throw new IllegalStateException("the only slot is taken");
        }
        long start = System.nanoTime();
        filler.fill(slot, next++);
        waitedNanos += System.nanoTime() - start;
        taken = true;
        return slot;
    }

    @Override
    public void release() {
        if (!taken) {
            throw new IllegalStateException("no slot is taken");
        }
        taken = false;
    }

    @Override
    public long waitedNanos() {
        return waitedNanos;
    }

    @Override
    public void close() {}
}
