package org.unet4j.report;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.unet4j.eval.CaseScores;
import org.unet4j.eval.Metric;
import org.unet4j.eval.Statistics;

/**
 * What a network, or one run of it, was scored.
 *
 * @param name what it is called on the page
 * @param color number of its colour
 * @param scores of its cases
 * @param known what a benchmark has found out about it, intervals over seeds among that
 */
record Scored(String name, int color, CaseScores scores, Optional<NetworkResult> known) {

    private static final long SEED = 1;

    /** Makes scores of which nothing else is known. */
    static Scored of(String name, int color, CaseScores scores) {
        return new Scored(name, color, scores, Optional.empty());
    }

    /** Returns what a benchmark has found out about each network. */
    static List<Scored> of(BenchmarkResult result) {
        List<NetworkResult> networks = result.networks();
        return IntStream.range(0, networks.size())
                .mapToObj(i -> new Scored(
                        networks.get(i).name(),
                        i,
                        new CaseScores(networks.get(i).cases()),
                        Optional.of(networks.get(i))))
                .toList();
    }

    /** Returns the means over classes: one number a case, NaN where none is finite. */
    DotPlot.Row row(Metric metric) {
        double[] values = scores.caseMeans(metric);
        Optional<List<Double>> interval = metric == Metric.DICE
                ? known.map(network -> network.mean().ci95())
                : known.flatMap(NetworkResult::boundary).map(NetworkResult.Boundary::nsdCi95);
        double mean = metric == Metric.DICE
                ? scores.meanDice()
                : scores.overall(metric).mean();
        return row(values, mean, interval);
    }

    /** Returns the values of one class. */
    DotPlot.Row row(Metric metric, int cls) {
        double[] values = scores.values(metric, cls);
        Optional<List<Double>> interval = metric == Metric.DICE
                ? known.map(network -> network.classes().get(cls).dice().ci95())
                : Optional.empty();
        return row(values, scores.moments(metric, cls).mean(), interval);
    }

    private DotPlot.Row row(double[] values, double mean, Optional<List<Double>> interval) {
        List<String> ids = scores.cases().stream().map(one -> one.caseId()).toList();
        double[] finite = Arrays.stream(values).filter(Double::isFinite).toArray();
        List<Double> ci95 = interval.orElseGet(() -> finite.length == 0
                ? List.of(Double.NaN, Double.NaN)
                : NetworkResult.ci95(Statistics.bootstrap95(finite, SEED)));
        return new DotPlot.Row(name, color, ids, values, mean, ci95);
    }
}
