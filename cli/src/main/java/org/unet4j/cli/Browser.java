package org.unet4j.cli;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The browser of whoever sits at this machine. */
final class Browser {
    private Browser() {}

    /** Asks the system to open an address; returns whether there is somebody to see it. */
    static boolean open(URI address, Map<String, String> environment) {
        List<String> opener = opener(System.getProperty("os.name").toLowerCase(Locale.ROOT), environment);
        if (opener.isEmpty()) {
            return false;
        }
        List<String> command = new java.util.ArrayList<>(opener);
        command.add(address.toString());
        try {
            new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return true;
        } catch (IOException e) { // The address is printed in any case.
            return false;
        }
    }

    /** Returns the command that opens an address; nothing on a Unix without a screen. */
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
