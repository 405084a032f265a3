package org.unet4j.io;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What belongs to which patient, and what the numbers in the label maps mean.
 *
 * @param name the folder's name, which is safe in paths and tells copies apart
 * @param folder where {@code dataset.json} lies
 * @param channelNames what each channel shows, such as CT or T1; at least one
 * @param classes names by label value, from 0 (background) without gaps; at least two
 * @param training labelled cases whose files exist, sorted by identifier
 * @param test cases without labels, sorted by identifier
 * @param problems what opening found: files that are listed and do not exist, identifiers given twice, other counts than
 *     announced. The cases concerned are left out; what is wrong with test cases is a warning
 */
public record Dataset(
        String name,
        Path folder,
        List<String> channelNames,
        SortedMap<Integer, String> classes,
        List<Case> training,
        List<Case> test,
        List<Problem> problems) {

    /** The file that describes a dataset. */
    public static final String DESCRIPTION = "dataset.json";

    public Dataset {
        channelNames = List.copyOf(channelNames);
        classes = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(classes));
        training = List.copyOf(training);
        test = List.copyOf(test);
        problems = List.copyOf(problems);
        if (channelNames.isEmpty()) {
            throw new IllegalArgumentException("dataset '" + name + "' needs at least one channel");
        }
        if (classes.size() < 2 || classes.firstKey() != 0 || classes.lastKey() != classes.size() - 1) {
            throw new IllegalArgumentException("dataset '" + name + "' has labels " + classes.keySet()
                    + "; they must be 0 (background), 1, ... without gaps, at least one class beside background");
        }
    }

    /** Makes a dataset about which nothing is wrong yet. */
    public Dataset(
            String name,
            Path folder,
            List<String> channelNames,
            SortedMap<Integer, String> classes,
            List<Case> training,
            List<Case> test) {
        this(name, folder, channelNames, classes, training, test, List.of());
    }

    /**
     * Returns the dataset in {@code folder}, in the layout of the Medical Segmentation Decathlon or in nnU-Net's. Only names
     * are looked at; whoever reads the files, each case as a {@link LoadedCase}, asks {@link #check}.
     *
     * @throws IOException if there is no usable {@code dataset.json}
     */
    public static Dataset open(Path folder) throws IOException {
        return DatasetReader.open(folder);
    }

    /** Returns whether channel {@code channel} holds Hounsfield units. */
    public boolean isCt(int channel) {
        return channelNames.get(channel).strip().toUpperCase(Locale.ROOT).equals("CT");
    }

    /** Returns the identifiers of all labelled cases, sorted. */
    public List<String> trainingIds() {
        return training.stream().map(Case::id).toList();
    }

    /**
     * Returns everything that is wrong, in a fixed order: what opening found, what {@code findings} found in single cases, too
     * few labelled cases, classes that occur in none of them.
     */
    public List<Problem> check(Collection<LoadedCase.Findings> findings) {
        List<Problem> all = new ArrayList<>(problems);
        SortedSet<Integer> present = new TreeSet<>();
        for (LoadedCase.Findings one : findings) {
            all.addAll(one.problems());
            present.addAll(one.classes().keySet());
        }
        Path description = folder.resolve(DESCRIPTION);
        if (training.size() < 2) {
            all.add(new Problem(
                    description,
                    "only " + training.size() + " labelled case" + (training.size() == 1 ? "" : "s")
                            + " found; training and validation need at least 2"));
        }
        boolean allRead = all.stream().noneMatch(Problem::isError);
        classes.forEach((value, className) -> {
            if (value > 0 && !present.contains(value) && allRead) {
                all.add(new Problem(
                        description,
                        "class " + value + " (" + className
                                + ") occurs in no labelled case; remove it from 'labels' or add"
                                + " cases that have it"));
            }
        });
        return List.copyOf(all);
    }
}
