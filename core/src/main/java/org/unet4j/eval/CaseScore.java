package org.unet4j.eval;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How well one case was segmented.
 *
 * @param caseId the case's identifier
 * @param dice Dice in [0, 1] of each foreground class
 */
public record CaseScore(@JsonProperty("case") String caseId, SortedMap<Integer, Double> dice) {

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
    }

    /** Returns the mean over the classes of this case. */
    public double meanDice() {
        return dice.values().stream().mapToDouble(d -> d).average().orElseThrow();
    }
}
