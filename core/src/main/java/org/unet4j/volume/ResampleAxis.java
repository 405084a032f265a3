package org.unet4j.volume;

/**
 * Interpolation along one axis. Lines are worked on in blocks that fit the processor's cache: a block holds a few dozen
 * neighbouring lines, sample by sample, so that every inner loop runs over contiguous floats.
 */
final class ResampleAxis {

    /** Samples kept before and after a line: a cubic at -0.5 reaches two samples out. */
    private static final int PAD = 2;

    private static final int BLOCK_FLOATS = 24 * 1024;
    private static final int MIN_LINES = 16;
    private static final int MAX_LINES = 256;

    /** The pole and gain of the cubic B-spline's inverse filter (Unser 1999). */
    private static final double POLE = Math.sqrt(3) - 2;

    private static final double GAIN = 6;

    private final int oldSize;
    private final int newSize;
    private final boolean cubic;
    /** For each new sample, the first old sample (plus PAD) that it takes. */
    private final int[] start;
    /** For each new sample, the weights of two or four old samples from {@link #start} on. */
    private final float[] weights;

    private ResampleAxis(int oldSize, int newSize, boolean cubic) {
        this.oldSize = oldSize;
        this.newSize = newSize;
        this.cubic = cubic;
        this.start = new int[newSize];
        int taps = cubic ? 4 : 2;
        this.weights = new float[newSize * taps];
        for (int i = 0; i < newSize; i++) {
            double at = position(i, oldSize, newSize);
            if (!cubic) {
                at = Math.min(Math.max(at, 0), oldSize - 1);
            }
            int floor = (int) Math.floor(at);
            double t = at - floor;
            if (cubic) {
                start[i] = floor - 1 + PAD;
                double u = 1 - t;
                weights[4 * i] = (float) (u * u * u / 6);
                weights[4 * i + 1] = (float) ((4 - 6 * t * t + 3 * t * t * t) / 6);
                weights[4 * i + 2] = (float) ((4 - 6 * u * u + 3 * u * u * u) / 6);
                weights[4 * i + 3] = (float) (t * t * t / 6);
            } else {
                start[i] = floor + PAD;
                weights[2 * i] = (float) (1 - t);
                weights[2 * i + 1] = (float) t;
            }
        }
    }

    /** Returns where new sample {@code i} lies on the old axis; rounded as scipy does. */
    static double position(int i, int oldSize, int newSize) {
        return (i + 0.5) * ((double) oldSize / newSize) - 0.5;
    }

    /** Returns for each new sample the closest old one. */
    static int[] closest(int oldSize, int newSize) {
        int[] index = new int[newSize];
        for (int i = 0; i < newSize; i++) {
            double at = Math.min(Math.max(position(i, oldSize, newSize), 0), oldSize - 1);
            index[i] = (int) Math.floor(at + 0.5);
        }
        return index;
    }

    /** Returns {@code in} at shape {@code to}, each voxel the closest of {@code in}. */
    static float[] nearest(float[] in, Shape from, Shape to) {
        int[] zs = closest(from.z(), to.z());
        int[] ys = closest(from.y(), to.y());
        int[] xs = closest(from.x(), to.x());
        float[] out = new float[to.arrayLength()];
        int at = 0;
        for (int z : zs) {
            for (int y : ys) {
                int row = from.index(z, y, 0);
                for (int x : xs) {
                    out[at++] = in[row + x];
                }
            }
        }
        return out;
    }

    /** Returns {@code in} with {@code newSize} samples along {@code axis}. */
    static float[] along(int axis, float[] in, Shape shape, int newSize, Order order) {
        int oldSize = shape.get(axis);
        float[] out = new float[shape.with(axis, newSize).arrayLength()];
        ResampleAxis kernel = new ResampleAxis(oldSize, newSize, order == Order.CUBIC);
        int inner = axis == 0 ? shape.y() * shape.x() : axis == 1 ? shape.x() : 1;
        int outer = in.length / (oldSize * inner);
        if (inner > 1) {
            kernel.acrossRows(in, out, outer, inner);
        } else {
            kernel.withinRows(in, out, outer);
        }
        return out;
    }

    private int linesPerBlock(int lines) {
        int fitting = BLOCK_FLOATS / (oldSize + 2 * PAD);
        return Math.min(lines, Math.min(MAX_LINES, Math.max(MIN_LINES, fitting)));
    }

