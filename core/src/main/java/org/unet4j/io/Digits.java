package org.unet4j.io;

import java.math.BigDecimal;
import java.math.MathContext;

/** Numbers as a person writes them. */
final class Digits {

    private static final MathContext FIVE = new MathContext(5);

    private Digits() {}

    /** Returns a number with up to five digits, without zeros at its end and without an exponent: "0.9765", "12000". */
    static String of(double value) {
        if (!Double.isFinite(value)) {
            return String.valueOf(value);
        }
        return new BigDecimal(value).round(FIVE).stripTrailingZeros().toPlainString();
    }

    /** Returns three numbers as "(1, 2, 3)". */
    static String of(double x, double y, double z) {
        return "(" + of(x) + ", " + of(y) + ", " + of(z) + ")";
    }
}
