package org.unet4j.view;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

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

    /** Begins to read at once. */
    static <T> Reading<T> start(Source<T> source) {
        return new Reading<>(CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return source.read();
                    } catch (IOException e) {
                        throw new CompletionException(e);
                    }
                },
                Reading::inThread));
    }

    private static void inThread(Runnable work) {
        Thread thread = new Thread(work, "view-reading");
        thread.setDaemon(true);
        thread.start();
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
