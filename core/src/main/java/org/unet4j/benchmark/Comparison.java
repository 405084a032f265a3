package org.unet4j.benchmark;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.unet4j.eval.CaseScores;
import org.unet4j.eval.Metric;
import org.unet4j.eval.Robustness;
import org.unet4j.eval.Statistics;
import org.unet4j.report.NetworkResult;

/**
 * Scores of runs in, results of networks out: means over cases (each the mean over seeds), bootstrap intervals over cases
 * and seeds, and the paired differences to the baseline, in Dice and in NSD, with Wilcoxon's test and Holm's correction.
 */
final class Comparison {

    private final String baseline;
    private final long bootstrapSeed;

    /**
     * Makes a comparison with {@code baseline}.
     *
     * @param bootstrapSeed decides the draws: the same for all, so that equal scores give equal intervals
     */
    Comparison(String baseline, long bootstrapSeed) {
        this.baseline = baseline;
        this.bootstrapSeed = bootstrapSeed;
    }

    /** Returns a result for each of {@code networks}, all of which have the same seeds and cases in {@code runs}. */
    List<NetworkResult> of(List<String> networks, List<RunScores> runs) {
        List<List<RunScores>> byNetwork = networks.stream()
                .map(name ->
                        runs.stream().filter(run -> run.network().equals(name)).toList())
                .toList();
        requireSame(byNetwork);
        int base = networks.indexOf(baseline);
        List<Optional<PairedDifference>> dice =
                PairedDifference.to(base, perNetwork(byNetwork, CaseScores::caseMeans), bootstrapSeed);
        boolean measured = runs.stream()
                .allMatch(run -> new CaseScores(run.cases()).metrics().contains(Metric.NSD));
        List<Optional<PairedDifference>> nsd = measured
                ? PairedDifference.to(
                        base, perNetwork(byNetwork, scores -> scores.caseMeans(Metric.NSD)), bootstrapSeed)
                : Collections.nCopies(networks.size(), Optional.empty());
        List<NetworkResult> results = new ArrayList<>();
        for (int i = 0; i < networks.size(); i++) {
            results.add(result(networks.get(i), byNetwork.get(i), dice.get(i), nsd.get(i)));
        }
        return results;
    }

    private static List<double[][]> perNetwork(List<List<RunScores>> byNetwork, Function<CaseScores, double[]> values) {
        return byNetwork.stream().map(runs -> perSeed(runs, values)).toList();
    }

    private NetworkResult result(
            String name, List<RunScores> runs, Optional<PairedDifference> dice, Optional<PairedDifference> nsd) {
        List<CaseScores> seeds =
                runs.stream().map(run -> new CaseScores(run.cases())).toList();
        CaseScores mean = CaseScores.average(seeds);
        SortedMap<Integer, NetworkResult.ClassResult> classes = new TreeMap<>();
        for (int cls : mean.classes()) {
            double[][] values = perSeed(runs, scores -> scores.dice(cls));
            classes.put(
                    cls,
                    new NetworkResult.ClassResult(
                            new NetworkResult.DiceResult(
                                    Statistics.mean(mean.dice(cls)),
                                    Statistics.standardDeviation(mean.dice(cls)),
                                    NetworkResult.ci95(Statistics.bootstrap95(values, bootstrapSeed))),
                            Robustness.of(mean.dice(cls)),
                            mean.report().classes().get(Integer.toString(cls)).measures()));
        }
        return new NetworkResult(
                name,
                new NetworkResult.Mean(
                        mean.meanDice(),
                        Statistics.standardDeviation(mean.caseMeans()),
                        NetworkResult.ci95(
                                Statistics.bootstrap95(perSeed(runs, CaseScores::caseMeans), bootstrapSeed))),
                Robustness.of(mean.caseMeans()),
                boundary(runs, mean, nsd),
                classes,
                mean.cases(),
                dice.map(d -> new NetworkResult.Difference(baseline, d.mean(), d.ci95(), d.p(), d.pHolm())),
                seeds.stream().map(CaseScores::meanDice).toList(),
                runs.get(0).parameters(),
                runs.get(0).multiplyAdds(),
                mean(runs, RunScores::trainSeconds),
                mean(runs, RunScores::voxelsPerSecond),
                mean(runs, RunScores::waitShare),
                mean(runs, RunScores::predictSecondsPerCase),
                most(runs, RunScores::peakMemoryBytes),
                most(runs, RunScores::peakDeviceBytes));
    }

    private Optional<NetworkResult.Boundary> boundary(
            List<RunScores> runs, CaseScores mean, Optional<PairedDifference> difference) {
        if (!mean.metrics().contains(Metric.NSD)) {
            return Optional.empty();
        }
        SortedMap<Integer, Double> tolerances = new TreeMap<>();
        mean.classes().forEach(cls -> tolerances.put(cls, mean.toleranceMm(cls).orElseThrow()));
        double[][] nsd = perSeed(runs, scores -> scores.caseMeans(Metric.NSD));
        CaseScores.Overall hd95 = mean.overall(Metric.HD95_MM);
        return Optional.of(new NetworkResult.Boundary(
                mean.overall(Metric.NSD).mean(),
                NetworkResult.ci95(Statistics.bootstrap95(nsd, bootstrapSeed)),
                hd95.mean(),
                hd95.leftOut(),
                tolerances,
                difference.map(d -> new NetworkResult.NsdDifference(d.mean(), d.ci95(), d.p(), d.pHolm()))));
    }

    private static double[][] perSeed(List<RunScores> runs, Function<CaseScores, double[]> values) {
        return runs.stream()
                .map(run -> values.apply(new CaseScores(run.cases())))
                .toArray(double[][]::new);
    }

    private static double mean(List<RunScores> runs, ToDoubleFunction<RunScores> value) {
        return runs.stream().mapToDouble(value).average().orElseThrow();
    }

    private static OptionalLong most(List<RunScores> runs, Function<RunScores, OptionalLong> value) {
        return runs.stream().map(value).flatMapToLong(OptionalLong::stream).max();
    }

    private static void requireSame(List<List<RunScores>> byNetwork) {
        List<List<String>> first = asked(byNetwork.get(0));
        for (List<RunScores> runs : byNetwork) {
            if (runs.isEmpty() || !asked(runs).equals(first)) {
                throw new IllegalArgumentException(
                        "every network must be scored with the same seeds on the same cases, given " + asked(runs)
                                + " and " + first);
            }
        }
    }

    private static List<List<String>> asked(List<RunScores> runs) {
        return runs.stream()
                .map(run -> {
                    List<String> names = new ArrayList<>(List.of("seed " + run.seed()));
                    new CaseScores(run.cases()).cases().forEach(score -> names.add(score.caseId()));
                    return names;
                })
                .toList();
    }
}
