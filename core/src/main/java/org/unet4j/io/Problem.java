package org.unet4j.io;

import java.nio.file.Path;

/**
 * Something wrong with one file of a dataset.
 *
 * @param file the file to look at
 * @param what what is wrong and what to do, in one or two lines
 * @param severity whether work can go on without a person
 * @param isMendable whether {@link Repair} mends it in a copy
 */
public record Problem(Path file, String what, Severity severity, boolean isMendable) {

    /** How much a problem matters. */
    public enum Severity {
        /** Results would be wrong or impossible: nothing long starts before this is mended. */
        ERROR,
        /** Worth knowing; nothing is wrong with the cases that were found. */
        WARNING
    }

    /** Makes a problem that has to be mended. */
    public Problem(Path file, String what) {
        this(file, what, Severity.ERROR, false);
    }

    /** Returns a problem that need not be mended. */
    public static Problem warning(Path file, String what) {
        return new Problem(file, what, Severity.WARNING, false);
    }

    /** Returns this as a problem that {@link Repair} mends. */
    Problem mendable() {
        return new Problem(file, what, severity, true);
    }

    /**
     * Returns the problem that made reading {@code file} fail, without naming the file twice.
     *
     * @throws OutOfMemoryError if it was no problem of the file: alone it may fit
     */
    static Problem of(Path file, Exception error) {
        if (error.getCause() instanceof OutOfMemoryError noRoom) {
            throw noRoom;
        }
        String message = String.valueOf(error.getMessage());
        for (Object name : new Object[] {file, file.getFileName()}) {
            String prefix = "[" + name + "] ";
            if (message.startsWith(prefix)) {
                return new Problem(file, message.substring(prefix.length()));
            }
        }
        return new Problem(file, message);
    }

    /** Returns this as a problem that need not be mended. */
    Problem asWarning() {
        return new Problem(file, what, Severity.WARNING, isMendable);
    }

    /** Returns whether this has to be mended. */
    public boolean isError() {
        return severity == Severity.ERROR;
    }

    @Override
    public String toString() {
        return (isError() ? "" : "warning: ") + "[" + file + "] " + what;
    }
}
