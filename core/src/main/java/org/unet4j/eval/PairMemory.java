package org.unet4j.eval;

import java.io.IOException;
import java.util.Collection;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.unet4j.io.Nifti;
import org.unet4j.io.NiftiHeader;

/** Lets as many pairs of label maps be compared at a time as the heap holds; one that needs all of it is compared alone. */
final class PairMemory {

    private static final Logger LOG = LoggerFactory.getLogger(PairMemory.class);
    private static final double SHARE_OF_HEAP = 0.75;
    private static final int MIB_SHIFT = 20;

    /** Two distance transforms of two bytes a voxel and one more for surfaces, where a class fills the image. */
    private static final long BYTES_TO_MEASURE = 5;

    private final int heapMib;
    private final Semaphore heap;

    /** Shares out {@code heapBytes}. */
    PairMemory(long heapBytes) {
        heapMib = (int) Math.min(Integer.MAX_VALUE, Math.max(1, heapBytes >> MIB_SHIFT));
        heap = new Semaphore(heapMib, true);
    }

    /** Returns that of Java's heap. */
    static PairMemory ofHeap() {
        return new PairMemory((long) (Runtime.getRuntime().maxMemory() * SHARE_OF_HEAP));
    }

    /** Compares a pair. */
    @FunctionalInterface
    interface Work<T> {
        T with(LabelPairs.Pair pair) throws IOException;
    }

    /** Says in a line if fewer than {@code threads} of {@code pairs} fit side by side; returns how many the largest leaves room for. */
    int atOnce(Collection<LabelPairs.Pair> pairs, int threads) {
        int largest = pairs.stream().mapToInt(PairMemory::mib).max().orElse(1);
        int wanted = Math.min(threads, pairs.size());
        int fit = Math.max(1, Math.min(wanted, heapMib / largest));
        if (fit < wanted) {
            LOG.warn(
                    "comparing cases: {} at a time in place of {} where label maps are large: a pair needs up to about {} MiB, the heap has"
                            + " {} (-Xmx)",
                    fit,
                    wanted,
                    largest,
                    Runtime.getRuntime().maxMemory() >> MIB_SHIFT);
        }
        return fit;
    }

    /** Returns what {@code work} makes of {@code pair}, once there is room for it. */
    <T> T within(LabelPairs.Pair pair, Work<T> work) throws IOException, InterruptedException {
        int share = Math.min(heapMib, mib(pair));
        heap.acquire(share);
        try {
            return work.with(pair);
        } finally {
            heap.release(share);
        }
    }

    /** Returns how much a pair takes at the worst moment, by the headers of its files. */
    static int mib(LabelPairs.Pair pair) {
        try {
            NiftiHeader prediction = Nifti.readHeader(pair.prediction());
            NiftiHeader reference = Nifti.readHeader(pair.reference());
            long voxels = prediction.grid().shape().voxels();
            long toRead = Math.max(prediction.type().bytes(), reference.type().bytes());
            long labels = Math.min(2L, prediction.type().bytes())
                    + Math.min(2L, reference.type().bytes());
            long bytes = voxels * (labels + Math.max(toRead, BYTES_TO_MEASURE));
            return (int) Math.min(Integer.MAX_VALUE, 1 + (bytes >> MIB_SHIFT));
        } catch (IOException | IllegalArgumentException e) {
            return 1; // Comparing it fails for the same reason, and says so.
        }
    }
}
