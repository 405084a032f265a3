package org.unet4j.infer;

import java.util.stream.IntStream;

/**
 * How much each window counts at each voxel. The weights are nnU-Net's: a Gaussian about the voxel after the middle, with a
 * standard deviation of an eighth of the window, for a network sees least at the border. Divided by the sum of the weights of
 * all windows there, they are shares that add up to 1, so that sums of weighted logits are averages as they stand.
 *
 * <p>A Gaussian is the product of one along each axis, and the windows are all combinations of starts along each axis; so the sum
 * of weights is a product of three sums, and a share the product of three shares. Only lines are in memory, no window of weights.
 */
final class Shares {

    private static final double SIGMA = 1.0 / 8;

    private Shares() {}

    /** Returns nnU-Net's weight of each voxel along one axis of a window, but for the factor of 10 that it has in all. */
    static double[] gaussian(int window) {
        return IntStream.range(0, window)
                .mapToDouble(i -> (i - Math.floorDiv(window, 2)) / (SIGMA * window))
                .map(distance -> Math.exp(-0.5 * distance * distance))
                .toArray();
    }

    /** Returns, for each window along one axis, its share of each of its voxels. */
    static float[][] along(int[] starts, int window) {
        double[] weights = gaussian(window);
        int first = starts[0];
        double[] sums = new double[starts[starts.length - 1] - first + window];
        for (int start : starts) {
            for (int i = 0; i < window; i++) {
                sums[start - first + i] += weights[i];
            }
        }
        float[][] shares = new float[starts.length][window];
        for (int w = 0; w < starts.length; w++) {
            for (int i = 0; i < window; i++) {
                shares[w][i] = (float) (weights[i] / sums[starts[w] - first + i]);
            }
        }
        return shares;
    }
}
