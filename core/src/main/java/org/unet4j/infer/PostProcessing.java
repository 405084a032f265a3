package org.unet4j.infer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.unet4j.eval.Dice;
import org.unet4j.io.Yaml;
import org.unet4j.prep.Plan;
import org.unet4j.volume.Components;
import org.unet4j.volume.Components.Neighbours;
import org.unet4j.volume.LabelArray;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Shape;

/**
 * What is done to labels after a network: {@code postprocessing.yaml} beside the weights. Components hang together through faces,
 * edges and corners (26 neighbours), holes through faces.
 *
 * @param classes what is done to each class, in ascending order; those that are not named stay as they are
 */
public record PostProcessing(SortedMap<Integer, Rule> classes) {

    private static final double[] MINIMA_ML = {0.05, 0.2, 1.5, 5};
    /**
     * What is done to one class. What is taken away becomes background.
     *
     * @param largest whether only the largest component is kept; of several, the first
     * @param minimumMl components of less are taken away; 0 for none
     * @param fillHoles whether background that the class encloses becomes the class; other classes inside stay
     */
    public record Rule(boolean largest, double minimumMl, boolean fillHoles) {

        static final Rule NOTHING = new Rule(false, 0, false);

        /** Checks the volume. */
        public Rule {
            if (!(minimumMl >= 0) || Double.isInfinite(minimumMl)) {
                throw new IllegalArgumentException("post-processing: minimumMl " + minimumMl + " must be 0 or more");
            }
        }
    }

    /**
     * A case that the network did not learn from.
     *
     * @param predicted by the network
     * @param reference on the same grid
     */
    public record OutOfFold(Labels predicted, Labels reference) {}

    /** Copies the map. */
    public PostProcessing {
        classes = Collections.unmodifiableSortedMap(new TreeMap<>(classes));
        if (!classes.isEmpty() && (classes.firstKey() < 1 || classes.lastKey() >= Labels.MAX_CLASSES)) {
            throw new IllegalArgumentException(
                    "post-processing: classes " + classes.keySet() + " must lie from 1 to " + (Labels.MAX_CLASSES - 1));
        }
    }

    /**
     * Returns what raises the mean Dice of each class over {@code cases}, tried one after the other and kept only where it does.
     * Choose it on predictions for cases that the network did not learn from, and score it on none of {@code cases}: there it
     * looks better than it is.
     *
     * @param classCount background included
     */
    public static PostProcessing choose(List<OutOfFold> cases, int classCount) {
        SortedMap<Integer, Rule> chosen = new TreeMap<>();
        for (int cls = 1; cls < classCount; cls++) {
            Rule best = Rule.NOTHING;
            double most = score(cases, cls, best);
            for (int round = 0; round < 2; round++) {
                for (Rule candidate : changes(best)) {
                    double score = score(cases, cls, candidate);
                    if (score > most) {
                        most = score;
                        best = candidate;
                    }
                }
            }
            if (!best.equals(Rule.NOTHING)) {
                chosen.put(cls, best);
            }
        }
        return new PostProcessing(chosen);
    }

    private static List<Rule> changes(Rule rule) {
        List<Rule> rules = new ArrayList<>();
        rules.add(new Rule(true, rule.minimumMl, rule.fillHoles));
        for (double ml : MINIMA_ML) {
            rules.add(new Rule(rule.largest, ml, rule.fillHoles));
        }
        rules.add(new Rule(rule.largest, rule.minimumMl, true));
        return rules;
    }

    private static double score(List<OutOfFold> cases, int cls, Rule rule) {
        PostProcessing one = new PostProcessing(new TreeMap<>(Collections.singletonMap(cls, rule)));
        return cases.stream()
                .mapToDouble(given -> Dice.dice(one.apply(given.predicted()), given.reference(), cls))
                .average()
                .orElseThrow(() -> new IllegalArgumentException("post-processing cannot be chosen on no case"));
    }

    /**
     * Returns what {@code file} says for a network of {@code plan}; nothing is done where there is no file.
     *
     * @throws IOException if it cannot be read, or names classes that the plan does not have
     */
    public static PostProcessing read(Path file, Plan plan) throws IOException {
        if (!Files.exists(file)) {
            return new PostProcessing(new TreeMap<>());
        }
        return parse(file, Files.readString(file), plan);
    }

    /**
     * Returns what a text in YAML says for a network of {@code plan}.
     *
     * @param file that holds it, for messages
     * @throws IOException if it says something else, or names classes that the plan does not have
     */
    static PostProcessing parse(Path file, String yaml, Plan plan) throws IOException {
        PostProcessing read = Yaml.parse(file, yaml, PostProcessing.class);
        if (!plan.classes().keySet().containsAll(read.classes.keySet())) {
            throw new IOException("[" + file + "] names classes " + read.classes.keySet() + "; the network's are "
                    + plan.classes().tailMap(1).keySet());
        }
        return read;
    }

    /** Returns the labels after it; {@code labels} are not changed. */
    public Labels apply(Labels labels) {
        LabelArray changed = labels.voxels().copy();
        Shape shape = labels.grid().shape();
        double voxelMl = labels.grid().spacing().voxelMl();
        classes.forEach((cls, rule) -> {
            if (rule.largest || rule.minimumMl > 0) {
                takeAway(changed, shape, cls, rule, voxelMl);
            }
            if (rule.fillHoles) {
                fill(changed, shape, cls);
            }
        });
        return new Labels(labels.grid(), changed);
    }

    private static void takeAway(LabelArray classes, Shape shape, int cls, Rule rule, double voxelMl) {
        Components components = Components.of(shape, Neighbours.ALL, (row, inside) -> {
            for (int x = 0; x < inside.length; x++) {
                inside[x] = classes.get(row * inside.length + x) == cls ? -1 : 0;
            }
        });
        long[] sizes = components.sizes();
        int largest = components.largest();
        for (int run = 0; run < components.runs(); run++) {
            int component = components.component(run);
            if ((rule.largest && component != largest) || sizes[component] * voxelMl < rule.minimumMl) {
                set(classes, shape, components, run, 0);
            }
        }
    }

    private static void fill(LabelArray classes, Shape shape, int cls) {
        Components others = Components.of(shape, Neighbours.FACES, (row, inside) -> {
            for (int x = 0; x < inside.length; x++) {
                inside[x] = classes.get(row * inside.length + x) == cls ? 0 : -1;
            }
        });
        boolean[] open = new boolean[others.runs()];
        for (int run = 0; run < others.runs(); run++) {
            int z = others.row(run) / shape.y();
            int y = others.row(run) % shape.y();
            if (z == 0
                    || z == shape.z() - 1
                    || y == 0
                    || y == shape.y() - 1
                    || others.start(run) == 0
                    || others.end(run) == shape.x()) {
                open[others.component(run)] = true;
            }
        }
        for (int run = 0; run < others.runs(); run++) {
            if (!open[others.component(run)]) {
                set(classes, shape, others, run, cls);
            }
        }
    }

    /** Sets a run; a class that is filled in replaces the background only. */
    private static void set(LabelArray classes, Shape shape, Components components, int run, int cls) {
        int row = components.row(run) * shape.x();
        for (int i = row + components.start(run); i < row + components.end(run); i++) {
            if (cls == 0 || classes.get(i) == 0) {
                classes.set(i, cls);
            }
        }
    }
}
