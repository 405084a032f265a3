package org.unet4j.prep;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.unet4j.io.Case;
import org.unet4j.io.Dataset;
import org.unet4j.io.Progress;
import org.unet4j.io.Yaml;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;

/**
 * What a plan is derived from: the size and spacing of each labelled case, and the foreground's intensities over all.
 *
 * @param dataset the dataset's name
 * @param cases in the dataset's order, at least one
 * @param foreground one for each channel
 */
public record Fingerprint(String dataset, List<CaseSize> cases, List<Intensities> foreground) {

    /**
     * The size of one case.
     *
     * @param id the case's identifier
     * @param shape after cropping, on the RAS grid
     * @param spacing on the RAS grid
     */
    public record CaseSize(String id, Shape shape, Spacing spacing) {}

    /** Checks that there is something to derive a plan from. */
    public Fingerprint {
        cases = List.copyOf(cases);
        foreground = List.copyOf(foreground);
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

    /** Returns the fingerprint that a YAML file holds. */
    public static Fingerprint read(Path file) throws IOException {
        return Yaml.read(file, Fingerprint.class);
    }

    /** Writes this fingerprint as YAML. */
    public void write(Path file) throws IOException {
        Yaml.write(file, this);
    }
}
