package org.unet4j.cli;

import picocli.CommandLine.Option;

/** What a command of long work is told of how much to say. */
final class QuietOption {
    private final Terminal terminal;

    QuietOption(Terminal terminal) {
        this.terminal = terminal;
    }

    @Option(names = "--quiet", description = "Print nothing but the result and errors.")
    void setQuiet(boolean quiet) {
        if (quiet) {
            terminal.setQuiet();
        }
    }
}
