package org.unet4j.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version and the commit that this build was made from. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        var build = new Properties();
        try (InputStream in = Version.class.getResourceAsStream("/org/unet4j/build.properties")) {
            build.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String changed = Boolean.parseBoolean(build.getProperty("dirty")) ? ", changed since" : "";
        return new String[] {
            "unet4j %s (commit %s%s)".formatted(build.getProperty("version"), build.getProperty("commit"), changed),
            "Java ${java.version}, ${os.name} ${os.arch}"
        };
    }
}
