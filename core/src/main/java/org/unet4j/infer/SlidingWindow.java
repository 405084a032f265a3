package org.unet4j.infer;

import java.util.List;
import org.unet4j.prep.Largest;
import org.unet4j.volume.LabelArray;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Voxels;

/**
 * Runs a network of a fixed input size over a volume of any size, in overlapping windows whose logits are averaged with
 * Gaussian weights. A volume smaller than the window is padded with zeros, evenly on both sides, and cropped again.
 *
 * <p>Logits of a slab one window thick are in memory at a time, not those of the whole volume: classes x window's z x rows x
 * columns floats, whatever the number of slices.
 *
 * <p>Windows that see nothing but air do not go through the network: of windows that hold one value only, in each channel, the
 * first is computed, and its logits are used for those that follow it and hold the same. Equal input has equal logits, and they are added up in
 * the same order, so every average is the same to the last bit as if all had been computed, as long as the engine's logits do
 * not depend on the rest of a batch, as at a batch of 1. In a clipped CT this is all that lies below its window, the lungs too.
 * Networks whose logits of one window take more than 256 MiB compute them all.
 *
 * @param window what the network sees
 * @param overlap the least share of a window that neighbours have in common, in [0, 0.99]
 * @param batch windows given to the network at a time
 * @param mirrorAxes axes (0 is z, 1 is y, 2 is x) along which windows are flipped as well: the logits of all 2^n combinations
 *     are averaged, as in nnU-Net; empty for none
 */
public record SlidingWindow(Shape window, double overlap, int batch, List<Integer> mirrorAxes) {

    private static final double MOST_OVERLAP = 0.99;

    /** Checks overlap, batch and axes. */
    public SlidingWindow {
        if (!(overlap >= 0 && overlap <= MOST_OVERLAP)) {
            throw new IllegalArgumentException(
                    "sliding window: overlap " + overlap + " must lie in [0, " + MOST_OVERLAP + "], such as 0.5");
        }
        if (batch < 1) {
            throw new IllegalArgumentException("sliding window: batch " + batch + " must be at least 1");
        }
        mirrorAxes = mirrorAxes.stream().sorted().distinct().toList();
        if (mirrorAxes.stream().anyMatch(axis -> axis < 0 || axis >= Shape.AXES)) {
            throw new IllegalArgumentException(
                    "sliding window: mirror axes " + mirrorAxes + " must be of 0 (z), 1 (y) and 2 (x)");
        }
    }

    /** Returns nnU-Net's: overlap 0.5, Gaussian weights, one window at a time; but no mirroring, which costs eightfold. */
    public static SlidingWindow of(Shape window) {
        return new SlidingWindow(window, 0.5, 1, List.of());
    }

    /** Returns this with another overlap. */
    public SlidingWindow withOverlap(double newOverlap) {
        return new SlidingWindow(window, newOverlap, batch, mirrorAxes);
    }

    /** Returns this with so many windows at a time. */
    public SlidingWindow withBatch(int newBatch) {
        return new SlidingWindow(window, overlap, newBatch, mirrorAxes);
    }

    /** Returns this with windows flipped along {@code axes} as well. */
    public SlidingWindow withMirroring(List<Integer> axes) {
        return new SlidingWindow(window, overlap, batch, axes);
    }

    /** Returns the number of windows that cover a volume. */
    public long windows(Shape volume) {
        return (long) along(0, volume).count()
                * along(1, volume).count()
                * along(2, volume).count();
    }

    /** Returns how often a network runs to see a volume: windows, and mirrored ones. */
    long passes(Shape volume) {
        return windows(volume) << mirrorAxes.size();
    }

    /** Returns the windows along one axis of a volume. */
    Windows along(int axis, Shape volume) {
        return Windows.along(volume.get(axis), window.get(axis), overlap);
    }

    /**
     * Returns the class with the largest logit of each voxel, in z, y, x order; of several, the lowest.
     *
     * @param channels the volume's channels, finite, each in z, y, x order
     * @param volume their shape
     * @throws IllegalArgumentException if {@code engine} takes another number of channels, or other windows
     */
    public LabelArray labels(Engine engine, List<Voxels> channels, Shape volume) {
        LabelArray labels = LabelArray.background(volume.arrayLength(), engine.classes());
        int plane = volume.y() * volume.x();
        slices(engine, channels, volume, (z, logits) -> Largest.of(logits, labels, z * plane));
        return labels;
    }

    /** Takes averaged logits. */
    @FunctionalInterface
    public interface LogitSlices {

        /** Takes slice {@code z} of each class, in y, x order; the arrays change afterwards. */
        void take(int z, float[][] logits);
    }

    /** Hands the averaged logits to {@code slices}, slice by slice in order; see {@link #labels}. */
    public void slices(Engine engine, List<Voxels> channels, Shape volume, LogitSlices slices) {
        slices(sweep(engine, channels, volume, () -> {}), volume, slices);
    }

    /** Hands the averaged logits of {@code sweep}, which is at its first slice, to {@code slices}. */
    static void slices(Sweep sweep, Shape volume, LogitSlices slices) {
        for (int z = 0; z < volume.z(); z++) {
            slices.take(z, sweep.next());
        }
    }

    /** Returns a pass over a volume that is asked for one slice after the other; {@code pass} runs after each of {@link #passes}. */
    Sweep sweep(Engine engine, List<Voxels> channels, Shape volume, Runnable pass) {
        if (channels.size() != engine.channels()) {
            throw new IllegalArgumentException(
                    "the scan has " + channels.size() + " channels, the network takes " + engine.channels());
        }
        return new Sweep(this, engine, channels, volume, pass);
    }
}
