package org.unet4j.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.unet4j.io.Json;

/**
 * Curves over a common axis, as SVG that takes its colours from the page.
 *
 * @param title for those who cannot see it
 * @param xLabel name of the horizontal axis
 * @param yLabel name of the vertical axis
 * @param curves at least one, each with at least one point
 */
public record LineChart(String title, String xLabel, String yLabel, List<Curve> curves) {

    private static final int WIDTH = 520;
    private static final int HEIGHT = 320;
    private static final int LEFT = 54;
    private static final int RIGHT = 14;
    private static final int TOP = 12;
    private static final int BOTTOM = 46;

    /** Checks that there is something to draw. */
    public LineChart {
        curves = List.copyOf(curves);
        if (curves.isEmpty()) {
            throw new IllegalArgumentException("chart '" + title + "' has no curve");
        }
    }

    /**
     * One curve.
     *
     * @param name of what it shows
     * @param color number of its colour in the page's palette
     * @param smooth whether a moving mean is drawn over the faint original
     * @param points by x
     */
    public record Curve(String name, int color, boolean smooth, List<Point> points) {

        /** Leaves out points that are not finite. */
        public Curve {
            points = points.stream()
                    .filter(p -> Double.isFinite(p.x()) && Double.isFinite(p.y()))
                    .toList();
            if (points.isEmpty()) {
                throw new IllegalArgumentException("curve '" + name + "' has no point");
            }
        }

        /** Returns the curve; empty where no point is finite. */
        public static Optional<Curve> of(String name, int color, boolean smooth, List<Point> points) {
            return points.stream().anyMatch(p -> Double.isFinite(p.x()) && Double.isFinite(p.y()))
                    ? Optional.of(new Curve(name, color, smooth, points))
                    : Optional.empty();
        }
    }

    /** A point of a curve. */
    public record Point(double x, double y) {}

    /** Returns the SVG element. */
    public String svg() {
        Axis x = xAxis();
        Axis y = yAxis();
        StringBuilder svg = new StringBuilder();
        svg.append("<svg class=\"chart\" viewBox=\"0 0 " + WIDTH + " " + HEIGHT + "\" role=\"img\" aria-label=\"")
                .append(Markup.escape(title + ": " + ends()))
                .append("\" data-curves=\"")
                .append(Markup.escape(Json.line(values(x))))
                .append("\">");
        for (double tick : y.ticks()) {
            svg.append(Markup.fill(
                    "<line class=\"grid\" x1=\"{l}\" x2=\"{r}\" y1=\"{y}\" y2=\"{y}\"/>"
                            + "<text x=\"{t}\" y=\"{b}\" text-anchor=\"end\">{v}</text>",
                    "l",
                    "" + LEFT,
                    "r",
                    "" + (WIDTH - RIGHT),
                    "y",
                    Markup.at(y.at(tick)),
                    "t",
                    "" + (LEFT - 8),
                    "b",
                    Markup.at(y.at(tick) + 4),
                    "v",
                    y.label(tick)));
        }
        for (double tick : x.ticks()) {
            svg.append(Markup.fill(
                    "<text x=\"{x}\" y=\"{y}\" text-anchor=\"middle\">{v}</text>",
                    "x",
                    Markup.at(x.at(tick)),
                    "y",
                    "" + (HEIGHT - BOTTOM + 19),
                    "v",
                    x.label(tick)));
        }
        svg.append(Markup.fill(
                "<line class=\"axis\" x1=\"{l}\" x2=\"{r}\" y1=\"{b}\" y2=\"{b}\"/>"
                        + "<text class=\"name\" x=\"{c}\" y=\"{e}\" text-anchor=\"middle\">{xn}</text>"
                        + "<text class=\"name\" transform=\"translate(13 {m}) rotate(-90)\" text-anchor=\"middle\">{yn}</text>",
                "l",
                "" + LEFT,
                "r",
                "" + (WIDTH - RIGHT),
                "b",
                "" + (HEIGHT - BOTTOM),
                "c",
                "" + (LEFT + (WIDTH - LEFT - RIGHT) / 2),
                "e",
                "" + (HEIGHT - 8),
                "m",
                "" + (TOP + (HEIGHT - TOP - BOTTOM) / 2),
                "xn",
                Markup.escape(xLabel),
                "yn",
                Markup.escape(yLabel)));
        for (Curve curve : curves) {
            if (curve.smooth()) {
                line(svg, "faint", curve, CurvePoints.thinned(curve.points()), x, y);
            }
        }
        for (Curve curve : curves) {
            line(svg, "curve", curve, shown(curve), x, y);
            if (shown(curve).size() == 1) {
                dot(svg, curve, x, y);
            }
        }
        return svg.append("</svg>").toString();
    }

