package org.unet4j.train;

/**
 * How a run is scored on its way. The end of the run scores every validation case.
 *
 * @param every steps between two validations on a few cases, which choose the best checkpoint; 0 for none before the end
 * @param cases how many cases those validations score, spread evenly over the validation cases
 * @param mirroring whether validation averages over copies mirrored along the axes of the augmentation, which takes up to
 *     eight times as long
 */
public record Validation(int every, int cases, boolean mirroring) {

    /** Checks every value. */
    public Validation {
        Rules.atLeast("validation every", every, 0);
        Rules.atLeast("validation cases", cases, 1);
    }

    /** Returns this every {@code value} steps. */
    public Validation withEvery(int value) {
        return new Validation(value, cases, mirroring);
    }

    /** Returns this on another number of cases. */
    public Validation withCases(int value) {
        return new Validation(every, value, mirroring);
    }

    /** Returns this with or without mirrored copies. */
    public Validation withMirroring(boolean value) {
        return new Validation(every, cases, value);
    }
}
