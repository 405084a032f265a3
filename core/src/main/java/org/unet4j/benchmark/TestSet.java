package org.unet4j.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.unet4j.io.Problem;
import org.unet4j.io.Split;

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

    /** Returns the labelled cases of {@code dataset} that are in none of {@code splits}; empty where there are none. */
    public static Optional<TestSet> outside(Dataset dataset, List<Split> splits) {
        Set<String> inside = new HashSet<>();
        for (Split split : splits) {
            inside.addAll(split.training());
            inside.addAll(split.validation());
        }
        List<Case> cases = dataset.training().stream()
                .filter(one -> !inside.contains(one.id()))
                .toList();
        return cases.isEmpty() ? Optional.empty() : Optional.of(new TestSet("outside-the-folds", cases));
    }

    /**
     * Returns the labelled cases of {@code test}, for networks that learn from {@code dataset}.
     *
     * @throws IOException if its classes or channels are others, it cannot be used, or a scan of it is in {@code dataset} as well
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
        Map<Long, List<Case>> bySize = new HashMap<>();
        for (Case known : dataset.training()) {
            bySize.computeIfAbsent(Files.size(image(known)), size -> new ArrayList<>())
                    .add(known);
        }
        for (Case one : test.training()) {
            for (Case known : bySize.getOrDefault(Files.size(image(one)), List.of())) {
                if (Files.mismatch(image(one), image(known)) < 0) {
                    throw new IOException("[" + image(one) + "] is the scan of case " + known.id() + " of "
                            + dataset.name() + ", which networks learn from: leave it out of the test set");
                }
            }
        }
        return new TestSet(test.name(), test.training());
    }

    private static Path image(Case one) {
        return one.images().get(0);
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
