package org.unet4j.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The browser of whoever sits at this machine. */
final class Browser {
    private Browser() {}

    /**
     * Asks the system to open an address that others must not know; returns whether there is somebody to see it. What programs are
     * called with is for every user of a machine to read, so the browser is given a file that leads to the address.
     */
    static boolean open(URI address, Map<String, String> environment) {
        List<String> opener = opener(System.getProperty("os.name").toLowerCase(Locale.ROOT), environment);
        if (opener.isEmpty()) {
            return false;
        }
        try {
            List<String> command = new ArrayList<>(opener);
            command.add(leadingTo(address).toString());
            new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return true;
        } catch (IOException e) { // The address is printed in any case.
            return false;
        }
    }

    /** Returns a page that takes a browser to an address; only its owner may read it, and it is gone when Java ends. */
    static Path leadingTo(URI address) throws IOException {
        Path file = Files.createTempFile("unet4j-view-", ".html", ownersOnly());
        file.toFile().deleteOnExit();
        String link = address.toASCIIString().replace("&", "&amp;").replace("\"", "&quot;");
        return Files.writeString(file, """
                <!doctype html>
                <meta charset="utf-8">
                <meta http-equiv="refresh" content="0; url=%1$s">
                <title>unet4j view</title>
                <a href="%1$s">unet4j view</a>
                """.formatted(link));
    }

    private static FileAttribute<?>[] ownersOnly() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0]; // Windows keeps temporary files in the user's own folder.
    }

    /** Returns the command that opens a file or an address; nothing on a Unix without a screen. */
    static List<String> opener(String system, Map<String, String> environment) {
        if (system.startsWith("windows")) {
            return List.of("rundll32", "url.dll,FileProtocolHandler");
        }
        if (system.startsWith("mac")) {
            return List.of("open");
        }
        boolean hasScreen = environment.containsKey("DISPLAY") || environment.containsKey("WAYLAND_DISPLAY");
        return hasScreen ? List.of("xdg-open") : List.of();
    }
}
