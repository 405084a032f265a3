package org.unet4j.cli;

import java.nio.file.Path;

/** The file of {@code --json FILE}, of the commands whose result scripts mostly keep. */
final class JsonFile {
    private JsonFile() {}

    /** Returns whether {@code file}, which may be null, is {@code -}: what other commands' {@code --json} does. */
    static boolean isStandardOutput(Path file) {
        return file != null && file.toString().equals("-");
    }
}
