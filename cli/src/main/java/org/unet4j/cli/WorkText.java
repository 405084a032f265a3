package org.unet4j.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How far work has come, in words. */
final class WorkText {
    private static final double MEGABYTE = 1e6;
    private static final double RARE = 0.1;

    private WorkText() {}

    /** Returns a line such as {@code preparing cases: 12 of 40, 1.30 cases/s, 21.5 s left}. */
    static String line(Work work) {
        String count = work.unit().equals(Work.BYTES)
                ? String.format(Locale.ROOT, "%.0f of %.0f MB", megabytes(work.done()), megabytes(work.total()))
                : work.done() + " of " + work.total();
        String rest = rest(work);
        return work.task() + ": " + count + (rest.isEmpty() ? "" : ", " + rest);
    }

    /** Returns what stands behind the count: numbers, the rate, the time left. */
    static String rest(Work work) {
        List<String> parts = new ArrayList<>();
        if (!work.detail().isEmpty()) {
            parts.add(work.detail());
        }
        work.next()
                .ifPresent(part ->
                        parts.add(part.name() + ": " + part.done() + " of " + part.total() + " " + part.unit()));
        work.values().forEach((name, value) -> parts.add(String.format(Locale.ROOT, "%s %.3f", name, value)));
        work.perSecond().ifPresent(rate -> parts.add(rate(work.unit(), rate)));
        if (!work.isDone()) {
            work.secondsLeft().ifPresent(left -> parts.add(Durations.text(left) + " left"));
        }
        return String.join(", ", parts);
    }

    private static String rate(String unit, double perSecond) {
        if (unit.equals(Work.BYTES)) {
            return String.format(Locale.ROOT, "%.1f MB/s", perSecond / MEGABYTE);
        }
        return perSecond < RARE
                ? Durations.text(1 / perSecond) + " each"
                : String.format(Locale.ROOT, "%.2f %s/s", perSecond, unit).replace(" /s", "/s");
    }

    /** Rounded up, so that what is done is never more than all. */
    private static double megabytes(long bytes) {
        return Math.ceil(bytes / MEGABYTE);
    }
}
