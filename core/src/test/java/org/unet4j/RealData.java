package org.unet4j;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Real scans, which are no part of the project: tests that want them skip where there are none. */
public final class RealData {

    private RealData() {}

    /** Returns the folder {@code name} of the one that {@code -Dunet4j.data} or UNET4J_DATA names, or skips the test. */
    public static Path folder(String name) {
        String root = System.getProperty("unet4j.data", System.getenv().getOrDefault("UNET4J_DATA", ""));
        assumeTrue(!root.isEmpty(), "skipped: neither -Dunet4j.data nor UNET4J_DATA names a folder with datasets");
        Path folder = Path.of(root, name);
        assumeTrue(Files.isDirectory(folder), "skipped: no " + folder);
        return folder;
    }
}
