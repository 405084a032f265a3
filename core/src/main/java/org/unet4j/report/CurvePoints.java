package org.unet4j.report;

import java.util.ArrayList;
import java.util.List;

/** Which points of a curve are drawn. */
final class CurvePoints {

    private static final int MOST_POINTS = 400;

    private CurvePoints() {}

    /** Returns the mean over a window of a fortieth of the curve about each point. */
    static List<LineChart.Point> smoothed(List<LineChart.Point> points) {
        int half = points.size() / 80;
        double[] sums = new double[points.size() + 1];
        for (int i = 0; i < points.size(); i++) {
            sums[i + 1] = sums[i] + points.get(i).y();
        }
        List<LineChart.Point> smooth = new ArrayList<>();
        for (int i = 0; i < points.size(); i++) {
            int reach = Math.min(half, Math.min(i, points.size() - 1 - i));
            double mean = (sums[i + reach + 1] - sums[i - reach]) / (2 * reach + 1);
            smooth.add(new LineChart.Point(points.get(i).x(), mean));
        }
        return smooth;
    }

    /** Returns at most {@value #MOST_POINTS} and a few points: the lowest and highest of each stretch, in their order. */
    static List<LineChart.Point> thinned(List<LineChart.Point> points) {
        if (points.size() <= MOST_POINTS) {
            return points;
        }
        List<LineChart.Point> kept = new ArrayList<>();
        int stretches = MOST_POINTS / 2;
        for (int i = 0; i < stretches; i++) {
            int start = (int) ((long) i * points.size() / stretches);
            int end = (int) ((i + 1L) * points.size() / stretches);
            int low = start;
            int high = start;
            for (int j = start; j < end; j++) {
                low = points.get(j).y() < points.get(low).y() ? j : low;
                high = points.get(j).y() > points.get(high).y() ? j : high;
            }
            kept.add(points.get(Math.min(low, high)));
            if (low != high) {
                kept.add(points.get(Math.max(low, high)));
            }
        }
        kept.add(points.get(points.size() - 1));
        return kept;
    }
}
