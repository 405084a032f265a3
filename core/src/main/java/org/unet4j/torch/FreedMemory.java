package org.unet4j.torch;

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

    private final Thread watcher;

    private FreedMemory(long bytes) {
        watcher = new Thread(() -> watch(bytes), "unet4j-freed-memory");
        watcher.setDaemon(true);
    }

    /**
     * Returns a watch that begins now: all that is free goes back whenever resident memory has grown by more than {@code bytes} since
     * it was least after the last time. What is taken again must be cleared: the fewer bytes, the less memory and the more of that.
     */
    public static FreedMemory givenBackBeyond(long bytes) {
        FreedMemory freed = new FreedMemory(bytes);
        freed.watcher.start();
        return freed;
    }

    private static void watch(long bytes) {
        long least = Pointer.physicalBytes();
        try {
            while (true) {
                long resident = Pointer.physicalBytes();
                if (resident - least > bytes) {
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
