package org.unet4j.prep;

import java.util.stream.IntStream;
import org.unet4j.volume.Shape;

/**
 * The probabilities of one slice after another on the scan's own spacing. Values are interpolated with the same operations in the
 * same order as {@link LogitRow} compares them, so that the most probable class is the label, but where rounding to 16 bits makes a tie.
 */
final class ProbabilityPlane {

    private static final float ONE = 0xffff;
    private static final int ROWS = 16;

    /** exp(-20) is 2e-9: a ten-thousandth of a step of 1/65535, for 117 classes together less than a hundredth. */
    private static final float LEAST = -20;

    private final Source source;
    private final ProbabilitySlices target;
    private final Shape from;
    private final Shape to;
    private final LinearAxis yAxis;
    private final LinearAxis xAxis;
    private final short[][] shares;

    /** What slices hold: logits become probabilities once they are interpolated; probabilities, as of an ensemble, only are interpolated. */
    enum Source {
        LOGITS,
        PROBABILITIES
    }

    ProbabilityPlane(Source source, ProbabilitySlices target, Shape from, Shape to, int classes) {
        this.source = source;
        this.target = target;
        this.from = from;
        this.to = to;
        yAxis = LinearAxis.of(from.y(), to.y());
        xAxis = LinearAxis.of(from.x(), to.x());
        shares = new short[classes][to.y() * to.x()];
    }

    /** Hands on slice {@code z} between two slices of the prepared grid, of which {@code weight} of the upper one counts. */
    void slice(int z, float[][] low, float[][] high, float weight) {
        IntStream.range(0, (to.y() + ROWS - 1) / ROWS).parallel().forEach(block -> {
            float[][] row = new float[shares.length][to.x()];
            float[] line = new float[from.x()];
            for (int y = block * ROWS; y < Math.min(to.y(), (block + 1) * ROWS); y++) {
                for (int cls = 0; cls < row.length; cls++) {
                    acrossRows(low[cls], high[cls], weight, y, line);
                    alongRow(line, row[cls]);
                }
                if (source == Source.LOGITS) {
                    softmax(row);
                }
                store(row, y * to.x());
            }
        });
        target.take(z, shares);
    }

    private void acrossRows(float[] below, float[] above, float zWeight, int y, float[] line) {
        float yWeight = yAxis.weight(y);
        float belowFirst = (1 - zWeight) * (1 - yWeight);
        float belowSecond = (1 - zWeight) * yWeight;
        float aboveFirst = zWeight * (1 - yWeight);
        float aboveSecond = zWeight * yWeight;
        int first = yAxis.first(y) * line.length;
        int second = yAxis.last(y) * line.length;
        for (int x = 0; x < line.length; x++) {
            line[x] = belowFirst * below[first + x]
                    + belowSecond * below[second + x]
                    + aboveFirst * above[first + x]
                    + aboveSecond * above[second + x];
        }
    }

    private void alongRow(float[] line, float[] row) {
        for (int x = 0; x < row.length; x++) {
            float weight = xAxis.weight(x);
            row[x] = (1 - weight) * line[xAxis.first(x)] + weight * line[xAxis.last(x)];
        }
    }

    private static void softmax(float[][] row) {
        float[] most = row[0].clone();
        for (float[] logits : row) {
            for (int x = 0; x < most.length; x++) {
                most[x] = Math.max(most[x], logits[x]);
            }
        }
        float[] sums = new float[most.length];
        for (float[] logits : row) {
            for (int x = 0; x < most.length; x++) {
                float below = logits[x] - most[x];
                logits[x] = below < LEAST ? 0 : (float) Math.exp(below);
                sums[x] += logits[x];
            }
        }
        for (float[] shares : row) {
            for (int x = 0; x < most.length; x++) {
                shares[x] /= sums[x];
            }
        }
    }

    private void store(float[][] row, int at) {
        for (int cls = 0; cls < row.length; cls++) {
            float[] probabilities = row[cls];
            short[] stored = shares[cls];
            for (int x = 0; x < probabilities.length; x++) {
                stored[at + x] = (short) (int) (Math.min(1, probabilities[x]) * ONE + 0.5f);
            }
        }
    }
}
