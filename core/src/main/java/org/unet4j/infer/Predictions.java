package org.unet4j.infer;

import java.nio.file.Path;
import java.util.List;

/**
 * What became of the scans that were given.
 *
 * @param written the label maps that were written
 * @param skipped the label maps that were there already and stayed
 * @param failures the scans that could not be segmented, and why
 * @param warnings what is unusual about scans that were segmented all the same
 */
public record Predictions(List<Path> written, List<Path> skipped, List<Failure> failures, List<Warning> warnings) {

    /** Copies the lists. */
    public Predictions {
        written = List.copyOf(written);
        skipped = List.copyOf(skipped);
        failures = List.copyOf(failures);
        warnings = List.copyOf(warnings);
    }

    /**
     * A scan that could not be segmented.
     *
     * @param scan its name
     * @param reason a line for people that names the file
     */
    public record Failure(String scan, String reason) {}

    /**
     * Why the labels of a scan may be wrong.
     *
     * @param scan its name
     * @param text what is unusual, with numbers
     */
    public record Warning(String scan, String text) {}
}
