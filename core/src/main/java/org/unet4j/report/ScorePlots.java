package org.unet4j.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import org.unet4j.eval.Metric;

/** Dice, and NSD where it was measured, of every case: the means over classes, and class by class. */
final class ScorePlots {

    /** The most dots that a page has, of 170 bytes each. */
    static final int MOST_DOTS = 20_000;

    private static final int MOST_CLASSES = 8;

    private final List<Scored> scored;
    private final SortedMap<Integer, String> classNames;
    private final List<Metric> metrics;
    private final int mostCards;

    /** Makes the plots of networks that were scored on the same classes, as many as {@code mostDots} allow. */
    ScorePlots(List<Scored> scored, SortedMap<Integer, String> classNames, int mostDots) {
        this.scored = List.copyOf(scored);
        this.classNames = classNames;
        metrics = List.of(Metric.DICE, Metric.NSD).stream()
                .filter(metric ->
                        scored.stream().allMatch(one -> one.scores().metrics().contains(metric)))
                .toList();
        int dots = metrics.size()
                * scored.stream().mapToInt(one -> one.scores().cases().size()).sum();
        mostCards = mostDots / dots;
    }

    String html() {
        if (mostCards == 0) {
            return "<p class=\"note\">There are too many cases to draw a dot for each.</p>";
        }
        StringBuilder html = new StringBuilder();
        if (classes().size() > 1) {
            html.append(card("Mean over classes", metric -> rows(metric)));
        }
        List<Integer> shown = shown();
        for (int cls : shown) {
            html.append(card(classNames.getOrDefault(cls, "class " + cls), metric -> rows(metric, cls)));
        }
        if (shown.size() < classes().size()) {
            html.append("<p class=\"note\">Shown class by class are the " + shown.size()
                    + " with the lowest mean Dice of " + classes().size() + ".</p>");
        }
        return html.toString();
    }

    private List<Integer> classes() {
        return List.copyOf(scored.get(0).scores().classes());
    }

    /** Returns all classes, or those that it pays to look at. */
    private List<Integer> shown() {
        return classes().stream()
                .sorted(Comparator.comparingDouble(cls -> scored.stream()
                        .mapToDouble(
                                one -> one.scores().moments(Metric.DICE, cls).mean())
                        .sum()))
                .limit(Math.min(MOST_CLASSES, classes().size() > 1 ? mostCards - 1 : 1))
                .sorted()
                .toList();
    }

    @FunctionalInterface
    private interface Rows {
        List<DotPlot.Row> of(Metric metric);
    }

    private List<DotPlot.Row> rows(Metric metric) {
        return scored.stream().map(one -> one.row(metric)).toList();
    }

    private List<DotPlot.Row> rows(Metric metric, int cls) {
        return scored.stream().map(one -> one.row(metric, cls)).toList();
    }

    private String card(String name, Rows rows) {
        List<String> plots = new ArrayList<>();
        for (Metric metric : metrics) {
            plots.add("<figure>"
                    + new DotPlot(metric.label() + " of every case, " + name, metric.label(), rows.of(metric)).svg()
                    + "</figure>");
        }
        return "<div class=\"card\"><h3>" + Markup.escape(name) + "</h3><div class=\"two\">" + String.join("", plots)
                + "</div></div>";
    }
}
