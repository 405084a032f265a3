package org.unet4j.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.unet4j.eval.Metric;
import org.unet4j.eval.RunComparison;

/** A comparison of runs as tables for a terminal, one for each metric. */
public final class ComparisonTable {

    private static final String NONE = "\u2013";

    private final RunComparison comparison;

    /** Makes the tables of {@code comparison}. */
    public ComparisonTable(RunComparison comparison) {
        this.comparison = comparison;
    }

    /** Returns the tables and what they leave out. */
    public String text() {
        StringBuilder text = new StringBuilder();
        for (RunComparison.ByMetric one : comparison.metrics()) {
            text.append(text.isEmpty() ? "" : "\n").append(one.metric().label());
            text.append(comparison.classes() > 1 ? ", of each case the mean over classes" : "");
            text.append(": ").append(Summary.cases(one.cases())).append('\n');
            if (!one.runs().isEmpty()) {
                text.append(table(one).text());
                text.append(stability(one));
            }
            text.append(leftOut(one));
        }
        return text.toString();
    }

    /** Who misses a class has no distance for it, and would otherwise look better for it. */
    private String leftOut(RunComparison.ByMetric one) {
        if (one.leftOut() == 0) {
            return "";
        }
        String runs = one.runs().stream()
                .filter(run -> run.without() > 0)
                .map(run -> run.name() + " " + run.without())
                .collect(Collectors.joining(", "));
        return "Left out, for all runs, are " + one.leftOut() + " of " + comparison.cases() * comparison.classes()
                + (comparison.classes() > 1 ? " classes of cases" : " cases") + ", of which a mask is empty in a run"
                + (runs.isEmpty() ? ".\n" : ": " + runs + ".\n");
    }

    private static String stability(RunComparison.ByMetric one) {
        return Double.isNaN(one.kendallTau())
                ? ""
                : String.format(
                        Locale.ROOT,
                        "Order of the runs when cases are drawn anew: Kendall's tau %.2f to the order above.\n",
                        one.kendallTau());
    }

    private static TextTable table(RunComparison.ByMetric one) {
        List<List<String>> rows = new ArrayList<>();
        for (RunComparison.Run run : one.runs()) {
            List<String> row = new ArrayList<>(List.of(
                    run.name(), ScoreTable.number(one.metric(), run.mean()), interval(one.metric(), run.ci95())));
            row.addAll(run.difference()
                    .map(d -> List.of(
                            signed(one.metric(), d.mean()),
                            signed(one.metric(), d.ci95().get(0)) + " to "
                                    + signed(one.metric(), d.ci95().get(1)),
                            Numbers.probability(d.p()),
                            Numbers.probability(d.pHolm())))
                    .orElse(List.of(NONE, NONE, NONE, NONE)));
            row.add(Numbers.plain(run.standing().rank()));
            row.add(Numbers.plain(run.standing().lowRank()) + " to "
                    + Numbers.plain(run.standing().highRank()));
            row.add(Numbers.percent(run.standing().firstShare()));
            rows.add(row);
        }
        return new TextTable(
                List.of(
                        "run",
                        "mean",
                        "95 % interval",
                        "to the first",
                        "95 % interval",
                        "p",
                        "p (Holm)",
                        "rank",
                        "95 %",
                        "first in"),
                rows);
    }

    private static String interval(Metric metric, List<Double> ci95) {
        return ScoreTable.number(metric, ci95.get(0)) + " to " + ScoreTable.number(metric, ci95.get(1));
    }

    private static String signed(Metric metric, double value) {
        String digits = String.format(Locale.ROOT, "%." + metric.digits() + "f", Math.abs(value));
        boolean zero = digits.chars().allMatch(c -> c == '0' || c == '.');
        return zero ? digits : (value < 0 ? "\u2212" : "+") + digits;
    }
}
