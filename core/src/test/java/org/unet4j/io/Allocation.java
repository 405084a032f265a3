package org.unet4j.io;

import java.lang.management.ManagementFactory;

/** How many bytes of heap this thread takes for something. */
final class Allocation {

    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Allocation() {}

    interface Work {
        void run() throws Exception;
    }

    static long of(Work work) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try {
            work.run();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }
}
