package org.unet4j.benchmark;

import java.util.ArrayList;
import java.util.Arrays;
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
import org.unet4j.eval.Wilcoxon;
import org.unet4j.report.NetworkResult;

/**
 * Scores of runs in, results of networks out: means over cases (each the mean over seeds), bootstrap intervals over cases
 * and seeds, and the paired difference to the baseline with Wilcoxon's test and Holm's correction.
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
        double[][] base = perSeed(byNetwork.get(networks.indexOf(baseline)), CaseScores::caseMeans);
        List<double[][]> differences = new ArrayList<>();
        List<Integer> compared = new ArrayList<>();
        for (int i = 0; i < networks.size(); i++) {
            differences.add(minus(perSeed(byNetwork.get(i), CaseScores::caseMeans), base));
            if (!networks.get(i).equals(baseline)) {
                compared.add(i);
            }
        }
        double[] p = compared.stream()
                .mapToDouble(i ->
                        Wilcoxon.signedRank(meanOverSeeds(differences.get(i))).pValue())
                .toArray();
        double[] corrected = Statistics.holm(p);
        List<NetworkResult> results = new ArrayList<>();
        for (int i = 0; i < networks.size(); i++) {
            int at = compared.indexOf(i);
            Optional<NetworkResult.Difference> difference = at < 0
                    ? Optional.empty()
                    : Optional.of(new NetworkResult.Difference(
                            baseline,
                            Statistics.mean(meanOverSeeds(differences.get(i))),
                            NetworkResult.ci95(Statistics.bootstrap95(differences.get(i), bootstrapSeed)),
                            p[at],
                            corrected[at]));
            results.add(result(networks.get(i), byNetwork.get(i), difference));
        }
        return results;
    }

    private NetworkResult result(String name, List<RunScores> runs, Optional<NetworkResult.Difference> difference) {
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
                boundary(runs, mean),
                classes,
                mean.cases(),
                difference,
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

    private Optional<NetworkResult.Boundary> boundary(List<RunScores> runs, CaseScores mean) {
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
                tolerances));
    }

    private static double[][] perSeed(List<RunScores> runs, Function<CaseScores, double[]> values) {
        return runs.stream()
                .map(run -> values.apply(new CaseScores(run.cases())))
                .toArray(double[][]::new);
    }

    private static double[][] minus(double[][] a, double[][] b) {
        double[][] difference = new double[a.length][];
        for (int i = 0; i < a.length; i++) {
            difference[i] = a[i].clone();
            for (int k = 0; k < a[i].length; k++) {
                difference[i][k] -= b[i][k];
            }
        }
        return difference;
    }

    private static double[] meanOverSeeds(double[][] values) {
        double[] means = new double[values[0].length];
        for (int k = 0; k < means.length; k++) {
            int at = k;
            means[k] = Arrays.stream(values).mapToDouble(row -> row[at]).sum() / values.length;
        }
        return means;
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
