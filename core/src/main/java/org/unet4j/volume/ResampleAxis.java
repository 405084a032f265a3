package org.unet4j.volume;

/** Interpolation along one axis, block of lines by block of lines. */
final class ResampleAxis {

    private static final int BLOCK_FLOATS = 24 * 1024;
    private static final int MIN_LINES = 16;
    private static final int MAX_LINES = 256;

    private final int oldSize;
    private final int newSize;
    private final int taps;
    /** For each new sample, the first old sample that it takes; -2 at least. */
    private final int[] start;
    /** For each new sample, the weights of two or four old samples from {@link #start} on. */
    private final float[] weights;

    private ResampleAxis(int oldSize, int newSize, boolean cubic) {
        this.oldSize = oldSize;
        this.newSize = newSize;
        this.taps = cubic ? 4 : 2;
        this.start = new int[newSize];
        this.weights = new float[newSize * taps];
        for (int i = 0; i < newSize; i++) {
            double at = cubic ? Resample.position(i, oldSize, newSize) : Resample.positionWithin(i, oldSize, newSize);
            int floor = (int) Math.floor(at);
            double t = at - floor;
            if (cubic) {
                start[i] = floor - 1;
                double u = 1 - t;
                weights[4 * i] = (float) (u * u * u / 6);
                weights[4 * i + 1] = (float) ((4 - 6 * t * t + 3 * t * t * t) / 6);
                weights[4 * i + 2] = (float) ((4 - 6 * u * u + 3 * u * u * u) / 6);
                weights[4 * i + 3] = (float) (t * t * t / 6);
            } else {
                start[i] = floor;
                weights[2 * i] = (float) (1 - t);
                weights[2 * i + 1] = (float) t;
            }
        }
    }

    /** Returns for each new sample the closest old one. */
    static int[] closest(int oldSize, int newSize) {
        int[] index = new int[newSize];
        for (int i = 0; i < newSize; i++) {
            double at = Resample.positionWithin(i, oldSize, newSize);
            index[i] = (int) Math.floor(at + 0.5);
        }
        return index;
    }

    /** Returns {@code in} at shape {@code to}, each voxel the closest of {@code in}. */
    static float[] nearest(Voxels in, Shape from, Shape to) {
        int[] zs = closest(from.z(), to.z());
        int[] ys = closest(from.y(), to.y());
        int[] xs = closest(from.x(), to.x());
        float[] row = new float[from.x()];
        float[] out = new float[to.arrayLength()];
        int at = 0;
        for (int z : zs) {
            for (int y : ys) {
                in.copyTo(from.index(z, y, 0), row, 0, row.length);
                for (int x : xs) {
                    out[at++] = row[x];
                }
            }
        }
        return out;
    }

    /** Returns {@code in}, of which each voxel is read once, with {@code newSize} samples along {@code axis}. */
    static float[] along(int axis, Voxels in, Shape shape, int newSize, Order order) {
        int oldSize = shape.get(axis);
        float[] out = new float[shape.with(axis, newSize).arrayLength()];
        ResampleAxis kernel = new ResampleAxis(oldSize, newSize, order == Order.CUBIC);
        int inner = axis == 0 ? shape.y() * shape.x() : axis == 1 ? shape.x() : 1;
        int outer = shape.arrayLength() / (oldSize * inner);
        if (inner > 1) {
            kernel.acrossRows(in, out, outer, inner);
        } else {
            kernel.withinRows(in, out, outer);
        }
        return out;
    }

    /** Returns how many lines to work on at a time: what fits the cache, in blocks of about the same size. */
    private int linesPerBlock(int lines) {
        int fitting = BLOCK_FLOATS / (oldSize + 2 * SplineLines.PAD);
        int most = Math.min(lines, Math.min(MAX_LINES, Math.max(MIN_LINES, fitting)));
        int blocks = (lines + most - 1) / most;
        return (lines + blocks - 1) / blocks;
    }

    private void acrossRows(Voxels in, float[] out, int outer, int inner) {
        int most = linesPerBlock(inner);
        SplineLines block = new SplineLines(oldSize, most);
        float[] result = new float[most];
        for (int o = 0; o < outer; o++) {
            for (int first = 0; first < inner; first += most) {
                int lines = Math.min(most, inner - first);
                for (int k = 0; k < oldSize; k++) {
                    in.copyTo((o * oldSize + k) * inner + first, block.sample(k), 0, lines);
                }
                complete(block, lines);
                for (int j = 0; j < newSize; j++) {
                    block.sum(start[j], weights, taps * j, taps, result, lines);
                    System.arraycopy(result, 0, out, (o * newSize + j) * inner + first, lines);
                }
            }
        }
    }

    /** Lines lie one after the other here and are turned to lie side by side. */
    private void withinRows(Voxels in, float[] out, int outer) {
        int most = linesPerBlock(outer);
        SplineLines block = new SplineLines(oldSize, most);
        float[] given = new float[oldSize * most];
        float[] result = new float[most];
        for (int first = 0; first < outer; first += most) {
            int lines = Math.min(most, outer - first);
            in.copyTo(first * oldSize, given, 0, lines * oldSize);
            for (int k = 0; k < oldSize; k++) {
                float[] sample = block.sample(k);
                for (int line = 0; line < lines; line++) {
                    sample[line] = given[line * oldSize + k];
                }
            }
            complete(block, lines);
            for (int j = 0; j < newSize; j++) {
                block.sum(start[j], weights, taps * j, taps, result, lines);
                int at = first * newSize + j;
                for (int line = 0; line < lines; line++) {
                    out[at + line * newSize] = result[line];
                }
            }
        }
    }

    private void complete(SplineLines block, int lines) {
        if (taps == 4) {
            block.toCoefficients(lines);
        } else {
            block.extend(lines);
        }
    }
}
