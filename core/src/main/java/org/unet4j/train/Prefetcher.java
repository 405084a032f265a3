package org.unet4j.train;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;

/**
 * Fills slots on a few threads, ahead of the one thread that takes them in order. What slot holds which item, and what an
 * item is, follow from the item's number alone: threads change the speed and nothing else. At most as many items are ahead
 * as there are slots.
 *
 * @param <T> a slot: memory that is filled again and again
 */
final class Prefetcher<T> implements Feed<T> {

    /** Fills a slot; called on a prefetch thread, for no slot from two threads at once. */
    interface Filler<T> {
        void fill(T slot, long item) throws IOException;
    }

    private final List<T> slots;
    private final Filler<T> filler;
    private final long end;
    private final List<Thread> threads;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final boolean[] filled;

    private long nextToFill;
    private long nextToTake;
    private long released;
    private long waitedNanos;
    private Throwable failure;
    private boolean closed;

    private Prefetcher(List<T> slots, Filler<T> filler, long first, long end, int threads) {
        this.slots = List.copyOf(slots);
        this.filler = filler;
        this.end = end;
        this.filled = new boolean[slots.size()];
        nextToFill = first;
        nextToTake = first;
        released = first;
        this.threads = IntStream.range(0, threads)
                .mapToObj(number -> {
                    Thread thread = new Thread(this::work, "unet4j-prefetch-" + number);
                    thread.setDaemon(true);
                    return thread;
                })
                .toList();
    }

    /** Returns a prefetcher at work on the items from {@code first} to {@code end}, which is not included. */
    static <T> Prefetcher<T> start(List<T> slots, Filler<T> filler, long first, long end, int threads) {
        Prefetcher<T> prefetcher = new Prefetcher<>(slots, filler, first, end, threads);
        prefetcher.threads.forEach(Thread::start);
        return prefetcher;
    }

    /**
     * Returns the slot of the next item, waiting for it where it is not ready. It belongs to the caller until
     * {@link #release}.
     *
     * @throws IOException what a filler threw
     */
    @Override
    public T take() throws IOException {
        long start = System.nanoTime();
        lock.lock();
        try {
            int slot = slot(nextToTake);
            while (failure == null && !closed && !filled[slot]) {
                changed.awaitUninterruptibly();
            }
            if (failure instanceof IOException e) {
                throw e;
            } else if (failure instanceof RuntimeException e) {
                throw e;
            } else if (failure instanceof Error e) {
                throw e;
            } else if (closed) {
                throw new IllegalStateException("the prefetcher is closed");
            }
            nextToTake++;
            return slots.get(slot);
        } finally {
            waitedNanos += System.nanoTime() - start;
            lock.unlock();
        }
    }

    /** Gives back the slot that was taken first and is not yet given back: it may be filled again. */
    @Override
    public void release() {
        lock.lock();
        try {
            if (released == nextToTake) {
                throw new IllegalStateException("no slot is taken");
            }
            filled[slot(released)] = false;
            released++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Returns how long {@link #take} has waited in all. */
    @Override
    public long waitedNanos() {
        lock.lock();
        try {
            return waitedNanos;
        } finally {
            lock.unlock();
        }
    }

    /** Ends the threads; returns when none of them touches a slot any more. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true; // the slots' memory must not be freed while a thread writes to it
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void work() {
        for (long item = claim(); item >= 0; item = claim()) {
            try {
                filler.fill(slots.get(slot(item)), item);
                finish(item);
            } catch (IOException | RuntimeException | Error e) {
                fail(e);
                return;
            }
        }
    }

    /** Returns the number of an item whose slot is free, or -1 when there is nothing more to do. */
    private long claim() {
        lock.lock();
        try {
            while (!closed && failure == null && nextToFill < end && nextToFill - released >= slots.size()) {
                changed.awaitUninterruptibly();
            }
            return closed || failure != null || nextToFill >= end ? -1 : nextToFill++;
        } finally {
            lock.unlock();
        }
    }

    private void finish(long item) {
        lock.lock();
        try {
            filled[slot(item)] = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void fail(Throwable reason) {
        lock.lock();
        try {
            if (failure == null) {
                failure = reason;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private int slot(long item) {
        return (int) (item % slots.size());
    }
}
