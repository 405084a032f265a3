package org.unet4j.torch;

import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.javacpp.Pointer;

/**
 * Gives memory of freed tensors, which malloc keeps, back to the system until it is closed. Kept, it saves clearing thousands of
 * pages again in every layer (docs/LOG.md); but large tensors of several sizes leave gaps that the next one does not fit, so that
 * a process may hold twice what its tensors need. A thread of its own looks a hundred times a second, for most of it happens within one
 * call of libtorch, which goes through many layers.
 *
 * <p>Where malloc cannot give back, as outside glibc, nothing happens.
 */
public final class FreedMemory implements AutoCloseable {

    private static final long MILLIS = 10;

    /** Less is not worth a look: Java's heap and mapped files grow by as much at once. */
    private static final long LEAST_BYTES = 64L << 20;

    private final AtomicLong bytes = new AtomicLong(LEAST_BYTES);
    private final Thread watcher = new Thread(this::watch, "unet4j-freed-memory");

    /** Begins to watch. */
    public FreedMemory() {
        watcher.setDaemon(true);
        watcher.start();
    }

    /**
     * Lets at least {@code kept} bytes lie free: all that is free goes back whenever resident memory has grown by more than the most that
     * was asked for, and by 64 MiB, since it was least after the last time. What is taken again must be cleared: the fewer
     * bytes, the less memory and the more of that.
     */
    public void keep(long kept) {
        bytes.accumulateAndGet(kept, Math::max);
    }

    private void watch() {
        long least = Pointer.physicalBytes();
        try {
            while (true) {
                long resident = Pointer.physicalBytes();
                if (resident - least > bytes.get()) {
                    Pointer.trimMemory(); // malloc_trim(0) in glibc: pages in the midst of the heap too
                    resident = Pointer.physicalBytes();
                    least = resident;
                }
                least = Math.min(least, resident);
                Thread.sleep(MILLIS);
            }
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    @Override
    public void close() {
        watcher.interrupt();
    }
}
