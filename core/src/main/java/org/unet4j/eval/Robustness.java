package org.unet4j.eval;

import java.util.Arrays;

/**
 * How bad the worst cases are, which a mean hides.
 *
 * @param dice5thPercentile the Dice below which one case in twenty lies
 * @param casesUnderTenth how many cases have a Dice below {@value #FAILED}: what was looked for was not found
 */
public record Robustness(double dice5thPercentile, int casesUnderTenth) {

    /** The Dice below which a case counts as failed. */
    public static final double FAILED = 0.1;

    /** Returns what {@code dice}, one number a case and at least one, tells. */
    public static Robustness of(double[] dice) {
        int under = (int) Arrays.stream(dice).filter(d -> d < FAILED).count();
        return new Robustness(Statistics.quantile(dice, 0.05), under);
    }
}
