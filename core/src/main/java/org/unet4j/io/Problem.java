package org.unet4j.io;

import java.nio.file.Path;

/**
 * Something wrong with one file of a dataset.
 *
 * @param file the file to look at
 * @param what what is wrong and what to do, in one or two lines
 */
public record Problem(Path file, String what) {

    @Override
    public String toString() {
        return "[" + file + "] " + what;
    }
}
