package org.unet4j.infer;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.unet4j.io.Json;
import org.unet4j.io.Nifti;

/**
 * What the label maps of a folder were made with, and what is in them. Each has an entry in a file of its own beside it,
 * {@code <name of the scan>.prediction.json}; {@code manifest.json} gathers them all when a prediction begins and when it ends. So
 * processes that write into one folder at the same time do not touch each other's entries, and the work for each scan does not
 * grow with their number. Files are named as they are called there; there is no path, and of a scan's header no more than spacing
 * where it is unusual.
 *
 * @param labels by the name of the label map's file
 */
public record Manifest(SortedMap<String, Entry> labels) {

    private static final String FILE = "manifest.json";
    private static final String ENTRY = ".prediction.json";

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
     * @param probabilities the name of the file with the classes' probabilities before that; empty where none was asked for
     * @param seconds from the prepared scan to its labels
     * @param classes the names of the numbers that labels have, background among them; empty in an entry of an earlier version
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
            Optional<String> probabilities,
            double seconds,
            Optional<SortedMap<Integer, String>> classes,
            SortedMap<String, Double> volumesMl,
            List<String> warnings) {

        /** Copies lists and map. */
        public Entry {
            weightsSha256 = List.copyOf(weightsSha256);
            mirrorAxes = List.copyOf(mirrorAxes);
            classes = classes.map(TreeMap::new).map(Collections::unmodifiableSortedMap);
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

    /**
     * Returns what the label map {@code labels} was made with; empty where no entry lies beside it.
     *
     * @throws IOException if what lies there is something else
     */
    public static Optional<Entry> entryOf(Path labels) throws IOException {
        Path file = labels.resolveSibling(Nifti.stem(labels) + ENTRY);
        return Files.exists(file) ? Optional.of(Json.read(file, Entry.class)) : Optional.empty();
    }

    /** Returns where the entry of a scan's label map is. */
    static Path entryFile(Path folder, String name) {
        return folder.resolve(name + ENTRY);
    }

    /** Says no more how the labels of a scan were made, for they are about to be replaced. */
    static void remove(Path folder, String name) throws IOException {
        Files.deleteIfExists(entryFile(folder, name));
        Files.deleteIfExists(folder.resolve(FILE));
    }

    /**
     * Gathers the entries of all label maps that are there. Another process may do the same: whoever writes last looks again
     * whether anything has changed since it looked, and so what lies there in the end is whole.
     *
     * @throws IOException if an entry is something else
     */
    static void gather(Path folder) throws IOException {
        SortedMap<Path, FileTime> before;
        SortedMap<Path, FileTime> after = entryFiles(folder);
        do {
            before = after;
            SortedMap<String, Entry> entries = new TreeMap<>();
            for (Path file : before.keySet()) {
                read(file, labels(file), entries);
            }
            if (!entries.isEmpty() || Files.exists(folder.resolve(FILE))) {
                Json.write(folder.resolve(FILE), new Manifest(entries));
            }
            after = entryFiles(folder);
        } while (!after.equals(before));
    }

    private static void read(Path file, Path labels, SortedMap<String, Entry> entries) throws IOException {
        try {
            entries.put(labels.getFileName().toString(), Json.read(file, Entry.class));
        } catch (FileNotFoundException removedMeanwhile) {
            entries.remove(labels.getFileName().toString());
        }
    }

    /** Returns the label map that an entry tells of. */
    private static Path labels(Path entryFile) {
        String name = entryFile.getFileName().toString();
        return OutputFolder.labels(entryFile.getParent(), name.substring(0, name.length() - ENTRY.length()));
    }

    /** Returns the entries of label maps that are there, and since when. Labels come after their entry. */
    private static SortedMap<Path, FileTime> entryFiles(Path folder) throws IOException {
        SortedMap<Path, FileTime> files = new TreeMap<>();
        try (Stream<Path> all = Files.list(folder)) {
            for (Path file : (Iterable<Path>) all.filter(path -> path.toString().endsWith(ENTRY))
                    .filter(path -> Files.exists(labels(path)))::iterator) {
                try {
                    files.put(file, Files.getLastModifiedTime(file));
                } catch (NoSuchFileException removedMeanwhile) {
                    files.remove(file);
                }
            }
        }
        return files;
    }
}
