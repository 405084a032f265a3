package org.unet4j.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Supplier;
import org.unet4j.io.HeapAdvice;
import org.unet4j.view.EmbeddedViewer;

/** Gathers the cases that a page shows, as far as they fit into memory, the first of them to turn over. */
public final class ShownCases {

    private static final int MOST_VOLUMES = 4;

    private final String source;
    private final List<Failure> failures;
    private final List<CasePicture> pictures = new ArrayList<>();
    private final List<EmbeddedViewer.Case> volumes = new ArrayList<>();

    /**
     * Makes it without a case.
     *
     * @param source where scans are from, as failures call it
     * @param failures gets what does not fit into memory
     */
    public ShownCases(String source, List<Failure> failures) {
        this.source = source;
        this.failures = failures;
    }

    /**
     * Adds what {@code reading} gives of case {@code id}; that memory is too small for it is a failure.
     *
     * @param classNames of its label maps
     */
    public void add(String id, SortedMap<Integer, String> classNames, Supplier<Optional<ShownCase>> reading) {
        int before = pictures.size();
        try {
            Optional<ShownCase> shown = reading.get();
            if (shown.isPresent()) {
                pictures.add(shown.get().picture());
                if (volumes.size() < MOST_VOLUMES) {
                    volumes.add(shown.get().volume(classNames));
                }
            }
        } catch (OutOfMemoryError e) { // Too large a scan, not a broken program: what it held is free again.
            String lacks = pictures.size() == before ? "no picture" : "not there to turn over";
            failures.add(Failure.leftOutOfCase(
                    source, id, lacks + ": Java's heap is too small for it; " + HeapAdvice.giveMore()));
        }
    }

    /** Returns slices of the cases, in the order in which they were added. */
    public List<CasePicture> pictures() {
        return List.copyOf(pictures);
    }

    /** Returns the first four of the cases, to turn over. */
    public List<EmbeddedViewer.Case> volumes() {
        return List.copyOf(volumes);
    }
}
