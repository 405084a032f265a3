package org.unet4j.eval;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.unet4j.volume.Labels;

/**
 * How well one case was segmented.
 *
 * @param caseId the case's identifier
 * @param dice Dice in [0, 1] of each foreground class
 * @param measures the other measures of the same classes; empty where Dice alone was asked for, as in a validation during training
 */
public record CaseScore(
        @JsonProperty("case") String caseId,
        SortedMap<Integer, Double> dice,
        Optional<SortedMap<Integer, ClassMeasures>> measures) {

    /** Checks that there is a class, that Dice is in range and that the measures are of the same classes. */
    public CaseScore {
        if (dice.isEmpty()) {
            throw new IllegalArgumentException("[" + caseId + "] a case needs the score of at least one class");
        }
        dice.forEach((cls, value) -> {
            if (!(value >= 0 && value <= 1)) {
                throw new IllegalArgumentException(
                        "[" + caseId + "] Dice " + value + " of class " + cls + " must be in [0, 1]");
            }
        });
        dice = Collections.unmodifiableSortedMap(new TreeMap<>(dice));
        measures = measures.map(given -> Collections.unmodifiableSortedMap(new TreeMap<>(given)));
        if (measures.isPresent() && !measures.get().keySet().equals(dice.keySet())) {
            throw new IllegalArgumentException("[" + caseId + "] has Dice of the classes " + dice.keySet()
                    + " and measures of " + measures.get().keySet() + "; give both of the same classes");
        }
    }

    /** Makes a score by Dice alone. */
    public CaseScore(String caseId, SortedMap<Integer, Double> dice) {
        this(caseId, dice, Optional.empty());
    }

    /**
     * Returns every measure of each of {@code classes}. Only the shapes of the label maps are compared, not their places.
     *
     * @throws IllegalArgumentException if they differ in shape, or no class is given
     */
    public static CaseScore of(
            String caseId, Labels prediction, Labels reference, Set<Integer> classes, Tolerances tolerances) {
        SortedMap<Integer, Double> dice = Dice.perClass(prediction, reference, classes);
        return new CaseScore(
                caseId,
                dice,
                Optional.of(measures(
                        prediction,
                        reference,
                        Overlap.of(prediction.voxels(), reference.voxels()),
                        classes,
                        tolerances)));
    }

    /** Returns the measures of each of {@code classes}. */
    static SortedMap<Integer, ClassMeasures> measures(
            Labels prediction, Labels reference, Overlap counts, Set<Integer> classes, Tolerances tolerances) {
        ClassBoxes boxes = ClassBoxes.of(prediction, reference);
        SortedMap<Integer, ClassMeasures> measures = new TreeMap<>();
        for (int cls : classes) {
            measures.put(cls, ClassMeasures.of(prediction, reference, cls, counts, boxes.of(cls), tolerances.of(cls)));
        }
        return measures;
    }

    /** Returns the mean of several scores of one case. */
    static CaseScore average(List<CaseScore> scores) {
        CaseScore first = scores.get(0);
        double share = 1.0 / scores.size();
        SortedMap<Integer, Double> dice = new TreeMap<>();
        for (CaseScore score : scores) {
            score.dice.forEach((cls, value) -> dice.merge(cls, value / scores.size(), Double::sum));
        }
        dice.replaceAll((cls, value) -> Math.min(1, value)); // thirds of 1 may add up to a little more than 1
        if (scores.stream().anyMatch(score -> score.measures.isEmpty())) {
            return new CaseScore(first.caseId, dice);
        }
        SortedMap<Integer, ClassMeasures> measures = new TreeMap<>();
        for (int cls : dice.keySet()) {
            ClassMeasures sum = ClassMeasures.zero(first.measures.get().get(cls).toleranceMm());
            for (CaseScore score : scores) {
                sum = sum.plus(score.measures.get().get(cls), share);
            }
            measures.put(cls, sum);
        }
        return new CaseScore(first.caseId, dice, Optional.of(measures));
    }

    /** Returns the mean over the classes of this case. */
    public double meanDice() {
        return dice.values().stream().mapToDouble(d -> d).average().orElseThrow();
    }
}
