package org.unet4j.io;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/** Work on the elements of a list in several threads; results keep the list's order. */
final class InOrder {

    private InOrder() {}

    /** Returns {@code work} of each element, in order. An unchecked exception of {@code work} comes out as it is. */
    static <A, B> List<B> map(List<A> elements, int threads, Function<A, B> work) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads " + threads + " must be at least 1");
        }
        ExecutorService pool = Executors.newFixedThreadPool(threads, task -> {
            Thread thread = new Thread(task, "unet4j-io");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Future<B>> futures = new ArrayList<>();
            for (A element : elements) {
                futures.add(pool.submit(() -> work.apply(element)));
            }
            List<B> results = new ArrayList<>();
            for (Future<B> future : futures) {
                results.add(future.get());
            }
            return results;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new java.util.concurrent.CancellationException("interrupted");
        } finally {
            pool.shutdownNow();
        }
    }
}
