package org.unet4j.volume;

/**
 * Label maps at another resolution. Every class's linear weight at a voxel comes from the eight labels around it, so one
 * pass decides all classes: no mask a class, no one-hot volume.
 */
final class ResampleLabels {

    private static final double HALF = 0.5;
    private static final int CORNERS = 8;

    private final LabelArray in;
    private final Shape from;
    private final Shape to;
    private final Axis zAxis;
    private final Axis yAxis;
    private final Axis xAxis;
    private final boolean hasBackground;
    /** For each source row, the first voxel that differs from the row's first; the row's length where none does. */
    private final int[] firstOther;
    /** For each source row, the last such voxel; -1 where there is none. */
    private final int[] lastOther;

    private final LabelArray out;

    private ResampleLabels(LabelArray in, Shape from, Shape to) {
        this.in = in;
        this.from = from;
        this.to = to;
        this.zAxis = new Axis(from.z(), to.z());
        this.yAxis = new Axis(from.y(), to.y());
        this.xAxis = new Axis(from.x(), to.x());
        this.hasBackground = containsZero(in);
        this.firstOther = new int[from.z() * from.y()];
        this.lastOther = new int[firstOther.length];
        this.out = in.background(to.arrayLength());
        for (int row = 0; row < firstOther.length; row++) {
            findOthers(row);
        }
    }

    private void findOthers(int row) {
        int start = row * from.x();
        int first = in.run(start, start + from.x());
        firstOther[row] = first;
        int last = first == from.x() ? -1 : from.x() - 1;
        while (last >= 0 && in.get(start + last) == in.get(start)) {
            last--;
        }
        lastOther[row] = last;
    }

    /** Returns {@code in} at shape {@code to}, each voxel the closest of {@code in}. */
    static LabelArray nearest(LabelArray in, Shape from, Shape to) {
        int[] zs = ResampleAxis.closest(from.z(), to.z());
        int[] ys = ResampleAxis.closest(from.y(), to.y());
        int[] xs = ResampleAxis.closest(from.x(), to.x());
        LabelArray out = in.background(to.arrayLength());
        int at = 0;
        for (int z : zs) {
            for (int y : ys) {
                int row = from.index(z, y, 0);
                for (int x : xs) {
                    out.set(at++, in.get(row + x));
                }
            }
        }
        return out;
    }

    /** Returns {@code in} at shape {@code to} by the rule of {@link Resample#labels}. */
    static LabelArray linear(LabelArray in, Shape from, Shape to) {
        return new ResampleLabels(in, from, to).linear();
    }

    private LabelArray linear() {
        int at = 0;
        for (int z = 0; z < to.z(); z++) {
            for (int y = 0; y < to.y(); y++, at += to.x()) {
                row(z, y, at);
            }
        }
        return out;
    }

    /** A row is of one class to the left and right of what its four source rows differ in. */
    private void row(int z, int y, int at) {
        int[] rows = {
            from.index(zAxis.low[z], yAxis.low[y], 0),
            from.index(zAxis.low[z], yAxis.high[y], 0),
            from.index(zAxis.high[z], yAxis.low[y], 0),
            from.index(zAxis.high[z], yAxis.high[y], 0)
        };
        int edge = in.get(rows[0]);
        int first = from.x();
        int last = -1;
        for (int row : rows) {
            int number = row / from.x();
            first = in.get(row) == edge ? Math.min(first, firstOther[number]) : 0;
            last = in.get(row) == edge ? Math.max(last, lastOther[number]) : from.x() - 1;
        }
        int begin = 0;
        while (begin < to.x() && xAxis.high[begin] < first) {
            begin++;
        }
        int end = to.x();
        while (end > begin && xAxis.low[end - 1] > last) {
            end--;
        }
        out.fill(at, at + begin, edge);
        mixed(z, y, rows, at, begin, end);
        out.fill(at + end, at + to.x(), edge);
    }

    private void mixed(int z, int y, int[] rows, int at, int begin, int end) {
        int[] label = new int[CORNERS];
        double[] weight = new double[CORNERS];
        for (int x = begin; x < end; x++) {
            int low = xAxis.low[x];
            int high = xAxis.high[x];
            int first = in.get(rows[0] + low);
            if (first == in.get(rows[0] + high)
                    && first == in.get(rows[1] + low)
                    && first == in.get(rows[1] + high)
                    && first == in.get(rows[2] + low)
                    && first == in.get(rows[2] + high)
                    && first == in.get(rows[3] + low)
                    && first == in.get(rows[3] + high)) {
                out.set(at + x, first);
                continue;
            }
            for (int corner = 0; corner < CORNERS; corner++) {
                label[corner] = in.get(rows[corner >> 1] + ((corner & 1) == 0 ? low : high));
                double wz = (corner & 4) == 0 ? zAxis.lowWeight[z] : zAxis.highWeight[z];
                double wy = (corner & 2) == 0 ? yAxis.lowWeight[y] : yAxis.highWeight[y];
                double wx = (corner & 1) == 0 ? xAxis.lowWeight[x] : xAxis.highWeight[x];
                weight[corner] = wz * wy * wx;
            }
            int winner = highestClassOfHalf(label, weight);
            if (winner < 0) {
                winner = hasBackground ? 0 : in.get(from.index(zAxis.closest[z], yAxis.closest[y], xAxis.closest[x]));
            }
            out.set(at + x, winner);
        }
    }

    private static int highestClassOfHalf(int[] label, double[] weight) {
        int winner = -1;
        for (int corner = 0; corner < CORNERS; corner++) {
            int candidate = label[corner];
            if (candidate > winner) {
                double sum = 0;
                for (int other = 0; other < CORNERS; other++) {
                    sum += label[other] == candidate ? weight[other] : 0;
                }
                winner = sum >= HALF ? candidate : winner;
            }
        }
        return winner;
    }

    private static boolean containsZero(LabelArray classes) {
        for (int i = 0; i < classes.length(); i++) {
            if (classes.get(i) == 0) {
                return true;
            }
        }
        return false;
    }

    /** Between which old samples each new sample of an axis lies, and their weights. */
    private static final class Axis {
        final int[] low;
        final int[] high;
        final int[] closest;
        final double[] lowWeight;
        final double[] highWeight;

        private Axis(int oldSize, int newSize) {
            low = new int[newSize];
            high = new int[newSize];
            closest = ResampleAxis.closest(oldSize, newSize);
            lowWeight = new double[newSize];
            highWeight = new double[newSize];
            for (int i = 0; i < newSize; i++) {
                double at = Resample.positionWithin(i, oldSize, newSize);
                low[i] = (int) Math.floor(at);
                high[i] = Math.min(low[i] + 1, oldSize - 1);
                highWeight[i] = at - low[i];
                lowWeight[i] = 1 - highWeight[i];
            }
        }
    }
}
