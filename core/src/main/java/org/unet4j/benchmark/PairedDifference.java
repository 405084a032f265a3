package org.unet4j.benchmark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.unet4j.eval.Statistics;
import org.unet4j.eval.Wilcoxon;
import org.unet4j.report.NetworkResult;

/**
 * A network's values minus the baseline's, case by case and seed by seed.
 *
 * @param mean over cases
 * @param ci95 bootstrap interval of the mean, over cases and seeds
 * @param p two-sided, of Wilcoxon's signed-rank test over cases, each the mean over seeds
 * @param pHolm corrected for the number of networks that are compared with the baseline
 */
record PairedDifference(double mean, List<Double> ci95, double p, double pHolm) {

    /**
     * Returns the difference of each network, empty for the baseline.
     *
     * @param values one table a network: a row a seed, a column a case
     * @param baseline which of them is the baseline
     * @param bootstrapSeed decides the draws
     */
    static List<Optional<PairedDifference>> to(int baseline, List<double[][]> values, long bootstrapSeed) {
        List<double[][]> differences = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            if (i != baseline) {
                differences.add(minus(values.get(i), values.get(baseline)));
            }
        }
        double[] p = differences.stream()
                .mapToDouble(one -> Wilcoxon.signedRank(meanOverSeeds(one)).pValue())
                .toArray();
        double[] corrected = Statistics.holm(p);
        List<Optional<PairedDifference>> results = new ArrayList<>();
        for (int i = 0; i < p.length; i++) {
            double[][] one = differences.get(i);
            results.add(Optional.of(new PairedDifference(
                    Statistics.mean(meanOverSeeds(one)),
                    NetworkResult.ci95(Statistics.bootstrap95(one, bootstrapSeed)),
                    p[i],
                    corrected[i])));
        }
        results.add(baseline, Optional.empty());
        return results;
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
}
