package org.unet4j.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the files of a measurement of inference are.
 *
 * @param path the folder
 */
public record InferenceFolder(Path path) {

    /** Returns the file of the {@link org.unet4j.report.InferenceResult}. */
    public Path result() {
        return path.resolve("inference.json");
    }

    /** Returns the file of the table in Markdown. */
    public Path table() {
        return path.resolve("inference.md");
    }

    /** Returns the folder of exported networks, which is there while they are measured. */
    Path models() {
        return path.resolve("models");
    }

    /**
     * Checks that nothing was measured into this folder, which need not exist.
     *
     * @throws IOException if there is a result
     */
    public void requireFree() throws IOException {
        if (Files.exists(result())) {
            throw new IOException("[" + path + "] holds a measurement of inference already, and results are never"
                    + " overwritten: choose another folder with --out, or delete this one");
        }
    }
}
