package org.unet4j.volume;

/**
 * Label maps at another resolution. Every class's linear weight at a voxel comes from the eight labels around it, so one
 * pass decides all classes: no mask a class, no one-hot volume.
 */
final class ResampleLabels {

    private static final double HALF = 0.5;
    private static final int CORNERS = 8;

    private ResampleLabels() {}

    /** Returns {@code in} at shape {@code to}, each voxel the closest of {@code in}. */
    static byte[] nearest(byte[] in, Shape from, Shape to) {
        int[] zs = ResampleAxis.closest(from.z(), to.z());
        int[] ys = ResampleAxis.closest(from.y(), to.y());
        int[] xs = ResampleAxis.closest(from.x(), to.x());
        byte[] out = new byte[to.arrayLength()];
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

    /** Returns {@code in} at shape {@code to} by the rule of {@link Resample#labels}. */
    static byte[] linear(byte[] in, Shape from, Shape to) {
        boolean hasBackground = containsZero(in);
        Axis zAxis = new Axis(from.z(), to.z());
        Axis yAxis = new Axis(from.y(), to.y());
        Axis xAxis = new Axis(from.x(), to.x());
        byte[] out = new byte[to.arrayLength()];
        byte[] label = new byte[CORNERS];
        double[] weight = new double[CORNERS];
        int at = 0;
        for (int z = 0; z < to.z(); z++) {
            for (int y = 0; y < to.y(); y++) {
                int row00 = from.index(zAxis.low[z], yAxis.low[y], 0);
                int row01 = from.index(zAxis.low[z], yAxis.high[y], 0);
                int row10 = from.index(zAxis.high[z], yAxis.low[y], 0);
                int row11 = from.index(zAxis.high[z], yAxis.high[y], 0);
                for (int x = 0; x < to.x(); x++, at++) {
                    int low = xAxis.low[x];
                    int high = xAxis.high[x];
                    byte first = in[row00 + low];
                    if (first == in[row00 + high]
                            && first == in[row01 + low]
                            && first == in[row01 + high]
                            && first == in[row10 + low]
                            && first == in[row10 + high]
                            && first == in[row11 + low]
                            && first == in[row11 + high]) {
                        out[at] = first;
                        continue;
                    }
                    label[0] = first;
                    label[1] = in[row00 + high];
                    label[2] = in[row01 + low];
                    label[3] = in[row01 + high];
                    label[4] = in[row10 + low];
                    label[5] = in[row10 + high];
                    label[6] = in[row11 + low];
                    label[7] = in[row11 + high];
                    for (int corner = 0; corner < CORNERS; corner++) {
                        double wz = (corner & 4) == 0 ? zAxis.lowWeight[z] : zAxis.highWeight[z];
                        double wy = (corner & 2) == 0 ? yAxis.lowWeight[y] : yAxis.highWeight[y];
                        double wx = (corner & 1) == 0 ? xAxis.lowWeight[x] : xAxis.highWeight[x];
                        weight[corner] = wz * wy * wx;
                    }
                    int winner = highestClassOfHalf(label, weight);
                    if (winner < 0) {
                        winner = hasBackground
                                ? 0
                                : in[from.index(zAxis.closest[z], yAxis.closest[y], xAxis.closest[x])];
                    }
                    out[at] = (byte) winner;
                }
            }
        }
        return out;
    }

    private static int highestClassOfHalf(byte[] label, double[] weight) {
        int winner = -1;
        for (int corner = 0; corner < CORNERS; corner++) {
            int candidate = label[corner] & 0xff;
            if (candidate > winner) {
                double sum = 0;
                for (int other = 0; other < CORNERS; other++) {
                    sum += label[other] == label[corner] ? weight[other] : 0;
                }
                winner = sum >= HALF ? candidate : winner;
            }
        }
        return winner;
    }

    private static boolean containsZero(byte[] classes) {
        for (byte label : classes) {
            if (label == 0) {
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
                double at = Math.min(Math.max(ResampleAxis.position(i, oldSize, newSize), 0), oldSize - 1);
                low[i] = (int) Math.floor(at);
                high[i] = Math.min(low[i] + 1, oldSize - 1);
                highWeight[i] = at - low[i];
                lowWeight[i] = 1 - highWeight[i];
            }
        }
    }
}
