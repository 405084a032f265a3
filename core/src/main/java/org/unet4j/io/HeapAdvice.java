package org.unet4j.io;

/** What a person is told to do where Java's heap is too small for a scan. */
public final class HeapAdvice {

    private static final int GIB_SHIFT = 30;
    private static final long LEAST_GIB = 4;

    private HeapAdvice() {}

    /** Returns what to type for {@code gib} GiB. */
    public static String give(long gib) {
        return "give Java more with UNET4J_JAVA_OPTS=-Xmx" + gib + "g";
    }

    /** Returns what to type for twice the heap that there is, and at least {@value #LEAST_GIB} GiB. */
    public static String giveMore() {
        return give(Math.max(LEAST_GIB, 2 * (Runtime.getRuntime().maxMemory() >> GIB_SHIFT)));
    }

    /** Returns what to type for arrays of so many bytes, with as much again around them. */
    static String giveFor(double bytes) {
        return give(Math.max(LEAST_GIB, (long) Math.ceil(2 * bytes / (1L << GIB_SHIFT))));
    }
}
