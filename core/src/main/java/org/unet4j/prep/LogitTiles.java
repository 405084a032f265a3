package org.unet4j.prep;

import java.util.Arrays;

/**
 * The largest logit of each class in tiles of {@value #SIDE} x {@value #SIDE} voxels of a slice, and the first column beyond: by
 * these most of many classes can be left out where others are larger. Bands, rows of tiles, may be set side by side.
 */
final class LogitTiles {

    static final int SIDE = 16;

    private final int columns;
    private final int across;
    /** Of each tile, row by row, each class. */
    private final float[][] most;

    LogitTiles(int classes, int rows, int columns) {
        this.columns = columns;
        across = count(columns);
        most = new float[count(rows) * across][classes];
    }

    private static int count(int voxels) {
        return (voxels + SIDE - 1) / SIDE;
    }

    int bands() {
        return most.length / across;
    }

    int across() {
        return across;
    }

    /** Takes the largest logit of class {@code cls} of each column of a band. */
    void set(int band, int cls, float[] mostOfColumns) {
        for (int tile = 0; tile < across; tile++) {
            float largest = Float.NEGATIVE_INFINITY;
            for (int x = tile * SIDE; x < Math.min(columns, (tile + 1) * SIDE + 1); x++) {
                largest = Math.max(largest, mostOfColumns[x]);
            }
            most[band * across + tile][cls] = largest;
        }
    }

    /** Returns for each class the largest logit in tile {@code tile} of a band, or on the column after it. */
    float[] most(int band, int tile) {
        return most[band * across + tile];
    }

    /** Sets each of {@code largest} to that of {@code values} where it is larger. */
    static void raise(float[] largest, float[] values) {
        for (int i = 0; i < largest.length; i++) {
            largest[i] = Math.max(largest[i], values[i]);
        }
    }

    /** Returns {@code length} numbers below all others. */
    static float[] least(int length) {
        float[] least = new float[length];
        Arrays.fill(least, Float.NEGATIVE_INFINITY);
        return least;
    }
}
