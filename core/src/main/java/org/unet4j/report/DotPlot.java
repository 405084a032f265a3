package org.unet4j.report;

import java.util.Arrays;
import java.util.List;

/**
 * Every case as a dot, a row for each network, with the mean and its 95 % interval; as SVG.
 *
 * @param title for those who cannot see it
 * @param xLabel what the dots' places are
 * @param rows at least one
 */
record DotPlot(String title, String xLabel, List<Row> rows) {

    private static final int WIDTH = 520;
    private static final int LEFT = 128;
    private static final int RIGHT = 18;
    private static final int TOP = 6;
    private static final int ROW = 46;
    private static final int BOTTOM = 44;
    private static final int LONGEST_NAME = 18;
    private static final double GOLDEN = 0.6180339887498949;

    DotPlot {
        rows = List.copyOf(rows);
    }

    /**
     * One network.
     *
     * @param name what the row is called
     * @param color number of its colour
     * @param caseIds of all cases
     * @param values one a case; those that are not finite have no dot
     * @param mean where the upright line stands; NaN for none
     * @param ci95 where the bar begins and ends; NaN for none
     */
    @SuppressWarnings("ArrayRecordComponent") // made for one chart, and never changed
    record Row(String name, int color, List<String> caseIds, double[] values, double mean, List<Double> ci95) {}

    String svg() {
        int height = TOP + ROW * rows.size() + BOTTOM;
        double[] all = rows.stream()
                .flatMapToDouble(row -> Arrays.stream(row.values))
                .filter(Double::isFinite)
                .toArray();
        double low = Arrays.stream(all).min().orElse(0);
        double high = Arrays.stream(all).max().orElse(1);
        Axis x = Axis.round(low, high, LEFT, WIDTH - RIGHT, 5);
        StringBuilder svg = new StringBuilder(Markup.fill(
                "<svg class=\"chart dots\" viewBox=\"0 0 {w} {h}\" role=\"img\" aria-label=\"{t}\">",
                "w",
                "" + WIDTH,
                "h",
                "" + height,
                "t",
                Markup.escape(title + ": " + words())));
        for (double tick : x.ticks()) {
            svg.append(Markup.fill(
                    "<line class=\"grid\" x1=\"{x}\" x2=\"{x}\" y1=\"{a}\" y2=\"{b}\"/>"
                            + "<text x=\"{x}\" y=\"{t}\" text-anchor=\"middle\">{v}</text>",
                    "x",
                    Markup.at(x.at(tick)),
                    "a",
                    "" + TOP,
                    "b",
                    "" + (height - BOTTOM),
                    "t",
                    "" + (height - BOTTOM + 18),
                    "v",
                    x.label(tick)));
        }
        for (int i = 0; i < rows.size(); i++) {
            row(svg, rows.get(i), TOP + ROW * (i + 0.5), x);
        }
        return svg.append(Markup.fill(
                        "<text class=\"name\" x=\"{x}\" y=\"{y}\" text-anchor=\"middle\">{n}</text></svg>",
                        "x",
                        "" + (LEFT + (WIDTH - LEFT - RIGHT) / 2),
                        "y",
                        "" + (height - 6),
                        "n",
                        Markup.escape(xLabel)))
                .toString();
    }

    /** Returns what the chart shows, for those who cannot see it. */
    private String words() {
        StringBuilder words = new StringBuilder();
        for (Row row : rows) {
            words.append(words.isEmpty() ? "" : "; ")
                    .append(row.name)
                    .append(" mean ")
                    .append(Numbers.dice(row.mean))
                    .append(", 95 % interval ")
                    .append(Numbers.interval(row.ci95));
        }
        return words.toString();
    }

    private static void row(StringBuilder svg, Row row, double middle, Axis x) {
        String name = row.name.length() <= LONGEST_NAME
                ? row.name
                : row.name.substring(0, LONGEST_NAME - 1).strip() + "\u2026";
        svg.append(Markup.fill(
                "<g class=\"row\"><text class=\"name\" x=\"{x}\" y=\"{y}\" text-anchor=\"end\">{name}</text>",
                "x",
                "" + (LEFT - 12),
                "y",
                Markup.at(middle + 4),
                "name",
                Markup.escape(name)));
        for (int k = 0; k < row.values.length; k++) {
            if (Double.isFinite(row.values[k])) {
                double jitter = (k * GOLDEN % 1 - 0.5) * ROW * 0.56; // spreads dots evenly, the same on every page
                svg.append(Markup.fill(
                        "<circle class=\"dot c{c}\" data-case=\"{k}\" cx=\"{x}\" cy=\"{y}\" r=\"3.4\"><title>{t}</title></circle>",
                        "c",
                        "" + row.color % PageStyle.COLORS,
                        "k",
                        Markup.escape(row.caseIds.get(k)),
                        "x",
                        Markup.at(x.at(row.values[k])),
                        "y",
                        Markup.at(middle + jitter),
                        "t",
                        Markup.escape(row.caseIds.get(k) + ": " + Numbers.dice(row.values[k]))));
            }
        }
        if (Double.isFinite(row.mean) && Double.isFinite(row.ci95.get(0))) {
            svg.append(Markup.fill(
                    "<line class=\"interval\" x1=\"{a}\" x2=\"{b}\" y1=\"{y}\" y2=\"{y}\"/>"
                            + "<line class=\"mean\" x1=\"{m}\" x2=\"{m}\" y1=\"{t}\" y2=\"{u}\"/>",
                    "a",
                    Markup.at(x.at(row.ci95.get(0))),
                    "b",
                    Markup.at(x.at(row.ci95.get(1))),
                    "m",
                    Markup.at(x.at(row.mean)),
                    "y",
                    Markup.at(middle),
                    "t",
                    Markup.at(middle - 12),
                    "u",
                    Markup.at(middle + 12)));
        }
        svg.append("</g>");
    }
}
