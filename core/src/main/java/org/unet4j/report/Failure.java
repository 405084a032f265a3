package org.unet4j.report;

import java.io.File;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.OptionalDouble;

/**
 * Something that went wrong, to be seen before anything else.
 *
 * @param run the network or the run
 * @param caseId the case; empty where it is the whole run
 * @param className the class; empty where it is the whole case
 * @param dice what was scored; absent where nothing was
 * @param what in words
 * @param unreadable whether something is left out of the page because a file cannot be read
 */
public record Failure(
        String run, String caseId, String className, OptionalDouble dice, String what, boolean unreadable) {

    /** Returns what is wrong with a whole run. */
    public static Failure ofRun(String run, String what) {
        return new Failure(run, "", "", OptionalDouble.empty(), what, false);
    }

    /** Returns what is wrong with a case that has no score. */
    public static Failure ofCase(String run, String caseId, String what) {
        return new Failure(run, caseId, "", OptionalDouble.empty(), what, false);
    }

    /** Returns what {@link #ofRun} does of a run of which {@code what} is left out, for it cannot be read; {@code folder} is the run's. */
    public static Failure unreadable(String run, String what, Path folder, IOException why) {
        return unreadable(run, "", what, folder, why);
    }

    /** Returns the same of what belongs to one case. */
    public static Failure unreadable(String run, String caseId, String what, Path folder, IOException why) {
        return unreadable(run, caseId, what + ": " + within(folder, why));
    }

    /** Returns that something of a case is left out; {@code what} says why. */
    public static Failure unreadable(String run, String caseId, String what) {
        return new Failure(run, caseId, "", OptionalDouble.empty(), what, true);
    }

    /** Returns what is wrong with a file, without the folder that it lies in: a page is for others too. */
    private static String within(Path folder, IOException why) {
        String text = why instanceof AccessDeniedException denied
                ? "[" + denied.getFile() + "] may not be read"
                : String.valueOf(why.getMessage());
        return text.replace(folder + File.separator, "");
    }

    /** Returns a line: where and what. */
    public String text() {
        return run + (caseId.isEmpty() ? "" : ", " + caseId) + ": " + what;
    }
}
