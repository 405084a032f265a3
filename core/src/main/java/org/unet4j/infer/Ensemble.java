package org.unet4j.infer;

import java.util.List;
import java.util.stream.IntStream;

/**
 * The mean of what several networks say: the softmax of each one's averaged logits, with the same weight. Networks take turns
 * layer by layer, so that a slab of each is in memory and no volume of any.
 */
final class Ensemble {

    private static final int CHUNK_VOXELS = 1 << 12;

    private Ensemble() {}

    /** Hands the mean probabilities of {@code slices} slices on, in order. */
    static void run(List<Sweep> sweeps, int slices, SlidingWindow.LogitSlices target) {
        float[][] mean = {};
        for (int z = 0; z < slices; z++) {
            for (int i = 0; i < sweeps.size(); i++) {
                float[][] logits = sweeps.get(i).next();
                if (z == 0 && i == 0) {
                    mean = new float[logits.length][logits[0].length];
                }
                add(logits, mean, i == 0 ? 0 : 1, 1f / sweeps.size());
            }
            target.take(z, mean);
        }
    }

    /** Multiplies {@code sums} by {@code kept} and adds the softmax of {@code logits} times {@code share}. */
    private static void add(float[][] logits, float[][] sums, float kept, float share) {
        int voxels = logits[0].length;
        IntStream.range(0, (voxels + CHUNK_VOXELS - 1) / CHUNK_VOXELS)
                .parallel()
                .forEach(chunk -> {
                    int from = chunk * CHUNK_VOXELS;
                    int to = Math.min(voxels, from + CHUNK_VOXELS);
                    for (int i = from; i < to; i++) {
                        add(logits, sums, i, kept, share);
                    }
                });
    }

    private static void add(float[][] logits, float[][] sums, int i, float kept, float share) {
        float most = logits[0][i];
        for (int cls = 1; cls < logits.length; cls++) {
            most = Math.max(most, logits[cls][i]);
        }
        double total = 0;
        for (float[] ofClass : logits) {
            total += Math.exp(ofClass[i] - most);
        }
        for (int cls = 0; cls < logits.length; cls++) {
            sums[cls][i] = kept * sums[cls][i] + share * (float) (Math.exp(logits[cls][i] - most) / total);
        }
    }
}
