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
 * @param leavesOut whether the page lacks something for it, such as where a file cannot be read
 */
public record Failure(
        String run, String caseId, String className, OptionalDouble dice, String what, boolean leavesOut) {

    /** Returns what is wrong with a whole run. */
    public static Failure ofRun(String run, String what) {
        return new Failure(run, "", "", OptionalDouble.empty(), what, false);
    }

    /** Returns what is wrong with a case that has no score. */
    public static Failure ofCase(String run, String caseId, String what) {
        return new Failure(run, caseId, "", OptionalDouble.empty(), what, false);
    }

    /** Returns what is wrong with a class of a case: its Dice. */
    static Failure ofClass(String run, String caseId, String className, double dice, String what) {
        return new Failure(run, caseId, className, OptionalDouble.of(dice), what, false);
    }

    /** Returns that {@code what} of a run is left out, for it cannot be read; {@code folder} is the run's. */
    public static Failure leftOut(String run, String what, Path folder, IOException why) {
        return leftOutOfCase(run, "", what + ": " + within(folder, why));
    }

    /** Returns that a case has no picture, for a file cannot be read; {@code folder} is where that lies. */
    public static Failure noPicture(String run, String caseId, Path folder, IOException why) {
        return leftOutOfCase(run, caseId, "no picture: " + within(folder, why));
    }

    /** Returns that something of a case is left out; {@code what} says what, and why. */
    public static Failure leftOutOfCase(String run, String caseId, String what) {
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
