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
 * How fast networks train: the content of {@code throughput.json}.
 *
 * @param dataset name of the dataset
 * @param plan the plan's hash
 * @param cases how many were learned from
 * @param patch what a network sees of one sample
 * @param batch samples a step
 * @param warmup steps of each repetition before the measured ones
 * @param rows one entry a way of training
 * @param provenance commit, versions, machine, threads and command
 */
public record ThroughputResult(
        String dataset,
        String plan,
        int cases,
        Shape patch,
        int batch,
        int warmup,
        List<ThroughputRow> rows,
        SortedMap<String, String> provenance) {

    /** Compares the rows with each other. */
    public ThroughputResult {
        List<ThroughputRow> all = List.copyOf(rows);
        rows = all.stream().map(row -> row.compared(all)).toList();
        provenance = Collections.unmodifiableSortedMap(new TreeMap<>(provenance));
    }

    /** Writes {@code throughput.json}. */
    public void write(Path file) throws IOException {
        Json.write(file, this);
    }

    /** Returns the content of a {@code throughput.json}. */
    public static ThroughputResult read(Path file) throws IOException {
        return Json.read(file, ThroughputResult.class);
    }
}
