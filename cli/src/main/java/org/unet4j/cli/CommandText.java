package org.unet4j.cli;

import java.nio.file.Path;

/** A command that a person may type again. Of absolute paths it has the last name only: where somebody's folders are is nobody's business. */
final class CommandText {
    private final StringBuilder text;

    CommandText(String command) {
        text = new StringBuilder(command);
    }

    /** Adds a path without an option. */
    CommandText path(Path path) {
        text.append(' ').append(path.isAbsolute() && path.getFileName() != null ? path.getFileName() : path);
        return this;
    }

    CommandText flag(String option) {
        text.append(' ').append(option);
        return this;
    }

    CommandText option(String option, String value) {
        text.append(' ').append(option).append(' ').append(value);
        return this;
    }

    CommandText file(String option, Path file) {
        text.append(' ').append(option);
        return path(file);
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
