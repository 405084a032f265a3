package org.unet4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import org.unet4j.io.Case;
import org.unet4j.io.Dataset;
import org.unet4j.io.Json;
import org.unet4j.io.Split;
import org.unet4j.train.RunFolder;

/** The cases by which the ranges of a network's numbers are found. */
final class CalibrationCases {
    private static final int MOST = 16;

    private CalibrationCases() {}

    /**
     * Returns the first of the cases that a network learnt from; of all labelled ones where its run does not say which.
     *
     * @param run its folder
     * @param without cases to be left out
     */
    static List<Case> of(Dataset dataset, Path run, Collection<String> without) throws IOException {
        Path split = new RunFolder(run).split();
        List<String> ids = Files.exists(split) ? Json.read(split, Split.class).training() : dataset.trainingIds();
        return dataset.training().stream()
                .filter(one -> ids.contains(one.id()) && !without.contains(one.id()))
                .limit(MOST)
                .toList();
    }
}
