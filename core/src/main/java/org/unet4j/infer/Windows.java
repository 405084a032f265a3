package org.unet4j.infer;

import java.util.Arrays;

/** Where windows start along one axis. */
final class Windows {

    private Windows() {}

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
}
