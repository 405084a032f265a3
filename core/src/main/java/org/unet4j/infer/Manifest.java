package org.unet4j.infer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.unet4j.io.Json;

/**
 * What the label maps of a folder were made with, and what is in them: {@code manifest.json} beside them. It names files as they
 * are called there, and holds no path, and of a scan's header no more than spacing where it is unusual.
 *
 * @param labels by the name of the label map's file
 */
public record Manifest(SortedMap<String, Entry> labels) {

    /**
     * One label map.
     *
     * @param weightsSha256 of each network's weights; empty where they were not read from a file
     * @param dataset that the networks learnt from
     * @param unet4j version and commit
     * @param engine what computed
     * @param overlap the least share of a window that neighbours have in common
     * @param mirrorAxes along which windows were mirrored as well
     * @param postProcessing what was done to labels after the networks
     * @param seconds from the prepared scan to its labels
     * @param volumesMl of each class but the background, by its name
     * @param warnings what is unusual about the scan
     */
    public record Entry(
            List<String> weightsSha256,
            String dataset,
            String unet4j,
            String engine,
            double overlap,
            List<Integer> mirrorAxes,
            PostProcessing postProcessing,
            double seconds,
            SortedMap<String, Double> volumesMl,
            List<String> warnings) {

        /** Copies lists and map. */
        public Entry {
            weightsSha256 = List.copyOf(weightsSha256);
            mirrorAxes = List.copyOf(mirrorAxes);
            volumesMl = Collections.unmodifiableSortedMap(new TreeMap<>(volumesMl));
            warnings = List.copyOf(warnings);
        }
    }

    /** Copies the map. */
    public Manifest {
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
    }

    /**
     * Returns the manifest that {@code file} holds; an empty one where there is none.
     *
     * @throws IOException if it is something else
     */
    public static Manifest read(Path file) throws IOException {
        return Files.exists(file) ? Json.read(file, Manifest.class) : new Manifest(new TreeMap<>());
    }

    /** Returns this with one more label map, or another entry of one. */
    public Manifest with(String name, Entry entry) {
        SortedMap<String, Entry> more = new TreeMap<>(labels);
        more.put(name, entry);
        return new Manifest(more);
    }

    /** Returns this without the entry of label map {@code name}. */
    Manifest without(String name) {
        SortedMap<String, Entry> fewer = new TreeMap<>(labels);
        fewer.remove(name);
        return new Manifest(fewer);
    }

    /** Writes this as JSON; the file appears whole or not at all. */
    public void write(Path file) throws IOException {
        Json.write(file, this);
    }
}
