package org.unet4j.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.unet4j.io.Json;
import org.unet4j.volume.Shape;

/**
 * How fast a network segments in several ways, and how well: the content of {@code inference.json}.
 *
 * @param dataset name of the dataset
 * @param network its name
 * @param window what it sees at a time
 * @param cases that were segmented, in order
 * @param rows one entry a way
 * @param provenance commit, versions, machine and command
 */
public record InferenceResult(
        String dataset,
        String network,
        Shape window,
        List<String> cases,
        List<InferenceRow> rows,
        SortedMap<String, String> provenance) {

    /** Compares the rows with each other. */
    public InferenceResult {
        cases = List.copyOf(cases);
        List<InferenceRow> all = List.copyOf(rows);
        rows = all.stream().map(row -> row.compared(all)).toList();
        provenance = Collections.unmodifiableSortedMap(new TreeMap<>(provenance));
    }

    /** Writes {@code inference.json}. */
    public void write(Path file) throws IOException {
        Json.write(file, this);
    }

    /** Returns the content of an {@code inference.json}. */
    public static InferenceResult read(Path file) throws IOException {
        return Json.read(file, InferenceResult.class);
    }
}
