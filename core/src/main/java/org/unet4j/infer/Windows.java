package org.unet4j.infer;

import java.util.Arrays;

/**
 * The windows along one axis.
 *
 * @param size voxels of the volume
 * @param window voxels of a window
 * @param starts where they start, in order: from 0 on, or once before it where the volume is smaller than a window
 * @param shares for each window, its share of each of its voxels; see {@link Shares}
 */
@SuppressWarnings("ArrayRecordComponent") // made here and never changed
record Windows(int size, int window, int[] starts, float[][] shares) {

    /**
     * Returns the windows that cover {@code size} voxels. A volume that is smaller than the window lies in its middle.
     *
     * @param overlap the least share of a window that neighbours have in common
     */
    static Windows along(int size, int window, double overlap) {
        int[] starts = size < window ? new int[] {-((window - size) / 2)} : starts(size, window, overlap);
        return new Windows(size, window, starts, Shares.along(starts, window));
    }

    /**
     * Returns where windows of {@code window} voxels start so that they cover {@code size} voxels, evenly spread, with
     * neighbours sharing at least {@code overlap} of a window: nnU-Net's compute_steps_for_sliding_window. One window
     * from 0 where it is as large as the volume or larger.
     */
    static int[] starts(int size, int window, double overlap) {
        int last = size - window;
        if (last <= 0) {
            return new int[] {0};
        }
        int count = (int) Math.ceil(last / (window * (1 - overlap))) + 1;
        int[] starts = new int[count];
        for (int i = 0; i < count; i++) {
            starts[i] = (int) Math.rint((double) last / (count - 1) * i);
        }
        return Arrays.stream(starts).distinct().toArray();
    }

    int count() {
        return starts.length;
    }

    /** Returns the first voxel of window {@code w} that lies in the volume, counted from the window's own first. */
    int from(int w) {
        return Math.max(0, -starts[w]);
    }

    /** Returns how many voxels of window {@code w} lie in the volume. */
    int inside(int w) {
        return Math.min(size, starts[w] + window) - Math.max(0, starts[w]);
    }

    /** Returns the slice from which on window {@code w} and none before it counts: those before are finished. */
    int finished(int w) {
        return w + 1 < starts.length ? starts[w + 1] : size;
    }
}
