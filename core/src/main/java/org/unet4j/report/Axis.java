package org.unet4j.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A linear scale from values to places on the screen, with round ticks.
 *
 * @param low the value at {@code from}
 * @param high the value at {@code to}, above {@code low}
 * @param from where the scale begins
 * @param to where it ends
 * @param step between two ticks
 */
record Axis(double low, double high, double from, double to, double step) {

    /** Returns the scale that holds both values, widened to full ticks, with about {@code ticks} of them. */
    static Axis round(double low, double high, double from, double to, int ticks) {
        double range = high > low ? high - low : Math.max(Math.abs(high), 1);
        double step = roundStep(range / ticks);
        double first = Math.floor(low / step + 1e-9) * step;
        double last = Math.ceil(high / step - 1e-9) * step;
        return new Axis(first, last > first ? last : first + step, from, to, step);
    }

    /** Returns the scale that holds exactly these values, with ticks at round ones inside. */
    static Axis exact(double low, double high, double from, double to, int ticks) {
        double end = high > low ? high : low + 1;
        return new Axis(low, end, from, to, roundStep((end - low) / ticks));
    }

    private static double roundStep(double raw) {
        double power = Math.pow(10, Math.floor(Math.log10(raw)));
        for (double factor : new double[] {1, 2, 2.5, 5}) {
            if (raw <= factor * power * (1 + 1e-9)) {
                return factor * power;
            }
        }
        return 10 * power;
    }

    /** Returns where {@code value} is. */
    double at(double value) {
        return from + (value - low) / (high - low) * (to - from);
    }

    /** Returns the values of the ticks. */
    List<Double> ticks() {
        List<Double> ticks = new ArrayList<>();
        long first = (long) Math.ceil(low / step - 1e-9);
        for (long i = first; i * step <= high + 1e-9 * step; i++) {
            ticks.add(i * step);
        }
        return ticks;
    }

    /** Returns how a tick is written. */
    String label(double tick) {
        if (step >= 1000) {
            return String.format(Locale.ROOT, "%.0fk", tick / 1000).replace("-", "\u2212");
        }
        int decimals = 0;
        while (decimals < 6
                && Math.abs(step * Math.pow(10, decimals) - Math.rint(step * Math.pow(10, decimals))) > 1e-6) {
            decimals++;
        }
        return String.format(Locale.ROOT, "%." + decimals + "f", tick + 0.0).replace("-", "\u2212");
    }
}
