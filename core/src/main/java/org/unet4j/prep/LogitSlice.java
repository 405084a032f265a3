package org.unet4j.prep;

import java.util.stream.IntStream;
import org.unet4j.volume.LabelArray;

/** One slice of logits, one array a class, with the class that has the largest of each voxel; of several, the lowest. */
final class LogitSlice {

    private final int rows;
    private final int columns;
    private final float[][] logits;
    private final LabelArray labels;
    private final LogitTiles tiles;

    private LogitSlice(int rows, int columns, float[][] logits, int classes) {
        this.rows = rows;
        this.columns = columns;
        this.logits = logits;
        labels = LabelArray.background(rows * columns, classes);
        tiles = new LogitTiles(classes, rows, columns);
    }

    /** Returns room for a slice of {@code classes} classes. */
    static LogitSlice empty(int classes, int rows, int columns) {
        return new LogitSlice(rows, columns, new float[classes][rows * columns], classes);
    }

    /** Returns room for the labels of such a slice, and not for its logits. */
    static LogitSlice labelsOnly(int classes, int rows, int columns) {
        return new LogitSlice(rows, columns, new float[0][], classes);
    }

    float[][] logits() {
        return logits;
    }

    LabelArray labels() {
        return labels;
    }

    LogitTiles tiles() {
        return tiles;
    }

    /**
     * Takes the labels of {@code given}, and a copy of it if there is room for one.
     *
     * @throws IllegalArgumentException if it has another size, or holds what is not a number
     */
    void set(float[][] given) {
        if (given[0].length != labels.length()) {
            throw new IllegalArgumentException(
                    "a slice of logits has " + labels.length() + " values a class, given " + given[0].length);
        }
        int classes = tiles.most(0, 0).length;
        if (given.length != classes) {
            throw new IllegalArgumentException("a slice of logits has " + classes + " classes, given " + given.length);
        }
        long broken = IntStream.range(0, tiles.bands())
                .parallel()
                .filter(band -> !setBand(given, band))
                .count();
        if (broken > 0) {
            throw new IllegalArgumentException(
                    "the network's output is not a number: its weights are not finite, or its"
                            + " numbers too large for their precision; take weights from before its loss stopped being finite");
        }
    }

    /** Returns whether all are numbers; labels are set where they are. */
    private boolean setBand(float[][] given, int band) {
        int first = band * LogitTiles.SIDE;
        int height = Math.min(LogitTiles.SIDE, rows - first);
        float[][] most = new float[height][];
        for (int y = 0; y < height; y++) {
            most[y] = LogitTiles.least(columns);
        }
        float[] row = new float[columns];
        for (int cls = 0; cls < given.length; cls++) {
            if (logits.length > 0) {
                System.arraycopy(given[cls], first * columns, logits[cls], first * columns, height * columns);
            }
            float[] ofColumns = LogitTiles.least(columns);
            for (int y = 0; y < height; y++) {
                System.arraycopy(given[cls], (first + y) * columns, row, 0, columns);
                LogitTiles.raise(most[y], row);
                LogitTiles.raise(ofColumns, row);
            }
            tiles.set(band, cls, ofColumns);
        }
        boolean numbers = true;
        for (int tile = 0; tile < tiles.across(); tile++) {
            numbers &= label(given, most, band, tile);
        }
        return numbers;
    }

    /** Finds out which class each of {@code most} is of; returns whether all of these are numbers. */
    private boolean label(float[][] given, float[][] most, int band, int tile) {
        int from = tile * LogitTiles.SIDE;
        int to = Math.min(columns, from + LogitTiles.SIDE);
        float least = Float.POSITIVE_INFINITY;
        for (float[] row : most) {
            for (int x = from; x < to; x++) {
                least = Math.min(least, row[x]);
            }
        }
        if (Float.isNaN(least)) { // One that is not makes it so: nothing is equal to that, and no label would be set.
            return false;
        }
        float[] reached = tiles.most(band, tile);
        for (int cls = given.length - 1; cls >= 0; cls--) { // the lowest last
            if (reached[cls] >= least) {
                label(given[cls], cls, most, band, from, to);
            }
        }
        return true;
    }

    private void label(float[] logits, int cls, float[][] most, int band, int from, int to) {
        for (int y = 0; y < most.length; y++) {
            int at = (band * LogitTiles.SIDE + y) * columns;
            for (int x = from; x < to; x++) {
                if (logits[at + x] == most[y][x]) {
                    labels.set(at + x, cls);
                }
            }
        }
    }
}
