package org.unet4j.report;

import java.util.List;
import java.util.Locale;

/** How numbers are written for people: few digits, with units, the same in every language. */
final class Numbers {

    private Numbers() {}

    /** Returns a Dice with three decimals. */
    static String dice(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    /** Returns millimetres with two decimals; a dash for what is none. */
    static String mm(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.2f", value) : "\u2013";
    }

    /** Returns a number as a person gave it: without a point where it is whole. */
    static String plain(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e9
                ? String.format(Locale.ROOT, "%.0f", value)
                : Double.toString(value);
    }

    /** Returns a difference with its sign, a true minus for a negative one. */
    static String signed(double value) {
        String digits = String.format(Locale.ROOT, "%.3f", Math.abs(value));
        return digits.equals("0.000") ? "0.000" : (value < 0 ? "\u2212" : "+") + digits;
    }

    /** Returns an interval's ends in words. */
    static String interval(List<Double> ci95) {
        return dice(ci95.get(0)) + " to " + dice(ci95.get(1));
    }

    /** Returns an interval's ends with their signs. */
    static String signedInterval(List<Double> ci95) {
        return signed(ci95.get(0)) + " to " + signed(ci95.get(1));
    }

    /** Returns a probability; small ones as a bound. */
    static String probability(double p) {
        return p < 0.001 ? "< 0.001" : String.format(Locale.ROOT, p < 0.1 ? "%.3f" : "%.2f", p);
    }

    /** Returns a count with three digits and k, M, G or T. */
    static String count(double count) {
        String[] prefixes = {"", " k", " M", " G", " T", " P"};
        int prefix = 0;
        double scaled = count;
        while (scaled >= 999.5 && prefix < prefixes.length - 1) {
            scaled /= 1000;
            prefix++;
        }
        return threeDigits(scaled, prefix == 0) + prefixes[prefix];
    }

    /** Returns bytes in MiB or GiB. */
    static String bytes(long bytes) {
        double mebibytes = bytes / 1024.0 / 1024;
        return mebibytes < 1000 ? threeDigits(mebibytes, true) + " MiB" : threeDigits(mebibytes / 1024, false) + " GiB";
    }

    /** Returns seconds, or what is done in one, with three digits, four below a tenth, without a unit. */
    static String measured(double value) {
        String format = value < 0.9995 ? "%.3f" : value < 9.995 ? "%.2f" : value < 99.95 ? "%.1f" : "%.0f";
        return String.format(Locale.ROOT, value < 0.09995 ? "%.4f" : format, value);
    }

    /** Returns a ratio of two speeds. */
    static String times(double ratio) {
        return String.format(Locale.ROOT, "%.2f\u00d7", ratio);
    }

    /** Returns seconds as s, min or h. */
    static String duration(double seconds) {
        if (seconds < 99.5) {
            return threeDigits(seconds, false) + " s";
        }
        long whole = Math.round(seconds);
        return whole < 3600
                ? String.format(Locale.ROOT, "%d min %02d s", whole / 60, whole % 60)
                : String.format(Locale.ROOT, "%d h %02d min", whole / 3600, whole % 3600 / 60);
    }

    /** Returns a share in percent. */
    static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", share * 100);
    }

    private static String threeDigits(double value, boolean whole) {
        String format = whole || value >= 99.5 ? "%.0f" : value >= 9.95 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, value);
    }
}
