package org.unet4j.infer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.unet4j.eval.ClassBoxes;
import org.unet4j.infer.PostProcessing.Rule;
import org.unet4j.volume.Box;
import org.unet4j.volume.Components;
import org.unet4j.volume.Components.Neighbours;
import org.unet4j.volume.Crop;
import org.unet4j.volume.LabelArray;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Shape;

/**
 * What each rule of post-processing would make of one case: all that choosing needs to know of it, so that label maps are looked at once and
 * one after the other.
 *
 * @param caseId the case's identifier
 * @param dice of each foreground class, by {@link Rule#toString()}; a rule is tried on its class alone
 */
public record RuleScores(String caseId, SortedMap<Integer, SortedMap<String, Double>> dice) {

    /** How much a rule must raise the mean Dice: less does not show in a table. */
    static final double LEAST_GAIN = 1e-4;

    private static final double[] MINIMA_ML = {0, 0.05, 0.2, 1.5, 5};

    /** What is tried, from the least to the most that is done. */
    private static final List<Rule> RULES = rules();

    /** Copies the maps. */
    public RuleScores {
        SortedMap<Integer, SortedMap<String, Double>> copy = new TreeMap<>();
        dice.forEach((cls, byRule) -> copy.put(cls, Collections.unmodifiableSortedMap(new TreeMap<>(byRule))));
        dice = Collections.unmodifiableSortedMap(copy);
    }

    private static List<Rule> rules() {
        List<Rule> rules = new ArrayList<>();
        for (boolean largest : new boolean[] {false, true}) {
            for (double ml : MINIMA_ML) {
                for (boolean fill : new boolean[] {false, true}) {
                    rules.add(new Rule(largest, ml, fill));
                }
            }
        }
        rules.sort(Comparator.comparingInt(RuleScores::steps)); // stable
        return List.copyOf(rules);
    }

    private static int steps(Rule rule) {
        return (rule.largest() ? 1 : 0) + (rule.minimumMl() > 0 ? 1 : 0) + (rule.fillHoles() ? 1 : 0);
    }

    /** Returns whether these are scores of the rules that are tried now, for {@code classes}: a file may be of an earlier version. */
    public boolean isOf(Set<Integer> classes) {
        Set<String> tried = Set.copyOf(RULES.stream().map(Rule::toString).toList());
        return dice.keySet().equals(classes)
                && dice.values().stream().allMatch(byRule -> byRule.keySet().equals(tried));
    }

    /** Returns the Dice of class {@code cls} as the network predicted it. */
    public double raw(int cls) {
        return dice.get(cls).get(Rule.NOTHING.toString());
    }

    /**
     * Returns the scores of a case. The time is that of a few looks at each class's box, whatever the number of rules: most of them leave the
     * same.
     *
     * @param predicted by a network that did not learn from the case
     * @param reference on the same grid
     * @param classes foreground classes
     */
    public static RuleScores of(String caseId, Labels predicted, Labels reference, Set<Integer> classes) {
        ClassBoxes boxes = ClassBoxes.of(predicted);
        long[] wanted = reference.counts();
        SortedMap<Integer, SortedMap<String, Double>> dice = new TreeMap<>();
        for (int cls : classes) {
            Box box = withMargin(boxes.of(cls), predicted.grid().shape());
            OneClass one = new OneClass(
                    Crop.crop(predicted, box),
                    Crop.crop(reference, box).voxels(),
                    cls,
                    cls < wanted.length ? wanted[cls] : 0);
            SortedMap<String, Double> byRule = new TreeMap<>();
            RULES.forEach(rule -> byRule.put(rule.toString(), one.dice(rule)));
            dice.put(cls, byRule);
        }
        return new RuleScores(caseId, dice);
    }

    /** Holes lie inside a class's box; with one voxel around it, whatever is open touches the border. */
    private static Box withMargin(Box box, Shape within) {
        return Box.between(
                Math.max(0, box.z0() - 1),
                Math.max(0, box.y0() - 1),
                Math.max(0, box.x0() - 1),
                Math.min(within.z(), box.end(0) + 1),
                Math.min(within.y(), box.end(1) + 1),
                Math.min(within.x(), box.end(2) + 1));
    }

    /**
     * Returns for each class the rule that raises its mean Dice over {@code cases} most, where one does by {@value #LEAST_GAIN}; of rules that
     * raise it alike the one that does least. Score it on none of {@code cases}: there it looks better than it is.
     *
     * @throws IllegalArgumentException if there is no case
     */
    public static PostProcessing best(Collection<RuleScores> cases) {
        if (cases.isEmpty()) {
            throw new IllegalArgumentException("post-processing cannot be chosen on no case");
        }
        SortedMap<Integer, Rule> chosen = new TreeMap<>();
        for (int cls : cases.iterator().next().dice.keySet()) {
            Rule best = Rule.NOTHING;
            double most = mean(cases, cls, best);
            for (Rule rule : RULES) {
                double mean = mean(cases, cls, rule);
                if (mean > most + LEAST_GAIN) {
                    most = mean;
                    best = rule;
                }
            }
            if (!best.equals(Rule.NOTHING)) {
                chosen.put(cls, best);
            }
        }
        return new PostProcessing(chosen);
    }

    private static double mean(Collection<RuleScores> cases, int cls, Rule rule) {
        return cases.stream()
                .mapToDouble(one -> one.dice.get(cls).get(rule.toString()))
                .average()
                .orElseThrow();
    }

    /** A class of a case, in its box. */
    private static final class OneClass {

        private final Labels predicted;
        private final LabelArray reference;
        private final int cls;
        private final long wanted;
        private final long[] sizes;
        private final Map<Rule, Double> known = new HashMap<>();

        OneClass(Labels predicted, LabelArray reference, int cls, long wanted) {
            this.predicted = predicted;
            this.reference = reference;
            this.cls = cls;
            this.wanted = wanted;
            LabelArray voxels = predicted.voxels();
            sizes = Arrays.stream(
                            Components.of(predicted.grid().shape(), Neighbours.ALL, PostProcessing.ofClass(voxels, cls))
                                    .sizes())
                    .filter(size -> size > 0)
                    .toArray();
        }

        double dice(Rule rule) {
            return known.computeIfAbsent(alike(rule), this::apply);
        }

        /** Returns the rule that stands for all that leave the same components. */
        private Rule alike(Rule rule) {
            double voxelMl = predicted.grid().spacing().voxelMl();
            double[] leftMl = Arrays.stream(sizes)
                    .mapToDouble(size -> size * voxelMl)
                    .filter(ml -> ml >= rule.minimumMl())
                    .toArray();
            double leastMl = Arrays.stream(leftMl).min().orElse(Double.MAX_VALUE);
            return rule.largest() && leftMl.length > 1
                    ? new Rule(true, 0, rule.fillHoles())
                    : new Rule(false, leastMl, rule.fillHoles());
        }

        private double apply(Rule rule) {
            PostProcessing one = new PostProcessing(new TreeMap<>(Map.of(cls, rule)));
            LabelArray after = one.apply(predicted).voxels();
            long left = 0;
            long both = 0;
            for (int i = 0; i < after.length(); i++) {
                if (after.get(i) == cls) {
                    left++;
                    both += reference.get(i) == cls ? 1 : 0;
                }
            }
            return left + wanted == 0 ? 1 : 2.0 * both / (left + wanted);
        }
    }
}
