package org.unet4j.report;

import java.util.OptionalDouble;

/**
 * Something that went wrong, to be seen before anything else.
 *
 * @param run the network or the run
 * @param caseId the case; empty where it is the whole run
 * @param className the class; empty where it is the whole case
 * @param dice what was scored; absent where nothing was
 * @param what in words
 */
public record Failure(String run, String caseId, String className, OptionalDouble dice, String what) {

    /** Returns what is wrong with a whole run. */
    public static Failure ofRun(String run, String what) {
        return new Failure(run, "", "", OptionalDouble.empty(), what);
    }

    /** Returns what is wrong with a case that has no score. */
    public static Failure ofCase(String run, String caseId, String what) {
        return new Failure(run, caseId, "", OptionalDouble.empty(), what);
    }
}
