package org.unet4j.train;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The score of the network after a step.
 *
 * @param step counted from 1
 * @param cases how many cases were scored
 * @param dice mean over the cases, for each foreground class
 * @param meanDice mean over the foreground classes
 * @param best whether no earlier validation of this run scored as high on {@code compared} cases
 * @param compared on how many of the cases it was compared with earlier ones: the last validation scores more than those did
 */
public record ValidationEvent(
        int step, int cases, SortedMap<Integer, Double> dice, double meanDice, boolean best, int compared) {

    public ValidationEvent {
        dice = Collections.unmodifiableSortedMap(new TreeMap<>(dice));
    }
}
