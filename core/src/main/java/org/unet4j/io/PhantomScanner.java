package org.unet4j.io;

import java.util.SplittableRandom;
import org.unet4j.volume.Shape;

/** What a scanner does to a perfect image: noise with some correlation between neighbours, and whole numbers. */
final class PhantomScanner {

    private static final int LOWEST_HU = -1024;
    private static final int HIGHEST_HU = 3071;

    /** Weight of each of the four neighbours in a slice, against 1 for the voxel itself. */
    private static final double NEIGHBOUR = 0.45;

    /** Four uniform 16-bit numbers, added up, have this standard deviation. */
    private static final double SUM_SD = Math.sqrt(4 * (65536.0 * 65536.0 - 1) / 12);

    private PhantomScanner() {}

    /** Returns {@code hu} as 16-bit voxels with noise of standard deviation {@code noiseHu}. */
    static short[] digitise(float[] hu, Shape shape, double noiseHu, long seed) {
        short[] voxels = new short[hu.length];
        int width = shape.x() + 2;
        float[] white = new float[width * (shape.y() + 2)];
        float scale = (float) (noiseHu / Math.sqrt(1 + 4 * NEIGHBOUR * NEIGHBOUR) / SUM_SD);
        SplittableRandom random = new SplittableRandom(seed);
        for (int z = 0; z < shape.z(); z++) {
            for (int i = 0; i < white.length; i++) {
                long bits = random.nextLong();
                long sum = (bits & 0xffff) + (bits >>> 16 & 0xffff) + (bits >>> 32 & 0xffff) + (bits >>> 48);
                white[i] = scale * (sum - 2 * 65535);
            }
            for (int y = 0; y < shape.y(); y++) {
                for (int x = 0; x < shape.x(); x++) {
                    int at = (y + 1) * width + x + 1;
                    double noise = white[at]
                            + NEIGHBOUR * (white[at - 1] + white[at + 1] + white[at - width] + white[at + width]);
                    int index = shape.index(z, y, x);
                    voxels[index] = (short) Math.max(LOWEST_HU, Math.min(HIGHEST_HU, Math.round(hu[index] + noise)));
                }
            }
        }
        return voxels;
    }
}