    /** Returns where each curve ends, for those who cannot see them. */
    private String ends() {
        return curves.stream()
                .map(curve -> curve.name() + " ends at "
                        + digits(shown(curve).get(shown(curve).size() - 1).y()))
                .collect(Collectors.joining("; "));
    }

    /** What the page's script tells of the curves under the pointer. */
    private record Values(String unit, List<Double> axis, int top, int bottom, List<CurveValues> curves) {}

    private record CurveValues(String name, int color, List<Double> x, List<Double> y) {}

    private Values values(Axis x) {
        return new Values(
                xLabel,
                List.of(x.low(), x.high(), x.from(), x.to()),
                TOP,
                HEIGHT - BOTTOM,
                curves.stream()
                        .map(curve -> new CurveValues(
                                curve.name(),
                                curve.color() % PageStyle.COLORS,
                                shown(curve).stream().map(Point::x).toList(),
                                shown(curve).stream()
                                        .map(point -> digits(point.y()))
                                        .toList()))
                        .toList());
    }

    /** Returns four digits of a value. */
    private static double digits(double value) {
        return new BigDecimal(value).round(new MathContext(4)).doubleValue();
    }

    /** Returns the bold line of a curve. */
    private static List<Point> shown(Curve curve) {
        return CurvePoints.thinned(curve.smooth() ? CurvePoints.smoothed(curve.points()) : curve.points());
    }

    private Axis xAxis() {
        double low = curves.stream()
                .flatMap(c -> c.points().stream())
                .mapToDouble(Point::x)
                .min()
                .orElseThrow();
        double high = curves.stream()
                .flatMap(c -> c.points().stream())
                .mapToDouble(Point::x)
                .max()
                .orElseThrow();
        double start = low <= 0.15 * high ? 0 : low;
        return Axis.exact(Math.min(low, start), high, LEFT, WIDTH - RIGHT - 6, 6);
    }

    private Axis yAxis() {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (Curve curve : curves) {
            for (Point point : curve.smooth() ? CurvePoints.smoothed(curve.points()) : curve.points()) {
                low = Math.min(low, point.y());
                high = Math.max(high, point.y());
            }
        }
        return Axis.round(low, high, HEIGHT - BOTTOM, TOP, 5);
    }

    private void line(StringBuilder svg, String style, Curve curve, List<Point> points, Axis x, Axis y) {
        svg.append("<polyline class=\"" + style + " c" + curve.color() % PageStyle.COLORS + "\" points=\"");
        for (Point point : points) {
            double inside = Math.max(y.low(), Math.min(y.high(), point.y()));
            svg.append(Markup.at(x.at(point.x())))
                    .append(',')
                    .append(Markup.at(y.at(inside)))
                    .append(' ');
        }
        svg.append("\"><title>").append(Markup.escape(curve.name())).append("</title></polyline>");
    }

    /** A curve of one point has no line to be seen. */
    private static void dot(StringBuilder svg, Curve curve, Axis x, Axis y) {
        Point only = curve.points().get(0);
        svg.append(
                "<circle class=\"mark c" + curve.color() % PageStyle.COLORS + "\" r=\"4\" fill=\"currentColor\" cx=\""
                        + Markup.at(x.at(only.x())) + "\" cy=\"" + Markup.at(y.at(only.y())) + "\"/>");
    }
}
