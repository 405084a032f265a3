package org.unet4j.eval;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Several runs that were scored on the same cases, compared case by case: the first is what the others are compared with.
 *
 * @param cases how many cases there are
 * @param classes how many classes each case's number is the mean of
 * @param metrics one entry for each metric that all runs were measured by
 */
public record RunComparison(int cases, int classes, List<ByMetric> metrics) {

    /** What runs are compared by, as far as they were measured by it. */
    private static final List<Metric> COMPARED = List.of(Metric.DICE, Metric.NSD, Metric.HD95_MM);

    /** Copies the list. */
    public RunComparison {
        metrics = List.copyOf(metrics);
    }

    /**
     * The runs by one metric.
     *
     * @param metric what they are compared by: of each case, the mean over those classes for which it is finite
     * @param cases how many are compared: those for which every run has a finite number of at least one class
     * @param leftOut how many numbers, one for each class and case, are left out because a run has no finite one
     * @param runs in the order given; none where every case is left out
     * @param kendallTau how stable their order is: see {@link RankStability}
     */
    public record ByMetric(Metric metric, int cases, int leftOut, List<Run> runs, double kendallTau) {}

    /**
     * One run.
     *
     * @param name as given
     * @param mean over cases
     * @param ci95 bootstrap interval of the mean over cases, lower and upper end
     * @param without how many numbers, one for each class and case, this run has not: a mask is empty, and it may be this run's that is
     * @param difference to the first run; absent for itself
     * @param standing its rank and how stable it is
     */
    public record Run(
            String name,
            double mean,
            List<Double> ci95,
            int without,
            Optional<Difference> difference,
            RankStability.Standing standing) {}

    /**
     * A run's values minus the first run's, case by case.
     *
     * @param mean over cases
     * @param ci95 bootstrap interval of the mean, lower and upper end
     * @param p two-sided, of Wilcoxon's signed-rank test
     * @param pHolm corrected for the number of runs that are compared with the first
     */
    public record Difference(double mean, List<Double> ci95, double p, double pHolm) {}

    /**
     * Returns the comparison.
     *
     * @param names of the runs, at least two, all different
     * @param scores of each run
     * @param seed decides the draws of the bootstrap, the same for all
     * @throws IllegalArgumentException naming the first run that was scored on other cases, classes or tolerances than the first
     */
    public static RunComparison of(List<String> names, List<CaseScores> scores, long seed) {
        if (names.size() < 2
                || names.size() != scores.size()
                || names.stream().distinct().count() < names.size()) {
            throw new IllegalArgumentException(
                    "a comparison needs at least two runs of different names, given " + names);
        }
        for (int i = 1; i < names.size(); i++) {
            requireSame(names.get(0), scores.get(0), names.get(i), scores.get(i));
        }
        CaseScores first = scores.get(0);
        List<ByMetric> metrics = COMPARED.stream()
                .filter(metric -> scores.stream().allMatch(one -> one.metrics().contains(metric)))
                .map(metric -> byMetric(metric, names, scores, seed))
                .toList();
        return new RunComparison(first.cases().size(), first.classes().size(), metrics);
    }

    private static ByMetric byMetric(Metric metric, List<String> names, List<CaseScores> scores, long seed) {
        double[][] values = comparable(metric, scores);
        int leftOut = leftOut(metric, scores);
        int[] finite = IntStream.range(0, values[0].length)
                .filter(i -> Arrays.stream(values).allMatch(row -> Double.isFinite(row[i])))
                .toArray();
        if (finite.length == 0) {
            return new ByMetric(metric, 0, leftOut, List.of(), Double.NaN);
        }
        double[][] kept = Arrays.stream(values)
                .map(row -> Arrays.stream(finite).mapToDouble(i -> row[i]).toArray())
                .toArray(double[][]::new);
        double sign = metric.better() == Metric.Better.HIGHER ? 1 : -1;
        RankStability stability = RankStability.of(
                Arrays.stream(kept)
                        .map(row -> Arrays.stream(row).map(v -> sign * v).toArray())
                        .toArray(double[][]::new),
                seed);
        double[][] differences =
                Arrays.stream(kept).map(row -> minus(row, kept[0])).toArray(double[][]::new);
        double[] p = IntStream.range(1, kept.length)
                .mapToDouble(i -> Wilcoxon.signedRank(differences[i]).pValue())
                .toArray();
        double[] corrected = Statistics.holm(p);
        List<Run> runs = new ArrayList<>();
        for (int i = 0; i < kept.length; i++) {
            Optional<Difference> difference = i == 0
                    ? Optional.empty()
                    : Optional.of(new Difference(
                            Statistics.mean(differences[i]), ci95(differences[i], seed), p[i - 1], corrected[i - 1]));
            runs.add(new Run(
                    names.get(i),
                    Statistics.mean(kept[i]),
                    ci95(kept[i], seed),
                    scores.get(i).overall(metric).leftOut(),
                    difference,
                    stability.standings().get(i)));
        }
        return new ByMetric(metric, finite.length, leftOut, runs, stability.kendallTau());
    }

