package org.unet4j.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.unet4j.eval.Statistics;

/**
 * How numbers are spread: columns over equally wide stretches, as SVG with a caption.
 *
 * @param name of the quantity, such as "slices 3.3 mm apart"
 * @param unit behind each number; may be empty
 * @param low where the first stretch begins
 * @param high where the last ends, above {@code low}
 * @param heights of the columns
 * @param ofHeight what a height of this many is, such as "cases"; empty for shares
 * @param marker a value to be pointed at
 * @param caption below it, as text
 */
record Histogram(
        String name,
        String unit,
        double low,
        double high,
        List<Double> heights,
        String ofHeight,
        Optional<Double> marker,
        String caption) {

    private static final int WIDTH = 260;
    private static final int HEIGHT = 132;
    private static final int LEFT = 20;
    private static final int RIGHT = 24;
    private static final int TOP = 10;
    private static final int BOTTOM = 24;
    private static final int STRETCHES = 16;

    Histogram {
        heights = List.copyOf(heights);
    }

    /** Returns how many of {@code values}, at least one, lie in each stretch between the least and the largest. */
    static Histogram of(String name, String unit, double[] values, Optional<Double> marker) {
        double low = Arrays.stream(values).min().orElseThrow();
        double high = Arrays.stream(values).max().orElseThrow();
        boolean alike = high - low <= 1e-9 * Math.max(1, Math.abs(high));
        double margin = alike ? Math.max(0.5 * Math.abs(low), 0.5) : 0;
        double[] counts = new double[alike ? 5 : STRETCHES]; // One column in the middle, where all are alike.
        double from = low - margin;
        double to = high + margin;
        for (double value : values) {
            counts[Math.min((int) ((value - from) / (to - from) * counts.length), counts.length - 1)]++;
        }
        String middle = number(Statistics.quantile(values, 0.5));
        String caption =
                alike ? "all " + number(low) : "median " + middle + ", from " + number(low) + " to " + number(high);
        return new Histogram(
                name,
                unit,
                from,
                to,
                Arrays.stream(counts).boxed().toList(),
                "cases",
                marker.filter(value -> value >= from && value <= to),
                (caption + " " + unit).strip());
    }

    /** Returns a number with three digits, as few as it takes. */
    static String number(double value) {
        double size = Math.abs(value);
        String text = String.format(Locale.ROOT, size >= 99.5 ? "%.0f" : size >= 9.95 ? "%.1f" : "%.2f", value);
        return (text.contains(".") ? text.replaceAll("\\.?0+$", "") : text).replace("-", "\u2212");
    }

    String figure() {
        return "<figure>" + svg() + "<figcaption><b>" + Markup.escape(name) + "</b><br>" + Markup.escape(caption)
                + "</figcaption></figure>";
    }

    private String svg() {
        Axis x = Axis.exact(low, high, LEFT, WIDTH - RIGHT, 4);
        double most = heights.stream().mapToDouble(h -> h).max().orElse(1);
        Axis y = new Axis(0, most > 0 ? most : 1, HEIGHT - BOTTOM, TOP, 1);
        List<String> parts = new ArrayList<>();
        double width = (high - low) / heights.size();
        for (int i = 0; i < heights.size(); i++) {
            double from = low + i * width;
            parts.add(Markup.fill(
                    "<rect class=\"column\" x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\"><title>{t}</title></rect>",
                    "x",
                    Markup.at(x.at(from) + 0.5),
                    "y",
                    Markup.at(y.at(heights.get(i))),
                    "w",
                    Markup.at(Math.max(0.5, x.at(from + width) - x.at(from) - 1)),
                    "h",
                    Markup.at(y.at(0) - y.at(heights.get(i))),
                    "t",
                    Markup.escape(number(from) + " to " + number(from + width) + " " + unit + ": "
                            + height(heights.get(i)))));
        }
        for (double tick : x.ticks()) {
            parts.add(Markup.fill(
                    "<text x=\"{x}\" y=\"{y}\" text-anchor=\"middle\">{v}</text>",
                    "x",
                    Markup.at(x.at(tick)),
                    "y",
                    "" + (HEIGHT - BOTTOM + 17),
                    "v",
                    x.label(tick)));
        }
        marker.ifPresent(value -> parts.add(Markup.fill(
                "<line class=\"marker\" x1=\"{x}\" x2=\"{x}\" y1=\"2\" y2=\"{b}\"/>",
                "x",
                Markup.at(x.at(value)),
                "b",
                "" + (HEIGHT - BOTTOM))));
        return Markup.fill(
                "<svg class=\"chart\" viewBox=\"0 0 {w} {h}\" role=\"img\" aria-label=\"{t}\">{p}"
                        + "<line class=\"axis\" x1=\"{l}\" x2=\"{r}\" y1=\"{b}\" y2=\"{b}\"/></svg>",
                "w",
                "" + WIDTH,
                "h",
                "" + HEIGHT,
                "t",
                Markup.escape("Histogram of " + name + ": " + caption),
                "p",
                String.join("", parts),
                "l",
                "" + LEFT,
                "r",
                "" + (WIDTH - RIGHT),
                "b",
                "" + (HEIGHT - BOTTOM));
    }

    private String height(double value) {
        return ofHeight.isEmpty() ? Numbers.percent(value) : Math.round(value) + " " + ofHeight;
    }
}
