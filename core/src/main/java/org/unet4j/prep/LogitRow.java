package org.unet4j.prep;

/** One row of logits between four rows of the prepared grid: two of each of two slices. */
final class LogitRow {

    private static final int SEVERAL = -1;

    private final LogitSlice low;
    private final LogitSlice high;
    private final float[] weights;
    private final int firstRow;
    private final int secondRow;
    /** For each column the class that is the largest in all four rows. */
    private final int[] agreed;

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
        float yWeight = yAxis.weight(y);
        weights = new float[] {
            (1 - zWeight) * (1 - yWeight), (1 - zWeight) * yWeight, zWeight * (1 - yWeight), zWeight * yWeight
        };
        agreed = new int[columns];
        for (int x = 0; x < columns; x++) {
            int label = low.labels().get(firstRow + x);
            boolean all = label == low.labels().get(secondRow + x)
                    && label == high.labels().get(firstRow + x)
                    && label == high.labels().get(secondRow + x);
            agreed[x] = all ? label : SEVERAL;
        }
        left = new float[low.logits().length];
        right = new float[left.length];
        candidates = new int[left.length];
    }

    /** Returns the class that is the largest between columns {@code first} and {@code last}, of which {@code weight} counts. */
    int largest(int first, int last, float weight) {
        if (agreed[first] != SEVERAL && agreed[first] == agreed[last]) {
            return agreed[first];
        }
        if (between != first) {
            between = first;
            compare(first, Math.min(first + 1, agreed.length - 1));
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

    /** Leaves out the classes that are nowhere between the columns as large as another one is everywhere. */
    private void compare(int first, int last) {
        float bar = Float.NEGATIVE_INFINITY;
        for (int cls = 0; cls < left.length; cls++) {
            left[cls] = at(cls, first);
            right[cls] = at(cls, last);
            bar = Math.max(bar, Math.min(left[cls], right[cls]));
        }
        candidateCount = 0;
        for (int cls = 0; cls < left.length; cls++) {
            if (Math.max(left[cls], right[cls]) >= bar) {
                left[candidateCount] = left[cls];
                right[candidateCount] = right[cls];
                candidates[candidateCount++] = cls;
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
