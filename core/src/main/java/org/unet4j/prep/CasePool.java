package org.unet4j.prep;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.unet4j.io.Case;
import org.unet4j.io.HeapAdvice;
import org.unet4j.io.Progress;

/** Does one piece of work for each case, many at a time, as many as the heap allows; failing cases do not stop the others. */
final class CasePool {

    /** The work for one case. An {@link UncheckedIOException} stops the others too: nothing can be written any more. */
    @FunctionalInterface
    interface Work<T> {
        T apply(Case given) throws IOException;
    }

    /** How much heap the work for one case needs. */
    @FunctionalInterface
    interface Need {
        long bytes(Case given) throws IOException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(CasePool.class);
    private static final double SHARE_OF_HEAP = 0.75;
    private static final int MOST_LISTED = 100;
    private static final int MIB_SHIFT = 20;
    private static final long JVM_MIB = Runtime.getRuntime().maxMemory() >> MIB_SHIFT;

    private final String what;
    private final int threads;
    private final Progress progress;
    private final int heapMib;
    private final AtomicInteger done = new AtomicInteger();
    private final List<String> failures = Collections.synchronizedList(new ArrayList<>());

    CasePool(String what, int threads, Progress progress) {
        this(what, threads, progress, (long) (Runtime.getRuntime().maxMemory() * SHARE_OF_HEAP));
    }

    CasePool(String what, int threads, Progress progress, long heapBytes) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads " + threads + " must be at least 1");
        }
        this.what = what;
        this.threads = threads;
        this.progress = progress;
        this.heapMib = (int) Math.min(Integer.MAX_VALUE, Math.max(1, heapBytes >> MIB_SHIFT));
    }

    /**
     * Returns the results in the order of {@code cases}.
     *
     * @throws IOException naming all cases that failed and why
     */
    <T> List<T> map(List<Case> cases, Need need, Work<T> work) throws IOException {
        int[] mib = needs(cases, need);
        Semaphore heap = new Semaphore(heapMib, true);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<T>> pending = new ArrayList<>();
            for (int i = 0; i < cases.size(); i++) {
                Case given = cases.get(i);
                int needed = mib[i];
                pending.add(pool.submit(() -> one(given, needed, heap, work, cases.size())));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> result : pending) {
                results.add(result.get());
            }
            report(cases.size());
            return results;
        } catch (ExecutionException e) {
            throw unwrapped(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(what + " was interrupted; run it again to go on", e);
        } finally {
            stop(pool);
        }
    }

    /** Waits for work that has begun: nobody may still write once the caller goes on. */
    private static void stop(ExecutorService pool) {
        pool.shutdownNow();
        boolean interrupted = Thread.interrupted();
        while (true) {
            try {
                if (pool.awaitTermination(1, TimeUnit.MINUTES)) {
                    break;
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static IOException unwrapped(Throwable cause) {
        if (cause instanceof UncheckedIOException io) {
            return io.getCause();
        }
        if (cause instanceof RuntimeException bug) {
            throw bug;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return new IOException(cause);
    }

    private int[] needs(List<Case> cases, Need need) {
        int[] mib = new int[cases.size()];
        int largest = 0;
        for (int i = 0; i < mib.length; i++) {
            try {
                mib[i] = (int) Math.min(Integer.MAX_VALUE, 1 + (need.bytes(cases.get(i)) >> MIB_SHIFT));
            } catch (IOException | IllegalArgumentException e) {
                mib[i] = 1; // Its work will fail for the same reason and be reported then.
            }
            largest = Math.max(largest, mib[i]);
        }
        int atOnce = Math.min(threads, cases.size());
        if ((long) largest * atOnce > heapMib) {
            LOG.warn(
                    "{}: {} at a time in place of {} where cases are large: one needs up to about {} MiB, the heap has {} (-Xmx)",
                    what,
                    Math.max(1, heapMib / largest),
                    atOnce,
                    largest,
                    JVM_MIB);
        }
        return mib;
    }

    private <T> T one(Case given, int mib, Semaphore heap, Work<T> work, int total) throws InterruptedException {
        try {
            int share = Math.min(mib, heapMib);
            try {
                return within(share, given, heap, work);
            } catch (OutOfMemoryError e) {
                if (share == heapMib) {
                    throw e;
                }
                return within(heapMib, given, heap, work); // Beside others it was too large; now it has all.
            }
        } catch (IOException | IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            failures.add(message.startsWith("[") ? message : "[" + given.id() + "] " + message);
            return null;
        } catch (OutOfMemoryError e) {
            failures.add("[" + given.id() + "] does not fit into Java's heap of " + JVM_MIB
                    + " MiB: its arrays take about "
                    + mib + " MiB at once and need room around them; " + HeapAdvice.give(gigabytesFor(mib)));
            return null;
        } finally {
            progress.update(what, done.incrementAndGet(), total);
        }
    }

    private static <T> T within(int mib, Case given, Semaphore heap, Work<T> work)
            throws IOException, InterruptedException {
        heap.acquire(mib);
        try {
            return work.apply(given);
        } catch (IOException e) {
            if (e.getCause() instanceof OutOfMemoryError noRoom) { // as a reader says it
                throw noRoom;
            }
            throw e;
        } finally {
            heap.release(mib);
        }
    }

    /** Returns a heap with twice the room of a case of {@code mib}, and more than the one that did not hold it. */
    private static long gigabytesFor(int mib) {
        return -Math.floorDiv(-Math.max(2L * mib, JVM_MIB + 1), 1L << 10); // Rounded up.
    }

    private void report(int total) throws IOException {
        if (failures.isEmpty()) {
            return;
        }
        List<String> sorted = failures.stream().sorted().limit(MOST_LISTED).toList();
        String more = failures.size() > MOST_LISTED ? "\n... and " + (failures.size() - MOST_LISTED) + " more" : "";
        throw new IOException(
                what + ": " + failures.size() + " of " + total + " failed\n" + String.join("\n", sorted) + more);
    }
}
