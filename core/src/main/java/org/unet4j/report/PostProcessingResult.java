package org.unet4j.report;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What post-processing that was chosen on out-of-fold predictions does to scores. Each case is scored by what the cases of the other folds
 * chose; what is kept was chosen on all of them, for those classes only that the former helped.
 *
 * @param classNames the foreground classes
 * @param networks one entry a network
 * @param notes what could not be done, in sentences
 */
public record PostProcessingResult(SortedMap<Integer, String> classNames, List<Network> networks, List<String> notes) {

    /** Copies map and lists. */
    public PostProcessingResult {
        classNames = Collections.unmodifiableSortedMap(new TreeMap<>(classNames));
        networks = List.copyOf(networks);
        notes = List.copyOf(notes);
    }

    /**
     * One network.
     *
     * @param name such as {@code unet}
     * @param rawDice mean Dice of the labels as predicted, over foreground classes and cases
     * @param dice the same after post-processing that was not chosen on the case
     * @param classes by class number
     */
    public record Network(String name, double rawDice, double dice, SortedMap<Integer, OfClass> classes) {

        /** Copies the map. */
        public Network {
            classes = Collections.unmodifiableSortedMap(new TreeMap<>(classes));
        }
    }

    /**
     * One class.
     *
     * @param rawDice mean over cases of the labels as predicted
     * @param dice the same after post-processing that was not chosen on the case
     * @param gainCi95 bootstrap interval of the mean gain over cases, lower and upper end
     * @param chosen what all cases chose, in words
     * @param kept whether it is done from now on: the class gained where it was not chosen
     */
    public record OfClass(double rawDice, double dice, List<Double> gainCi95, String chosen, boolean kept) {

        /** Copies the list. */
        public OfClass {
            gainCi95 = List.copyOf(gainCi95);
        }
    }
}
