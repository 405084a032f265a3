package org.unet4j.view;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Something that is read in a thread of its own. */
final class Reading<T> {
    private final CompletableFuture<T> pending;

    private Reading(CompletableFuture<T> pending) {
        this.pending = pending;
    }

    /** Where it comes from. */
    @FunctionalInterface
    interface Source<T> {
        T read() throws IOException;
    }

    /** Begins to read at once, in a thread that all share. */
    static <T> Reading<T> start(Source<T> source) {
        return start(source, ForkJoinPool.commonPool());
    }

    /** Begins to read as soon as there is a thread. */
    static <T> Reading<T> start(Source<T> source, Executor threads) {
        return new Reading<>(CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return source.read();
                    } catch (IOException e) {
                        throw new CompletionException(e);
                    }
                },
                threads));
    }

    /** Waits a while; returns whether it is read, and fails as {@link #await}. */
    boolean await(Duration patience) throws IOException {
        try {
            pending.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) { // as it was thrown
            await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        return true;
    }

    /** Waits; fails with what the reading itself threw, whatever that is. */
    T await() throws IOException {
        try {
            return pending.join();
        } catch (CompletionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof IOException failure) {
                throw failure;
            }
            if (cause instanceof RuntimeException failure) {
                throw failure;
            }
            if (cause instanceof Error failure) {
                throw failure;
            }
            throw e;
        }
    }
}
