package org.unet4j.cli;

import java.util.Locale;
import org.unet4j.io.DownloadListener;

/** Shows a download: a bar in megabytes with the rate of the last seconds and the time left. */
final class DownloadLines implements DownloadListener {
    private static final double BYTES = 1e6;
    private static final long SHOW_EVERY_NANOS = 200_000_000;
    private static final double WINDOW_SECONDS = 10;

    private final Terminal terminal;
    private final String name;
    private String task = "";
    private long shownNanos;
    private long shownDone;
    private double bytesPerSecond;

    DownloadLines(Terminal terminal, String name) {
        this.terminal = terminal;
        this.name = name;
    }

    @Override
    public void recovered(String what) {
        task = ""; // The pause is no part of the rate.
        terminal.note(name + ": " + what);
    }

    @Override
    public void update(String what, long done, long total) {
        long now = System.nanoTime();
        if (!what.equals(task)) {
            task = what;
            shownNanos = now;
            shownDone = done;
            bytesPerSecond = 0;
        } else if (done < total && now - shownNanos < SHOW_EVERY_NANOS) {
            return;
        } else {
            measure((now - shownNanos) / 1e9, done - shownDone);
            shownNanos = now;
            shownDone = done;
        }
        terminal.update(name + ": " + what + ", MB", megabytes(done), megabytes(total), detail(total - done));
    }

    /** An average whose memory fades within the window. */
    private void measure(double seconds, long bytes) {
        double rate = bytes / Math.max(seconds, 1e-9);
        double weight = bytesPerSecond == 0 ? 1 : 1 - Math.exp(-seconds / WINDOW_SECONDS);
        bytesPerSecond += weight * (rate - bytesPerSecond);
    }

    private String detail(long left) {
        if (bytesPerSecond == 0) {
            return "";
        }
        String rate = String.format(Locale.ROOT, "%.1f MB/s", bytesPerSecond / BYTES);
        return left == 0 ? rate : rate + ", " + Durations.text(left / bytesPerSecond) + " left";
    }

    /** Rounded up, so that what is done is never more than all. */
    private static long megabytes(long bytes) {
        return (long) Math.ceil(bytes / BYTES);
    }
}
