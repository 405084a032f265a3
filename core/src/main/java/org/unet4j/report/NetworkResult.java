package org.unet4j.report;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import org.unet4j.eval.CaseScore;
import org.unet4j.eval.Moments;
import org.unet4j.eval.Robustness;
import org.unet4j.eval.Statistics.Interval;

/**
 * What a benchmark found about one network.
 *
 * @param name such as {@code attention-unet}
 * @param mean over foreground classes and cases
 * @param robustness of the cases' means over classes
 * @param boundary how well outlines fit; absent where the runs were scored by Dice alone, as early versions did
 * @param classes by class number
 * @param cases every case, the mean over seeds
 * @param difference to the baseline; absent for the baseline itself
 * @param seedMeans the mean Dice of each seed's run
 * @param parameters trained numbers
 * @param multiplyAdds of one patch's forward pass
 * @param trainSeconds of one run, the mean over seeds; validation not included
 * @param voxelsPerSecond patch voxels that training takes in a second
 * @param waitShare the share of training that waited for data, in [0, 1]
 * @param predictSecondsPerCase from a scan in memory to labels on its own grid
 * @param peakMemoryBytes most resident memory while this network trained and predicted; absent where the system does
 *     not say
 * @param peakDeviceBytes most GPU memory; absent on the CPU
 */
public record NetworkResult(
        String name,
        Mean mean,
        Robustness robustness,
        Optional<Boundary> boundary,
        SortedMap<Integer, ClassResult> classes,
        List<CaseScore> cases,
        Optional<Difference> difference,
        List<Double> seedMeans,
        long parameters,
        long multiplyAdds,
        double trainSeconds,
        double voxelsPerSecond,
        double waitShare,
        double predictSecondsPerCase,
        OptionalLong peakMemoryBytes,
        OptionalLong peakDeviceBytes) {

    /**
     * The mean over foreground classes of the means over cases.
     *
     * @param dice in [0, 1]
     * @param sd the sample standard deviation of the cases' means over classes
     * @param ci95 bootstrap interval over cases, and over seeds where there are several
     */
    public record Mean(double dice, double sd, List<Double> ci95) {}

    /**
     * How well outlines fit.
     *
     * @param nsd normalised surface Dice, the mean over foreground classes of the means over cases
     * @param nsdCi95 its bootstrap interval over cases, and over seeds where there are several
     * @param hd95Mm 95th percentile of the Hausdorff distance, the mean over classes of the means over those cases for which it is
     *     finite; NaN where there is none
     * @param hd95LeftOut for how many of classes and cases it is not finite: a mask is empty
     * @param toleranceMm by class number
     * @param difference of the NSD to the baseline's; absent for the baseline itself, and in results of early versions
     */
    public record Boundary(
            double nsd,
            List<Double> nsdCi95,
            double hd95Mm,
            int hd95LeftOut,
            SortedMap<Integer, Double> toleranceMm,
            Optional<NsdDifference> difference) {}

    /**
     * This network's NSD minus the baseline's, case by case.
     *
     * @param nsd the mean difference
     * @param ci95 bootstrap interval of the mean difference
     * @param p two-sided, of Wilcoxon's signed-rank test over cases
     * @param pHolm corrected for the number of networks compared
     */
    public record NsdDifference(double nsd, List<Double> ci95, double p, double pHolm) {}

    /**
     * One class.
     *
     * @param dice over cases
     * @param robustness over cases
     * @param measures the others by {@link org.unet4j.eval.Metric#key()}; absent where the runs were scored by Dice alone
     */
    public record ClassResult(DiceResult dice, Robustness robustness, Optional<Map<String, Moments>> measures) {}

    /**
     * One class's Dice over cases.
     *
     * @param mean in [0, 1]
     * @param sd sample standard deviation over cases
     * @param ci95 bootstrap interval, lower and upper end
     */
    public record DiceResult(double mean, double sd, List<Double> ci95) {}

    /**
     * This network's Dice minus the baseline's, case by case.
     *
     * @param baseline its name
     * @param dice the mean difference
     * @param ci95 bootstrap interval of the mean difference
     * @param p two-sided, of Wilcoxon's signed-rank test over cases
     * @param pHolm corrected for the number of networks compared
     */
    public record Difference(String baseline, double dice, List<Double> ci95, double p, double pHolm) {

        /** Returns whether the corrected p is below 0.05. */
        public boolean isSignificant() {
            return pHolm < 0.05;
        }
    }

    /** Returns an interval as the list that the file holds. */
    public static List<Double> ci95(Interval interval) {
        return List.of(interval.low(), interval.high());
    }
}
