package org.unet4j.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.unet4j.eval.CaseScore;
import org.unet4j.eval.CaseScores;
import org.unet4j.eval.Metric;
import org.unet4j.eval.RunComparison;
import org.unet4j.eval.Statistics;
import org.unet4j.report.HtmlTable.Cell;

/**
 * The tables of trainings.
 *
 * @param runs at least one
 * @param comparison as in {@link RunSummary}
 */
record RunTables(List<RunResult> runs, Optional<RunComparison> comparison) {

    /** Returns the scores of each run; empty where none has any. */
    String accuracy() {
        if (runs.stream().noneMatch(run -> run.scores().isPresent())) {
            return "";
        }
        List<String> header = new ArrayList<>(List.of("run", "network", "cases", "mean Dice", "95 % interval"));
        comparison.ifPresent(found -> header.addAll(List.of("to the first", "p (Holm)")));
        header.addAll(List.of("sd over cases", "lowest case"));
        HtmlTable table = new HtmlTable("Dice on validation cases by run", header);
        for (int i = 0; i < runs.size(); i++) {
            RunResult run = runs.get(i);
            List<Cell> cells = new ArrayList<>(List.of(Cell.words(run.network())));
            if (run.scores().isPresent()) {
                cells.addAll(scored(run, run.scores().get()));
            } else {
                header.stream().skip(2).forEach(column -> cells.add(Cell.none()));
            }
            table.row(PageTables.named(i, run.name()), cells);
        }
        return table.html();
    }

    private List<Cell> scored(RunResult run, CaseScores scores) {
        double[] means = scores.caseMeans();
        List<Double> ci95 = Scored.of(run.name(), 0, scores).row(Metric.DICE).ci95();
        List<Cell> cells = new ArrayList<>(List.of(
                Cell.number("" + means.length, means.length),
                dice(scores.meanDice()),
                means.length > 1 ? Cell.number(Numbers.interval(ci95), ci95.get(0)) : Cell.none()));
        comparison.ifPresent(found -> {
            Optional<RunComparison.Difference> difference = found.metrics().get(0).runs().stream()
                    .filter(one -> one.name().equals(run.name()))
                    .findFirst()
                    .flatMap(RunComparison.Run::difference);
            cells.add(difference
                    .map(d -> Cell.number(
                            Numbers.signed(d.mean()) + "<small>" + Numbers.signedInterval(d.ci95()) + "</small>",
                            d.mean()))
                    .orElse(Cell.number("first", 0)));
            cells.add(difference
                    .map(d -> Cell.number(Markup.escape(Numbers.probability(d.pHolm())), d.pHolm()))
                    .orElse(Cell.none()));
        });
        cells.add(means.length > 1 ? dice(Statistics.standardDeviation(means)) : Cell.none());
        cells.add(dice(Arrays.stream(means).min().orElse(Double.NaN)));
        return cells;
    }

    private static Cell dice(double value) {
        return Cell.number(Numbers.dice(value), value);
    }

    private static Cell meanAndSpread(CaseScores scores, int cls) {
        if (!scores.classes().contains(cls)) {
            return Cell.none();
        }
        var moments = scores.moments(Metric.DICE, cls);
        return Cell.number(Numbers.dice(moments.mean()) + " \u00b1 " + Numbers.dice(moments.sd()), moments.mean());
    }

    /** Returns Dice by class, a column a run with scores; a dash where the run has no such class. */
    String classes(SortedMap<Integer, String> classNames) {
        List<RunResult> scored =
                runs.stream().filter(run -> run.scores().isPresent()).toList();
        List<String> header = new ArrayList<>(List.of("class"));
        scored.forEach(run -> header.add(Markup.escape(run.name())));
        HtmlTable table = new HtmlTable("Dice by class and run", header);
        classNames.forEach((cls, name) -> {
            List<Cell> cells = new ArrayList<>();
            for (RunResult run : scored) {
                cells.add(meanAndSpread(run.scores().orElseThrow(), cls));
            }
            table.row(Markup.escape(name), cells);
        });
        return table.html();
    }

    /** Returns every case's Dice of {@code run} by class, the worst first, and of more than {@code characters} the number. */
    static String cases(RunResult run, int characters) {
        CaseScores scores = run.scores().orElseThrow();
        List<String> header = new ArrayList<>(List.of("case", "mean"));
        scores.classes()
                .forEach(cls -> header.add(Markup.escape(run.classNames().getOrDefault(cls, "class " + cls))));
        HtmlTable table = new HtmlTable("Dice of every case of " + run.name(), header).atMost(characters);
        scores.cases().stream()
                .sorted(Comparator.comparingDouble(CaseScore::meanDice))
                .forEach(score -> {
                    List<Cell> cells = new ArrayList<>(List.of(dice(score.meanDice())));
                    score.dice().values().forEach(value -> cells.add(dice(value)));
                    table.row(Markup.escape(score.caseId()), cells);
                });
        return table.html();
    }

    /** Returns what each run cost. */
    String cost() {
        HtmlTable table = new HtmlTable(
                "Time and memory by run",
                List.of(
                        "run",
                        "steps",
                        "parameters",
                        "training",
                        "validation",
                        "voxels<br>a second",
                        "waiting<br>for data",
                        "peak<br>memory"));
        for (int i = 0; i < runs.size(); i++) {
            RunResult run = runs.get(i);
            List<Cell> cells = new ArrayList<>(List.of(Cell.number(
                    run.step() == run.steps() ? "" + run.step() : run.step() + " of " + run.steps(), run.step())));
            cells.addAll(run.end().map(RunTables::cost).orElse(Collections.nCopies(6, Cell.none())));
            table.row(PageTables.named(i, run.name()), cells);
        }
        return table.html();
    }

    private static List<Cell> cost(RunResult.End end) {
        return List.of(
                Cell.number(Numbers.count((double) end.parameters()), end.parameters()),
                Cell.number(Numbers.duration(end.trainSeconds()), end.trainSeconds()),
                Cell.number(Numbers.duration(end.validationSeconds()), end.validationSeconds()),
                Cell.number(Numbers.count(end.voxelsPerSecond()), end.voxelsPerSecond()),
                Cell.number(Numbers.percent(end.waitShare()), end.waitShare()),
                end.peakMemoryBytes().isPresent()
                        ? Cell.number(
                                Numbers.bytes(end.peakMemoryBytes().getAsLong()),
                                end.peakMemoryBytes().getAsLong())
                        : Cell.none());
    }
}