    private static int leftOut(Metric metric, List<CaseScores> scores) {
        int leftOut = 0;
        CaseScores first = scores.get(0);
        for (int i = 0; i < first.cases().size(); i++) {
            for (int cls : first.classes()) {
                int at = i;
                boolean all = scores.stream()
                        .allMatch(one -> Double.isFinite(metric.of(one.cases().get(at), cls)));
                leftOut += all ? 0 : 1;
            }
        }
        return leftOut;
    }

    /** Returns one row a run: of each case the mean over the classes for which the metric is finite in every run. */
    private static double[][] comparable(Metric metric, List<CaseScores> scores) {
        CaseScores first = scores.get(0);
        double[][] values = new double[scores.size()][first.cases().size()];
        for (int i = 0; i < first.cases().size(); i++) {
            int at = i;
            int[] classes = first.classes().stream()
                    .mapToInt(Integer::intValue)
                    .filter(cls -> scores.stream()
                            .allMatch(
                                    one -> Double.isFinite(metric.of(one.cases().get(at), cls))))
                    .toArray();
            for (int run = 0; run < values.length; run++) {
                CaseScore score = scores.get(run).cases().get(i);
                values[run][i] = Arrays.stream(classes)
                        .mapToDouble(cls -> metric.of(score, cls))
                        .average()
                        .orElse(Double.NaN);
            }
        }
        return values;
    }

    private static List<Double> ci95(double[] values, long seed) {
        Statistics.Interval interval = Statistics.bootstrap95(values, seed);
        return List.of(interval.low(), interval.high());
    }

    private static double[] minus(double[] row, double[] other) {
        return IntStream.range(0, row.length)
                .mapToDouble(i -> row[i] - other[i])
                .toArray();
    }

    private static void requireSame(String name, CaseScores scores, String otherName, CaseScores other) {
        List<String> ids = scores.cases().stream().map(CaseScore::caseId).toList();
        List<String> otherIds = other.cases().stream().map(CaseScore::caseId).toList();
        requireNone(ids, otherIds, name, otherName);
        requireNone(otherIds, ids, otherName, name);
        if (!scores.classes().equals(other.classes())) {
            throw new IllegalArgumentException("[" + name + "] has scores of the classes " + scores.classes() + ", ["
                    + otherName + "] of " + other.classes() + ": score both with the same classes");
        }
        if (!tolerances(scores).isEmpty()
                && !tolerances(other).isEmpty()
                && !tolerances(scores).equals(tolerances(other))) {
            throw new IllegalArgumentException("[" + name + "] was scored with tolerances of " + tolerances(scores)
                    + " mm by class, [" + otherName + "] of " + tolerances(other)
                    + ": score both with the same --tolerances");
        }
    }

    private static void requireNone(List<String> ids, List<String> otherIds, String name, String otherName) {
        List<String> missing = ids.stream().filter(id -> !otherIds.contains(id)).toList();
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException("[" + otherName + "] has no score of " + missing.size() + " of the "
                    + ids.size() + " cases of [" + name + "], such as " + missing.get(0)
                    + ": runs are compared on the same cases only");
        }
    }

    private static SortedMap<Integer, Double> tolerances(CaseScores scores) {
        SortedMap<Integer, Double> tolerances = new TreeMap<>();
        scores.classes().forEach(cls -> scores.toleranceMm(cls).ifPresent(mm -> tolerances.put(cls, mm)));
        return tolerances;
    }
}
