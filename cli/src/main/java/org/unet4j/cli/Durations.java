package org.unet4j.cli;

/** Times as people say them. */
final class Durations {
    private Durations() {}

    /** Returns seconds as "8.2 s", "3:07 min" or "1:02:45 h". */
    static String text(double seconds) {
        long whole = Math.round(seconds);
        if (whole < 60) {
            return "%.1f s".formatted(seconds);
        }
        return whole < 3600
                ? "%d:%02d min".formatted(whole / 60, whole % 60)
                : "%d:%02d:%02d h".formatted(whole / 3600, whole / 60 % 60, whole % 60);
    }
}
