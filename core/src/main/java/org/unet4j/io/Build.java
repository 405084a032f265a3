package org.unet4j.io;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * Which unet4j this is.
 *
 * @param version of unet4j
 * @param commit the abbreviated commit, with {@code -dirty} where the sources had been changed
 */
public record Build(String version, String commit) {

    /** Returns the build of this class. */
    public static Build here() {
        Properties build = new Properties();
        try (InputStream in = Build.class.getResourceAsStream("/org/unet4j/build.properties")) {
            build.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        boolean dirty = Boolean.parseBoolean(build.getProperty("dirty"));
        return new Build(build.getProperty("version"), build.getProperty("commit") + (dirty ? "-dirty" : ""));
    }
}
