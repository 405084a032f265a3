package org.unet4j.model;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.unet4j.torch.Torch;

/** Threads that work on samples side by side. They start when they are first needed. One thread at a time may call it. */
final class SampleThreads implements AutoCloseable {

    private final int threads;
    private ExecutorService workers;

    SampleThreads(int threads) {
        this.threads = threads;
    }

    /**
     * Does {@code work} for 0 to {@code wide - 1}, each on a thread whose operations use an equal share of all threads; returns when
     * everything is done.
     */
    void each(int wide, IntConsumer work) {
        int threadsEach = Math.max(1, threads / wide);
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < wide; i++) {
            int worker = i;
            running.add(pool().submit(() -> {
                Torch.setThreadsHere(threadsEach);
                work.accept(worker);
            }));
        }
        await(running);
    }

    private ExecutorService pool() {
        if (workers == null) {
            AtomicInteger number = new AtomicInteger();
            workers = Executors.newFixedThreadPool(threads, task -> {
                Thread thread = new Thread(task, "unet4j-sample-" + number.getAndIncrement());
                thread.setDaemon(true);
                return thread;
            });
        }
        return workers;
    }

    private static void await(List<Future<?>> running) {
        List<Throwable> failures = new ArrayList<>();
        boolean interrupted = false;
        for (int i = 0; i < running.size(); ) { // to the last, for whoever called may free what they compute with
            try {
                running.get(i).get();
                i++;
            } catch (ExecutionException e) {
                failures.add(e.getCause());
                i++;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while a batch was computed");
        }
        if (failures.isEmpty()) {
            return;
        }
        if (failures.get(0) instanceof RuntimeException failure) {
            throw failure;
        }
        if (failures.get(0) instanceof Error error) { // too little memory is what callers look for
            throw error;
        }
        throw new IllegalStateException("a sample failed: " + failures.get(0).getMessage(), failures.get(0));
    }

    @Override
    public void close() {
        if (workers != null) {
            workers.shutdown();
        }
    }
}
