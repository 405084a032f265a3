package org.unet4j.benchmark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.unet4j.io.Case;
import org.unet4j.io.Dataset;
import org.unet4j.io.Nifti;
import org.unet4j.io.Problem;
import org.unet4j.io.Split;
import org.unet4j.volume.Shape;

/**
 * Labelled cases that no network of a cross-validation has learned from: the only ones on which all folds' networks together may be scored.
 *
 * @param name what it is called, in paths too
 * @param cases at least one
 */
public record TestSet(String name, List<Case> cases) {

    /** Checks that there is a case. */
    public TestSet {
        cases = List.copyOf(cases);
        if (cases.isEmpty()) {
            throw new IllegalArgumentException("the test set " + name + " has no labelled case");
        }
    }

    /**
     * Returns the labelled cases of {@code dataset} that are in none of {@code splits}; empty where there are none. No network learns from
     * them, but a plan that was derived from {@code dataset} knows their spacings, sizes and intensities.
     */
    public static Optional<TestSet> outside(Dataset dataset, List<Split> splits) {
        Set<String> inside = inside(splits);
        List<Case> cases = dataset.training().stream()
                .filter(one -> !inside.contains(one.id()))
                .toList();
        return cases.isEmpty() ? Optional.empty() : Optional.of(new TestSet("outside-the-folds", cases));
    }

    /**
     * Returns the labelled cases of {@code test}, for networks that learn from {@code dataset}. Whether they learn from these very scans is
     * not looked at: {@link #requireUnseen}.
     *
     * @throws IOException if its classes or channels are others, or it cannot be used
     */
    public static TestSet of(Dataset test, Dataset dataset) throws IOException {
        List<Problem> errors = test.problems().stream().filter(Problem::isError).toList();
        if (!errors.isEmpty()) {
            throw new IOException("the test set cannot be used: " + errors.get(0)
                    + (errors.size() > 1 ? " and " + (errors.size() - 1) + " more; inspect it" : ""));
        }
        requireSame(test, "classes", test.classes(), dataset.classes());
        requireSame(test, "channels", channels(test), channels(dataset));
        if (test.training().isEmpty()) {
            throw new IOException(
                    "[" + test.folder() + "] has no labelled case to score on; give a dataset with labels");
        }
        return new TestSet(test.name(), test.training());
    }

    /**
     * Checks that no case has a channel with the voxels of a channel of a case of {@code splits}, however the files are compressed and whatever
     * their headers say. Scans that were turned, cropped or resampled are not known again. Only scans of shapes that are on both sides are read.
     *
     * @throws IOException naming both, or if a file cannot be read
     */
    public void requireUnseen(Dataset dataset, List<Split> splits) throws IOException {
        Map<Shape, List<Case>> byShape = new HashMap<>();
        for (Case one : cases) {
            byShape.computeIfAbsent(shape(one), anew -> new ArrayList<>()).add(one);
        }
        Set<String> inside = inside(splits);
        Set<Shape> shared = new HashSet<>();
        Map<String, Case> learned = new HashMap<>();
        for (Case known : dataset.training()) {
            if (inside.contains(known.id()) && byShape.containsKey(shape(known))) {
                shared.add(shape(known));
                VoxelSums.of(known).forEach(sum -> learned.put(sum, known));
            }
        }
        for (Shape shape : shared) {
            for (Case one : byShape.get(shape)) {
                for (String sum : VoxelSums.of(one)) {
                    if (learned.containsKey(sum)) {
                        throw new IOException("[" + one.images().get(0) + "] is the scan of case "
                                + learned.get(sum).id() + " of " + dataset.name()
                                + ", which networks learn from: leave it out of the test set");
                    }
                }
            }
        }
    }

    private static Set<String> inside(List<Split> splits) {
        Set<String> inside = new HashSet<>();
        for (Split split : splits) {
            inside.addAll(split.training());
            inside.addAll(split.validation());
        }
        return inside;
    }

    private static Shape shape(Case one) throws IOException {
        return Nifti.readHeader(one.images().get(0)).grid().shape();
    }

    private static List<String> channels(Dataset dataset) {
        return dataset.channelNames().stream()
                .map(name -> name.strip().toUpperCase(Locale.ROOT))
                .toList();
    }

    private static void requireSame(Dataset test, String what, Object there, Object wanted) throws IOException {
        if (!there.equals(wanted)) {
            throw new IOException("[" + test.folder() + "] has the " + what + " " + there
                    + ", the dataset that networks learn" + " from has " + wanted + ": give a test set with the same");
        }
    }
}
