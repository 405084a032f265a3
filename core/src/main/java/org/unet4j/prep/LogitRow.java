package org.unet4j.prep;

/** One row of logits between four rows of the prepared grid: two of each of two slices. */
final class LogitRow {

    private static final int SEVERAL = -1;

    private final LogitSlice low;
    private final LogitSlice high;
    private final float[] weights;
    private final int firstRow;
    private final int secondRow;
    private final LogitSlice[] slices;
    private final int[] rows;
    /** For each column the class that is the largest in all four rows. */
    private final int[] agreed;

    private final boolean isBackground;

    /** Classes that may be the largest somewhere in {@link #tile}. */
    private final int[] near;

    private int nearCount;
    private int tile = -1;
    private final float[] left;
    private final float[] right;
    /** Classes that may be the largest between columns {@link #between} and the next. */
    private final int[] candidates;

    private int candidateCount;
    private int between = -1;

    /**
     * Makes row {@code y} of a new slice.
     *
     * @param high a slice on the same side or above {@code low}
     * @param zWeight the share of {@code high}
     * @param columns of the prepared grid
     */
    LogitRow(LogitSlice low, LogitSlice high, float zWeight, LinearAxis yAxis, int y, int columns) {
        this.low = low;
        this.high = high;
        firstRow = yAxis.first(y) * columns;
        secondRow = yAxis.last(y) * columns;
        slices = new LogitSlice[] {low, high};
        rows = new int[] {firstRow, secondRow};
        float yWeight = yAxis.weight(y);
        weights = new float[] {
            (1 - zWeight) * (1 - yWeight), (1 - zWeight) * yWeight, zWeight * (1 - yWeight), zWeight * yWeight
        };
        agreed = new int[columns];
        boolean background = true;
        for (int x = 0; x < columns; x++) {
            int label = low.labels().get(firstRow + x);
            boolean all = label == low.labels().get(secondRow + x)
                    && label == high.labels().get(firstRow + x)
                    && label == high.labels().get(secondRow + x);
            agreed[x] = all ? label : SEVERAL;
            background &= agreed[x] == 0;
        }
        isBackground = background;
        near = new int[low.logits().length];
        left = new float[near.length];
        right = new float[near.length];
        candidates = new int[near.length];
    }

    /** Returns whether class 0 is the largest everywhere. */
    boolean isBackground() {
        return isBackground;
    }

    /** Returns the class that is the largest between columns {@code first} and {@code last}, of which {@code weight} counts. */
    int largest(int first, int last, float weight) {
        if (agreed[first] != SEVERAL && agreed[first] == agreed[last]) {
            return agreed[first];
        }
        if (between != first) {
            between = first;
            if (tile != first / LogitTiles.SIDE) {
                tile = first / LogitTiles.SIDE;
                look();
            }
            compare(first, next(first));
        }
        int winner = 0;
        float most = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < candidateCount; i++) {
            float here = (1 - weight) * left[i] + weight * right[i];
            if (here > most) {
                most = here;
                winner = candidates[i];
            }
        }
        return winner;
    }

    private int next(int column) {
        return Math.min(column + 1, agreed.length - 1);
    }

    /** Leaves out the classes that in all of the tile are below what one class has wherever classes must be compared there. */
    private void look() {
        float bar = Float.POSITIVE_INFINITY;
        int end = Math.min(agreed.length, (tile + 1) * LogitTiles.SIDE);
        for (int x = tile * LogitTiles.SIDE; x < end; x++) {
            if (agreed[x] == SEVERAL || agreed[x] != agreed[next(x)]) {
                bar = Math.min(bar, everywhere(x));
            }
        }
        float[] belowFirst = low.tiles().most(firstRow / agreed.length / LogitTiles.SIDE, tile);
        float[] belowSecond = low.tiles().most(secondRow / agreed.length / LogitTiles.SIDE, tile);
        float[] aboveFirst = high.tiles().most(firstRow / agreed.length / LogitTiles.SIDE, tile);
        float[] aboveSecond = high.tiles().most(secondRow / agreed.length / LogitTiles.SIDE, tile);
        nearCount = 0;
        for (int cls = 0; cls < near.length; cls++) {
            if (belowFirst[cls] >= bar
                    || belowSecond[cls] >= bar
                    || aboveFirst[cls] >= bar
                    || aboveSecond[cls] >= bar) {
                near[nearCount++] = cls;
            }
        }
    }

    /** Returns a logit that one class has at least at all eight voxels around the points between {@code column} and the next. */
    private float everywhere(int column) {
        float most = Float.NEGATIVE_INFINITY;
        int last = -1;
        for (int x = column; x <= next(column); x++) {
            for (LogitSlice slice : slices) {
                for (int row : rows) {
                    int cls = slice.labels().get(row + x);
                    most = cls == last ? most : Math.max(most, least(cls, column));
                    last = cls;
                }
            }
        }
        return most;
    }

    private float least(int cls, int column) {
        float least = Float.POSITIVE_INFINITY;
        for (LogitSlice slice : slices) {
            float[] logits = slice.logits()[cls];
            for (int row : rows) {
                least = Math.min(least, Math.min(logits[row + column], logits[row + next(column)]));
            }
        }
        return least;
    }

    /** Leaves out the classes that are nowhere between the columns as large as another one is everywhere. */
    private void compare(int first, int last) {
        float bar = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < nearCount; i++) {
            left[i] = at(near[i], first);
            right[i] = at(near[i], last);
            bar = Math.max(bar, Math.min(left[i], right[i]));
        }
        candidateCount = 0;
        for (int i = 0; i < nearCount; i++) {
            if (Math.max(left[i], right[i]) >= bar) {
                left[candidateCount] = left[i];
                right[candidateCount] = right[i];
                candidates[candidateCount++] = near[i];
            }
        }
    }

    private float at(int cls, int column) {
        float[] below = low.logits()[cls];
        float[] above = high.logits()[cls];
        return weights[0] * below[firstRow + column]
                + weights[1] * below[secondRow + column]
                + weights[2] * above[firstRow + column]
                + weights[3] * above[secondRow + column];
    }
}
