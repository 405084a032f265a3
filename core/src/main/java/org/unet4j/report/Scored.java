package org.unet4j.report;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.unet4j.eval.CaseScores;
import org.unet4j.eval.Metric;
import org.unet4j.eval.Statistics;

/**
 * What a network, or one run of it, was scored.
 *
 * @param name what it is called on the page; its place among others is the number of its colour
 * @param scores of its cases
 * @param known what a benchmark has found out about it, intervals over seeds among that
 */
record Scored(String name, CaseScores scores, Optional<NetworkResult> known) {

    private static final long SEED = 1;

    /** Makes scores of which nothing else is known. */
    static Scored of(String name, CaseScores scores) {
        return new Scored(name, scores, Optional.empty());
    }

    /** Returns what a benchmark has found out about each network. */
    static List<Scored> of(BenchmarkResult result) {
        return result.networks().stream()
                .map(network -> new Scored(network.name(), new CaseScores(network.cases()), Optional.of(network)))
                .toList();
    }

    /** Returns the means over classes: one number a case, NaN where none is finite. */
    DotPlot.Row row(Metric metric, int color) {
        double[] values = scores.caseMeans(metric);
        Optional<List<Double>> interval = metric == Metric.DICE
                ? known.map(network -> network.mean().ci95())
                : known.flatMap(NetworkResult::boundary).map(NetworkResult.Boundary::nsdCi95);
        double mean = metric == Metric.DICE
                ? scores.meanDice()
                : scores.overall(metric).mean();
        return row(values, mean, interval, color);
    }

    /** Returns the values of one class. */
    DotPlot.Row row(Metric metric, int cls, int color) {
        double[] values = scores.values(metric, cls);
        Optional<List<Double>> interval = metric == Metric.DICE
                ? known.map(network -> network.classes().get(cls).dice().ci95())
                : Optional.empty();
        return row(values, scores.moments(metric, cls).mean(), interval, color);
    }

    private DotPlot.Row row(double[] values, double mean, Optional<List<Double>> interval, int color) {
        List<String> ids = scores.cases().stream().map(one -> one.caseId()).toList();
        double[] finite = Arrays.stream(values).filter(Double::isFinite).toArray();
        List<Double> ci95 = interval.orElseGet(() -> finite.length == 0
                ? List.of(Double.NaN, Double.NaN)
                : NetworkResult.ci95(Statistics.bootstrap95(finite, SEED)));
        return new DotPlot.Row(name, color, ids, values, mean, ci95);
    }
}
