package org.unet4j.cli;

import picocli.CommandLine.Option;

/** Whether a command speaks to a script. */
final class JsonOption {
    private final Terminal terminal;
    private boolean asked;

    JsonOption(Terminal terminal) {
        this.terminal = terminal;
    }

    @Option(
            names = "--json",
            description =
                    "For scripts: print the result as one JSON object, and what goes on as JSON Lines on standard error.")
    void setJson(boolean json) {
        asked |= json;
        if (json) {
            terminal.setJson();
        }
    }

    /** Returns whether it does. */
    boolean isAsked() {
        return asked;
    }
}
