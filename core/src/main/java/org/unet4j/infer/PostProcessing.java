package org.unet4j.infer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.unet4j.export.TrainedFiles;
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

    /**
     * What is done to one class. What is taken away becomes background.
     *
     * @param largest whether only the largest component is kept; of several, the first
     * @param minimumMl components of less are taken away; 0 for none
     * @param fillHoles whether background that the class encloses becomes the class; other classes inside stay
     */
    public record Rule(boolean largest, double minimumMl, boolean fillHoles) {

        /** Leaves the class as it is. */
        public static final Rule NOTHING = new Rule(false, 0, false);

        /** Checks the volume. */
        public Rule {
            if (!(minimumMl >= 0) || Double.isInfinite(minimumMl)) {
                throw new IllegalArgumentException("post-processing: minimumMl " + minimumMl + " must be 0 or more");
            }
        }

        /** Returns what is done in words, such as {@code largest component, holes filled}. */
        @Override
        public String toString() {
            List<String> words = new ArrayList<>();
            if (largest) {
                words.add("largest component");
            }
            if (minimumMl > 0) {
                words.add("components from " + minimumMl + " ml");
            }
            if (fillHoles) {
                words.add("holes filled");
            }
            return words.isEmpty() ? "nothing" : String.join(", ", words);
        }
    }

    /** Copies the map. */
    public PostProcessing {
        classes = Collections.unmodifiableSortedMap(new TreeMap<>(classes));
        if (!classes.isEmpty() && (classes.firstKey() < 1 || classes.lastKey() >= Labels.MAX_CLASSES)) {
            throw new IllegalArgumentException(
                    "post-processing: classes " + classes.keySet() + " must lie from 1 to " + (Labels.MAX_CLASSES - 1));
        }
    }

    /** Returns the file beside the weights of {@code runFolder} that holds one. */
    public static Path in(Path runFolder) {
        return runFolder.resolve(TrainedFiles.POST_PROCESSING);
    }

    /** Returns what leaves labels as they are. */
    public static PostProcessing nothing() {
        return new PostProcessing(Collections.emptySortedMap());
    }

    /** Returns this for those of its classes only that are among {@code kept}. */
    public PostProcessing only(Set<Integer> kept) {
        SortedMap<Integer, Rule> fewer = new TreeMap<>(classes);
        fewer.keySet().retainAll(kept);
        return new PostProcessing(fewer);
    }

    /** Returns what is done to class {@code cls}; {@link Rule#NOTHING} to one that is not named. */
    public Rule rule(int cls) {
        return classes.getOrDefault(cls, Rule.NOTHING);
    }

    /**
     * Returns what {@code file} says for a network of {@code plan}; nothing is done where there is no file.
     *
     * @throws IOException if it cannot be read, or names classes that the plan does not have
     */
    public static PostProcessing read(Path file, Plan plan) throws IOException {
        return Files.exists(file) ? readGiven(file, plan) : nothing();
    }

    /**
     * Returns what {@code file} says for a network of {@code plan}.
     *
     * @throws IOException if it is not there, cannot be read, or names classes that the plan does not have
     */
    public static PostProcessing readGiven(Path file, Plan plan) throws IOException {
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
        Components components = Components.of(shape, Neighbours.ALL, ofClass(classes, cls));
        long[] sizes = components.sizes();
        int largest = components.largest();
        for (int run = 0; run < components.runs(); run++) {
            int component = components.component(run);
            if ((rule.largest && component != largest) || sizes[component] * voxelMl < rule.minimumMl) {
                set(classes, shape, components, run, 0);
            }
        }
    }

    /** Returns which voxels are of class {@code cls}. */
    static Components.Rows ofClass(LabelArray classes, int cls) {
        return (row, inside) -> {
            for (int x = 0; x < inside.length; x++) {
                inside[x] = classes.get(row * inside.length + x) == cls ? -1 : 0;
            }
        };
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
