package org.unet4j.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import org.unet4j.eval.Metric;

/** Dice, and NSD where it was measured, of every case: the means over classes, and class by class. */
final class ScorePlots {

    private static final int MOST_CLASSES = 8;

    private final List<Scored> scored;
    private final SortedMap<Integer, String> classNames;
    private final List<Metric> metrics;

    /** Makes the plots of networks that were scored on the same classes. */
    ScorePlots(List<Scored> scored, SortedMap<Integer, String> classNames) {
        this.scored = List.copyOf(scored);
        this.classNames = classNames;
        metrics = List.of(Metric.DICE, Metric.NSD).stream()
                .filter(metric ->
                        scored.stream().allMatch(one -> one.scores().metrics().contains(metric)))
                .toList();
    }

    String html() {
        StringBuilder html = new StringBuilder();
        if (classes().size() > 1) {
            html.append(card("Mean over classes", metric -> rows(metric)));
        }
        List<Integer> shown = shown();
        for (int cls : shown) {
            html.append(card(classNames.getOrDefault(cls, "class " + cls), metric -> rows(metric, cls)));
        }
        if (shown.size() < classes().size()) {
            html.append("<p class=\"note\">Shown are the " + shown.size() + " classes with the lowest mean Dice of "
                    + classes().size() + ".</p>");
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
                .limit(MOST_CLASSES)
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
