package org.unet4j.infer;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Averages of logits in the making, for as many slices as a window is thick: all that windows of one layer can reach. */
final class Slab {

    /**
     * One window among the others.
     *
     * @param z which along z
     * @param y which along y
     * @param x which along x
     * @param flip how what the network saw was mirrored: bit 0 for z, 1 for y, 2 for x
     */
    record Place(int z, int y, int x, int flip) {

        boolean flips(int axis) {
            return (flip >> axis & 1) != 0;
        }
    }

    private final Windows z;
    private final Windows y;
    private final Windows x;
    /** Class, then slice modulo the thickness, then voxels of the slice. */
    private final float[][][] sums;

    private final int depth;

    Slab(int classes, Windows z, Windows y, Windows x) {
        this.z = z;
        this.y = y;
        this.x = x;
        depth = Math.min(z.window(), z.size());
        sums = new float[classes][depth][Math.multiplyExact(y.size(), x.size())];
    }

    /** Adds logits, classes x window from {@code offset} on, times the window's shares and {@code factor}. */
    void add(Place place, FloatBuffer logits, int offset, float factor) {
        int size = z.window() * y.window() * x.window();
        IntStream.range(0, sums.length)
                .parallel()
                .forEach(cls -> add(place, sums[cls], logits, offset + cls * size, factor));
    }

    private void add(Place place, float[][] slices, FloatBuffer logits, int offset, float factor) {
        float[] plane = new float[y.window() * x.window()];
        int from = z.from(place.z());
        for (int i = from; i < from + z.inside(place.z()); i++) {
            int source = place.flips(0) ? z.window() - 1 - i : i;
            logits.get(offset + source * plane.length, plane);
            float[] slice = slices[(z.starts()[place.z()] + i) % depth];
            addPlane(place, plane, slice, factor * z.shares()[place.z()][i]);
        }
    }

    private void addPlane(Place place, float[] plane, float[] slice, float factor) {
        int from = y.from(place.y());
        int column = x.from(place.x());
        int to = x.starts()[place.x()] + column;
        for (int i = from; i < from + y.inside(place.y()); i++) {
            int row = (place.flips(1) ? y.window() - 1 - i : i) * x.window();
            int target = (y.starts()[place.y()] + i) * x.size() + to;
            float share = factor * y.shares()[place.y()][i];
            float[] shares = x.shares()[place.x()];
            if (place.flips(2)) {
                addReversed(slice, target, plane, row + x.window() - 1, share, shares, column, x.inside(place.x()));
            } else {
                add(slice, target, plane, row, share, shares, column, x.inside(place.x()));
            }
        }
    }

    private static void add(
            float[] sums, int at, float[] logits, int row, float factor, float[] shares, int from, int length) {
        for (int i = 0; i < length; i++) {
            sums[at + i] += factor * shares[from + i] * logits[row + from + i];
        }
    }

    private static void addReversed(
            float[] sums, int at, float[] logits, int last, float factor, float[] shares, int from, int length) {
        for (int i = 0; i < length; i++) {
            sums[at + i] += factor * shares[from + i] * logits[last - from - i];
        }
    }

    /** Returns the averages of slice {@code z}, class by class, once no further window reaches it. */
    float[][] slice(int slice) {
        float[][] logits = new float[sums.length][];
        for (int cls = 0; cls < sums.length; cls++) {
            logits[cls] = sums[cls][slice % depth];
        }
        return logits;
    }

    /** Gives the place of slice {@code z} to the one that comes a window later. */
    void drop(int slice) {
        for (float[][] slices : sums) {
            Arrays.fill(slices[slice % depth], 0);
        }
    }
}
