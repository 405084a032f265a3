package org.unet4j.volume;

/**
 * A few dozen lines of an image side by side, in the processor's cache: one array a sample, which holds that sample of every
 * line. The loops run over lines and index each array by the same plain counter: the form that Java's compiler turns into
 * vector instructions.
 */
final class SplineLines {

    /** Samples kept before and after a line: a cubic at -0.5 reaches two samples out. */
    static final int PAD = 2;

    /** The pole and gain of the cubic B-spline's inverse filter (Unser 1999). */
    private static final double POLE = Math.sqrt(3) - 2;

    private static final double GAIN = 6;

    private final int size;
    private final float[][] samples;
    private final float[] before;
    private final float[] after;

    /** Makes room for {@code lines} lines of {@code size} samples. */
    SplineLines(int size, int lines) {
        this.size = size;
        this.samples = new float[size + 2 * PAD][lines];
        this.before = new float[lines];
        this.after = new float[lines];
    }

    /** Returns sample {@code k} of every line, to be filled or read. */
    float[] sample(int k) {
        return samples[PAD + k];
    }

    /** Lets every line end with its last sample once more. */
    void extend(int lines) {
        System.arraycopy(sample(size - 1), 0, sample(size), 0, lines);
    }

    /**
     * Turns samples into spline coefficients, two more at each end included.
     *
     * <p>The recursive filter of Unser 1999, box 2, for a line that goes on for ever with its first and last sample, which
     * gives its starts in closed form. scipy pads by 12 samples instead; the difference is below 1e-6.
     */
    void toCoefficients(int lines) {
        start(sample(0), sample(size - 1), lines);
        for (int k = 1; k < size; k++) {
            forward(sample(k), sample(k - 1), lines);
        }
        turn(sample(size - 1), sample(size), sample(size + 1), lines);
        for (int k = size - 2; k >= 0; k--) {
            backward(sample(k), sample(k + 1), lines);
        }
        lead(sample(-1), sample(0), lines);
        lead(sample(-2), sample(-1), lines);
    }

    private void start(float[] first, float[] last, int lines) {
        float steady = (float) (GAIN / (1 - POLE));
        for (int i = 0; i < lines; i++) {
            after[i] = last[i] * steady;
            before[i] = first[i] * steady;
            first[i] = before[i];
        }
    }

    private static void forward(float[] here, float[] previous, int lines) {
        float pole = (float) POLE;
        float gain = (float) GAIN;
        for (int i = 0; i < lines; i++) {
            here[i] = gain * here[i] + pole * previous[i];
        }
    }

    private void turn(float[] last, float[] next, float[] second, int lines) {
        float pole = (float) POLE;
        float constant = (float) (-POLE / (1 - POLE));
        float decaying = (float) (-POLE / (1 - POLE * POLE));
        for (int i = 0; i < lines; i++) {
            float level = constant * after[i];
            float excess = decaying * (last[i] - after[i]);
            last[i] = level + excess;
            next[i] = level + pole * excess;
            second[i] = level + pole * pole * excess;
        }
    }

    private static void backward(float[] here, float[] next, int lines) {
        float pole = (float) POLE;
        for (int i = 0; i < lines; i++) {
            here[i] = pole * (next[i] - here[i]);
        }
    }

    private void lead(float[] here, float[] next, int lines) {
        float pole = (float) POLE;
        for (int i = 0; i < lines; i++) {
            here[i] = pole * (next[i] - before[i]);
        }
    }

    /** Sets {@code out} to the weighted sum of the samples from {@code start} on, two or four of them. */
    void sum(int start, float[] weights, int at, int taps, float[] out, int lines) {
        float[] a = sample(start);
        float[] b = sample(start + 1);
        if (taps == 2) {
            sum(a, b, weights[at], weights[at + 1], out, lines);
        } else {
            float[] c = sample(start + 2);
            float[] d = sample(start + 3);
            sum(a, b, c, d, weights[at], weights[at + 1], weights[at + 2], weights[at + 3], out, lines);
        }
    }

    private static void sum(float[] a, float[] b, float wa, float wb, float[] out, int lines) {
        for (int i = 0; i < lines; i++) {
            out[i] = wa * a[i] + wb * b[i];
        }
    }

    private static void sum(
            float[] a,
            float[] b,
            float[] c,
            float[] d,
            float wa,
            float wb,
            float wc,
            float wd,
            float[] out,
            int lines) {
        for (int i = 0; i < lines; i++) {
            out[i] = wa * a[i] + wb * b[i] + wc * c[i] + wd * d[i];
        }
    }
}
