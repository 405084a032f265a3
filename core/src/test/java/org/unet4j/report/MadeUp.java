package org.unet4j.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.unet4j.eval.CaseScore;
import org.unet4j.eval.CaseScores;
import org.unet4j.eval.ClassMeasures;
import org.unet4j.eval.Metric;
import org.unet4j.eval.Robustness;
import org.unet4j.eval.Statistics;

/** Results that nobody measured. */
final class MadeUp {

    private static final double NONE = Double.POSITIVE_INFINITY;

    private MadeUp() {}

    static NetworkResult network(String name, double shift, Optional<NetworkResult.Difference> difference, int cases) {
        List<CaseScore> scores = new ArrayList<>();
        for (int i = 0; i < cases; i++) {
            double dice = 0.7 + 0.2 * i / Math.max(1, cases - 1) + shift;
            scores.add(new CaseScore(
                    "case_%02d".formatted(i),
                    new TreeMap<>(Map.of(1, dice, 2, dice - 0.1)),
                    Optional.of(
                            new TreeMap<>(Map.of(1, measures(dice, 2), 2, measures(dice - 0.1, i == 0 ? NONE : 3))))));
        }
        CaseScores all = new CaseScores(scores);
        TreeMap<Integer, NetworkResult.ClassResult> classes = new TreeMap<>();
        for (int cls : all.classes()) {
            classes.put(
                    cls,
                    new NetworkResult.ClassResult(
                            new NetworkResult.DiceResult(
                                    Statistics.mean(all.dice(cls)),
                                    Statistics.standardDeviation(all.dice(cls)),
                                    NetworkResult.ci95(Statistics.bootstrap95(all.dice(cls), 1))),
                            Robustness.of(all.dice(cls)),
                            Optional.of(Map.of("nsd", all.moments(Metric.NSD, cls)))));
        }
        return new NetworkResult(
                name,
                new NetworkResult.Mean(
                        all.meanDice(),
                        Statistics.standardDeviation(all.caseMeans()),
                        NetworkResult.ci95(Statistics.bootstrap95(all.caseMeans(), 1))),
                Robustness.of(all.caseMeans()),
                Optional.of(new NetworkResult.Boundary(
                        all.overall(Metric.NSD).mean(),
                        NetworkResult.ci95(Statistics.bootstrap95(all.caseMeans(Metric.NSD), 1)),
                        all.overall(Metric.HD95_MM).mean(),
                        all.overall(Metric.HD95_MM).leftOut(),
                        new TreeMap<>(Map.of(1, 1.0, 2, 1.0)),
                        difference.map(d -> new NetworkResult.NsdDifference(0.021, d.ci95(), 0.01, 0.02)))),
                classes,
                all.cases(),
                difference,
                List.of(all.meanDice()),
                1_402_310,
                12_300_000_000L,
                653,
                611_000,
                0.004,
                0.41,
                OptionalLong.of(2_100_000_000L),
                OptionalLong.empty());
    }

    private static ClassMeasures measures(double nsd, double hd95Mm) {
        return new ClassMeasures(nsd / 2, nsd, nsd, 1, 0.1, hd95Mm, 1, nsd, 1);
    }

    static Optional<NetworkResult.Difference> difference(double dice, double p) {
        return Optional.of(
                new NetworkResult.Difference("unet", dice, List.of(dice - 0.001, dice + 0.001), p, Math.min(1, 2 * p)));
    }

    static BenchmarkResult result(String dataset, int cases, NetworkResult... more) {
        List<NetworkResult> networks = new ArrayList<>(List.of(network("unet", 0, Optional.empty(), cases)));
        networks.addAll(List.of(more));
        return new BenchmarkResult(
                dataset,
                "3f2a91c07be4d512",
                "fold 0",
                1,
                1,
                1200,
                "unet",
                new TreeMap<>(Map.of(1, "Anterior", 2, "Posterior")),
                networks,
                new TreeMap<>(Map.of("commit", "0b1c2d3", "java", "17")));
    }

    static BenchmarkResult twoNetworks() {
        return result("Task04", 5, network("resunet", 0.004, difference(0.004, 0.01), 5));
    }
}
