package org.unet4j.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the files of a measurement of throughput are.
 *
 * @param path the folder
 */
public record ThroughputFolder(Path path) {

    /** Returns the file of the {@link org.unet4j.report.ThroughputResult}. */
    public Path result() {
        return path.resolve("throughput.json");
    }

    /** Returns the file of the table in Markdown. */
    public Path table() {
        return path.resolve("throughput.md");
    }

    /** Returns the file of the plan whose networks, patch and batch were measured. */
    public Path plan() {
        return path.resolve("plan.yaml");
    }

    /**
     * Checks that nothing was measured into this folder, which need not exist.
     *
     * @throws IOException if there is a result
     */
    public void requireFree() throws IOException {
        if (Files.exists(result())) {
            throw new IOException("[" + path + "] holds a measurement already, and results are never overwritten:"
                    + " choose another folder with --out, or delete this one");
        }
    }
}
