package org.unet4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.spi.ToolProvider;

/** A Java runtime of only what prediction needs, made from the JDK that runs this. */
final class RuntimeImage {

    /** What {@code jdeps} lists for the command line, less what only training and downloads use. */
    private static final List<String> MODULES =
            List.of("java.desktop", "java.logging", "java.management", "java.xml", "jdk.unsupported");

    private static final int ZIP_HAS_A_NAME = 21;

    private RuntimeImage() {}

    /**
     * Makes the runtime in the new folder {@code target}.
     *
     * @throws IOException if this Java is no whole JDK
     */
    static void link(Path target) throws IOException {
        link(ToolProvider.findFirst("jlink"), target);
    }

    static void link(Optional<ToolProvider> jlink, Path target) throws IOException {
        String here = "[" + System.getProperty("java.home") + "]";
        ToolProvider tool = jlink.orElseThrow(() -> new IOException(here
                + " is a Java without jlink, which makes the runtime: run this command with a whole JDK 17 or newer"
                + " (JAVA_HOME)"));
        StringWriter said = new StringWriter();
        PrintWriter log = new PrintWriter(said);
        String compression = Runtime.version().feature() < ZIP_HAS_A_NAME ? "--compress=2" : "--compress=zip-6";
        int code = tool.run(
                log,
                log,
                "--add-modules",
                String.join(",", MODULES),
                "--strip-java-debug-attributes",
                "--no-header-files",
                "--no-man-pages",
                compression,
                "--output",
                target.toString());
        if (code != 0) {
            String reason = said.toString().lines().findFirst().orElse("it ended with " + code);
            throw new IOException(here + " jlink made no runtime (" + reason + "): run this command with a whole JDK 17"
                    + " or newer (JAVA_HOME), one with a folder jmods");
        }
    }
}