    private void acrossRows(float[] in, float[] out, int outer, int inner) {
        int most = linesPerBlock(inner);
        float[] block = new float[(oldSize + 2 * PAD) * most];
        for (int o = 0; o < outer; o++) {
            for (int first = 0; first < inner; first += most) {
                int lines = Math.min(most, inner - first);
                for (int k = 0; k < oldSize; k++) {
                    System.arraycopy(in, (o * oldSize + k) * inner + first, block, (k + PAD) * lines, lines);
                }
                extend(block, lines);
                for (int j = 0; j < newSize; j++) {
                    interpolate(block, lines, j, out, (o * newSize + j) * inner + first);
                }
            }
        }
    }

    private void withinRows(float[] in, float[] out, int outer) {
        int most = linesPerBlock(outer);
        float[] block = new float[(oldSize + 2 * PAD) * most];
        float[] result = new float[newSize * most];
        for (int first = 0; first < outer; first += most) {
            int lines = Math.min(most, outer - first);
            for (int line = 0; line < lines; line++) {
                int from = (first + line) * oldSize;
                for (int k = 0; k < oldSize; k++) {
                    block[(k + PAD) * lines + line] = in[from + k];
                }
            }
            extend(block, lines);
            for (int j = 0; j < newSize; j++) {
                interpolate(block, lines, j, result, j * lines);
            }
            for (int line = 0; line < lines; line++) {
                int to = (first + line) * newSize;
                for (int j = 0; j < newSize; j++) {
                    out[to + j] = result[j * lines + line];
                }
            }
        }
    }

    private void interpolate(float[] block, int lines, int j, float[] out, int at) {
        int p = start[j] * lines;
        if (cubic) {
            float w0 = weights[4 * j];
            float w1 = weights[4 * j + 1];
            float w2 = weights[4 * j + 2];
            float w3 = weights[4 * j + 3];
            int q = p + lines;
            int r = q + lines;
            int s = r + lines;
            for (int i = 0; i < lines; i++) {
                out[at + i] = w0 * block[p + i] + w1 * block[q + i] + w2 * block[r + i] + w3 * block[s + i];
            }
        } else {
            float w0 = weights[2 * j];
            float w1 = weights[2 * j + 1];
            int q = p + lines;
            for (int i = 0; i < lines; i++) {
                out[at + i] = w0 * block[p + i] + w1 * block[q + i];
            }
        }
    }

    /** Turns the samples of a block into spline coefficients (linear: leaves them) and fills what lies before and after. */
    private void extend(float[] block, int lines) {
        int firstRow = PAD * lines;
        int lastRow = (PAD + oldSize - 1) * lines;
        if (cubic) {
            toCoefficients(block, lines, firstRow, lastRow);
        } else {
            System.arraycopy(block, lastRow, block, lastRow + lines, lines);
        }
    }

    /**
     * The recursive filter of Unser 1999, box 2, for a line that goes on for ever with its first and last sample, which
     * gives its starts in closed form. scipy pads by 12 samples instead; the difference is below 1e-6.
     */
    private void toCoefficients(float[] c, int lines, int firstRow, int lastRow) {
        float pole = (float) POLE;
        float gain = (float) GAIN;
        float steady = (float) (GAIN / (1 - POLE));
        float[] before = new float[lines];
        float[] after = new float[lines];
        for (int i = 0; i < lines; i++) {
            after[i] = c[lastRow + i] * steady;
            before[i] = c[firstRow + i] * steady;
            c[firstRow + i] = before[i];
        }
        for (int row = firstRow + lines; row <= lastRow; row += lines) {
            for (int i = 0; i < lines; i++) {
                c[row + i] = gain * c[row + i] + pole * c[row - lines + i];
            }
        }
        float constant = (float) (-POLE / (1 - POLE));
        float decaying = (float) (-POLE / (1 - POLE * POLE));
        for (int i = 0; i < lines; i++) {
            float level = constant * after[i];
            float excess = decaying * (c[lastRow + i] - after[i]);
            c[lastRow + i] = level + excess;
            c[lastRow + lines + i] = level + pole * excess;
            c[lastRow + 2 * lines + i] = level + pole * pole * excess;
        }
        for (int row = lastRow - lines; row >= firstRow; row -= lines) {
            for (int i = 0; i < lines; i++) {
                c[row + i] = pole * (c[row + lines + i] - c[row + i]);
            }
        }
        for (int row = firstRow - lines; row >= 0; row -= lines) {
            for (int i = 0; i < lines; i++) {
                c[row + i] = pole * (c[row + lines + i] - before[i]);
            }
        }
    }
}
