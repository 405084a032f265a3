package org.unet4j.infer;

import java.nio.FloatBuffer;
import org.unet4j.volume.Shape;

/**
 * A trained network that can be run, whatever runs it: all that prediction knows of libtorch or ONNX Runtime.
 *
 * <p>Several threads may call {@link #run} at once; an engine that cannot work on two batches at a time lets one wait. Only
 * {@link #close} must come after the last run.
 *
 * <p>On a card each batch crosses the bus twice: 4 bytes a voxel for each channel there, and for each class back. Adding up is
 * done in the host's memory, so that the sums of no scan need to fit a card.
 */
public interface Engine extends AutoCloseable {

    /** Takes what an engine computed. */
    @FunctionalInterface
    interface Logits {

        /** Takes N x classes x window logits from index 0 on; the buffer is the engine's and holds them during this call only. */
        void take(FloatBuffer logitsNCDHW);
    }

    /** Returns how many channels the network takes. */
    int channels();

    /** Returns how many classes the network tells apart, background included. */
    int classes();

    /**
     * Runs the network and hands its logits to {@code logits}, on this thread and before it returns. The logits of a window do
     * not depend on the other windows of its batch, but for rounding.
     *
     * @param windowsNCDHW a direct buffer in native order with {@code count} x channels x window values from index 0 on,
     *     whatever its position; not changed
     * @param count how many windows, at least 1
     * @param window their size
     * @throws IllegalArgumentException if the network cannot take windows of that size, or returns logits of another
     */
    void run(FloatBuffer windowsNCDHW, int count, Shape window, Logits logits);

    /** Returns in words what computes and in which numbers, such as {@code "libtorch 2.13.0, fp32"}; for people and manifests. */
    default String describe() {
        return getClass().getSimpleName();
    }

    /** Frees the network, if this engine loaded it. */
    @Override
    void close();
}
