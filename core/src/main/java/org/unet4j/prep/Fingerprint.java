package org.unet4j.prep;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.unet4j.io.Case;
import org.unet4j.io.Dataset;
import org.unet4j.io.Progress;
import org.unet4j.io.Yaml;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;

/**
 * What a plan is derived from: the size and spacing of each labelled case, and the foreground's intensities over all. What only people
 * look at is in it too: how large each class is, and how intensities are spread.
 *
 * @param dataset the dataset's name
 * @param cases in the dataset's order, at least one
 * @param foreground one for each channel
 * @param spread how the foreground's intensities are spread, one for each channel; absent in files of earlier versions
 */
public record Fingerprint(
        String dataset, List<CaseSize> cases, List<Intensities> foreground, Optional<List<IntensitySpread>> spread) {

    /**
     * The size of one case.
     *
     * @param id the case's identifier
     * @param shape after cropping, on the RAS grid
     * @param spacing on the RAS grid
     * @param classMl the volume of each foreground class that occurs, in what cropping keeps; absent in files of earlier versions
     */
    public record CaseSize(String id, Shape shape, Spacing spacing, Optional<SortedMap<Integer, Double>> classMl) {

        /** Copies the map. */
        public CaseSize {
            classMl = classMl.map(given -> Collections.unmodifiableSortedMap(new TreeMap<>(given)));
        }

        /** Makes the size of a case whose classes nobody measured. */
        public CaseSize(String id, Shape shape, Spacing spacing) {
            this(id, shape, spacing, Optional.empty());
        }
    }

    /** Makes a fingerprint without what only people look at. */
    public Fingerprint(String dataset, List<CaseSize> cases, List<Intensities> foreground) {
        this(dataset, cases, foreground, Optional.empty());
    }

    /** Checks that there is something to derive a plan from. */
    public Fingerprint {
        cases = List.copyOf(cases);
        foreground = List.copyOf(foreground);
        spread = spread.map(List::copyOf);
        if (cases.isEmpty() || foreground.isEmpty()) {
            throw new IllegalArgumentException(
                    "dataset " + dataset + " has no labelled case to derive a plan from; check its labelsTr");
        }
    }

    /**
     * Returns the fingerprint of those of {@code cases} that have labels. Each file is read once; {@link Survey} also gives
     * the warnings.
     *
     * @throws IOException naming every problem that has to be mended first
     */
    public static Fingerprint of(Dataset dataset, List<Case> cases, int threads, Progress progress) throws IOException {
        return Survey.of(dataset, cases, threads, progress).requireFingerprint();
    }

    /**
     * Returns the fingerprint that {@code store} was planned by; empty where it has none, as one that was prepared in shards by a plan
     * that was given.
     *
     * @throws IOException if the file is something else
     */
    public static Optional<Fingerprint> of(Store store) throws IOException {
        Path file = store.folder().resolve(Prepare.FINGERPRINT);
        return Files.exists(file) ? Optional.of(read(file)) : Optional.empty();
    }

    /** Returns the fingerprint that a YAML file holds. */
    public static Fingerprint read(Path file) throws IOException {
        return Yaml.read(file, Fingerprint.class);
    }

    /** Writes this fingerprint as YAML. */
    public void write(Path file) throws IOException {
        Yaml.write(file, this);
    }
}
