package org.unet4j.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.unet4j.eval.CaseScore;
import org.unet4j.eval.CaseScores;
import org.unet4j.eval.Metric;
import org.unet4j.eval.Moments;
import org.unet4j.eval.Statistics;

/** Scores as a table for a terminal: class by class, or case by case. */
public final class ScoreTable {

    private static final String NONE = "\u2013";
    private static final List<Metric> SHOWN = List.of(
            Metric.NSD,
            Metric.HD95_MM,
            Metric.ASD_MM,
            Metric.IOU,
            Metric.PRECISION,
            Metric.RECALL,
            Metric.VOLUME_DIFFERENCE_ML,
            Metric.RELATIVE_VOLUME_DIFFERENCE);

    private final CaseScores scores;
    private final SortedMap<Integer, String> names;
    private final List<Metric> metrics;

    /**
     * Makes the tables of {@code scores}.
     *
     * @param names of classes; those without one are told by their number
     */
    public ScoreTable(CaseScores scores, SortedMap<Integer, String> names) {
        this.scores = scores;
        this.names = Collections.unmodifiableSortedMap(new TreeMap<>(names));
        metrics = SHOWN.stream().filter(scores.metrics()::contains).toList();
    }

    /** Returns the means over cases, a line a class, the mean over classes, and what they leave out. */
    public String classes() {
        List<List<String>> rows = new ArrayList<>();
        for (int cls : scores.classes()) {
            Moments dice = scores.moments(Metric.DICE, cls);
            List<String> row = new ArrayList<>(List.of(name(cls), dice(dice.mean(), dice.sd())));
            metrics.forEach(
                    metric -> row.add(number(metric, scores.moments(metric, cls).mean())));
            rows.add(row);
        }
        if (scores.classes().size() > 1) {
            List<String> row = new ArrayList<>(
                    List.of("mean", dice(scores.meanDice(), Statistics.standardDeviation(scores.caseMeans()))));
            metrics.forEach(
                    metric -> row.add(number(metric, scores.overall(metric).mean())));
            rows.add(row);
        }
        List<String> header = new ArrayList<>(List.of("class", "Dice \u00b1 sd"));
        metrics.forEach(metric -> header.add(metric.label()));
        return new TextTable(header, rows).text() + notes();
    }

    /** Returns a line for each case and class. */
    public String cases() {
        List<List<String>> rows = new ArrayList<>();
        for (CaseScore score : scores.cases()) {
            for (int cls : scores.classes()) {
                List<String> row = new ArrayList<>(
                        List.of(score.caseId(), name(cls), number(Metric.DICE, Metric.DICE.of(score, cls))));
                metrics.forEach(metric -> row.add(number(metric, metric.of(score, cls))));
                rows.add(row);
            }
        }
        List<String> header = new ArrayList<>(List.of("case", "class", Metric.DICE.label()));
        metrics.forEach(metric -> header.add(metric.label()));
        return new TextTable(header, rows).text();
    }

    private static String dice(double mean, double sd) {
        return Numbers.dice(mean) + " \u00b1 " + Numbers.dice(sd);
    }

    private String notes() {
        StringBuilder notes = new StringBuilder();
        if (metrics.contains(Metric.NSD)) {
            notes.append("NSD within ").append(tolerances()).append(" mm.");
            notes.append(" \u0394V: difference of the volumes; \u0394V/V: positive where too much was predicted.\n");
        }
        int values = scores.cases().size() * scores.classes().size();
        for (Metric metric : metrics) {
            int infinite = scores.classes().stream()
                    .mapToInt(cls -> scores.moments(metric, cls).infinite())
                    .sum();
            int undefined = scores.classes().stream()
                    .mapToInt(cls -> scores.moments(metric, cls).undefined())
                    .sum();
            if (infinite + undefined > 0) {
                notes.append(String.format(
                        Locale.ROOT,
                        "%s: without %d of %d%s.\n",
                        metric.label(),
                        infinite + undefined,
                        values,
                        infinite == 0 ? "" : ", " + infinite + " of them infinite (one mask empty)"));
            }
        }
        neverPredicted().forEach(cls -> notes.append(name(cls)).append(": in no prediction.\n"));
        return notes.toString();
    }

    private List<Integer> neverPredicted() {
        if (!scores.metrics().contains(Metric.PRECISION)) {
            return List.of();
        }
        return scores.classes().stream()
                .filter(cls ->
                        Arrays.stream(scores.values(Metric.PRECISION, cls)).allMatch(Double::isNaN))
                .filter(cls -> Arrays.stream(scores.values(Metric.RECALL, cls)).anyMatch(Double::isFinite))
                .toList();
    }

    private String tolerances() {
        TreeSet<Double> different = scores.classes().stream()
                .map(cls -> scores.toleranceMm(cls).orElseThrow())
                .collect(Collectors.toCollection(TreeSet::new));
        if (different.size() == 1) {
            return Numbers.plain(different.first());
        }
        return scores.classes().stream()
                .map(cls -> Numbers.plain(scores.toleranceMm(cls).orElseThrow()) + " (" + name(cls) + ")")
                .collect(Collectors.joining(", "));
    }

    private String name(int cls) {
        return names.containsKey(cls) ? cls + " " + names.get(cls) : Integer.toString(cls);
    }

    static String number(Metric metric, double value) {
        if (Double.isNaN(value)) {
            return NONE;
        }
        return Double.isInfinite(value) ? "\u221e" : String.format(Locale.ROOT, "%." + metric.digits() + "f", value);
    }
}
