package org.unet4j.report;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.unet4j.eval.CaseScores;
import org.unet4j.prep.Fingerprint;
import org.unet4j.prep.Plan;

/**
 * What is known of one training, as far as it got.
 *
 * @param name what it is called, such as its folder
 * @param network such as {@code attention-unet}
 * @param step how many steps are done
 * @param steps how many there shall be
 * @param trainingCases how many cases it learns from
 * @param loss of each step
 * @param dice of the validations during training
 * @param end how it ended; empty where it has not
 * @param plan that its cases were prepared by
 * @param fingerprint of the dataset; empty where it was not kept
 * @param provenance commit, versions, seed, device and command
 */
public record RunResult(
        String name,
        String network,
        int step,
        int steps,
        int trainingCases,
        List<LineChart.Point> loss,
        List<LineChart.Point> dice,
        Optional<End> end,
        Plan plan,
        Optional<Fingerprint> fingerprint,
        SortedMap<String, String> provenance) {

    /** Copies the collections. */
    public RunResult {
        loss = List.copyOf(loss);
        dice = List.copyOf(dice);
        provenance = Collections.unmodifiableSortedMap(new TreeMap<>(provenance));
    }

    /**
     * How a training ended.
     *
     * @param last scores of the last weights on all validation cases, by Dice on the prepared grid; empty where no case was held out
     * @param best what the weights have that validation picked; empty where they are the last
     * @param trainSeconds of all steps
     * @param validationSeconds of all validations
     * @param voxelsPerSecond patch voxels learned from a second
     * @param waitShare the share of training that waited for data
     * @param parameters trained numbers
     * @param peakMemoryBytes most resident memory; absent where the system does not say, or an earlier version trained
     */
    public record End(
            Optional<CaseScores> last,
            Optional<Best> best,
            double trainSeconds,
            double validationSeconds,
            double voxelsPerSecond,
            double waitShare,
            long parameters,
            OptionalLong peakMemoryBytes) {}

    /**
     * The weights that validation picked.
     *
     * @param step when they were
     * @param dice on all validation cases, some of which they were picked on
     */
    public record Best(int step, double dice) {}

    /** Returns the scores of the last weights; empty where there are none, or not yet. */
    Optional<CaseScores> scores() {
        return end.flatMap(End::last);
    }

    /** Returns the names of the foreground classes. */
    SortedMap<Integer, String> classNames() {
        return plan.classes().tailMap(1);
    }
}
