package org.unet4j.cli;

import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.unet4j.io.Progress;

/**
 * Where a command prints: results to standard output, everything else to standard error. On a terminal long work shows a
 * bar; elsewhere a plain line now and then, so that a log file stays readable.
 */
final class Terminal implements Progress {
    private static final long PLAIN_LINE_EVERY_NANOS = Duration.ofSeconds(30).toNanos();

    private final PrintStream out;
    private final PrintStream err;
    private final boolean interactive;
    private ProgressBar bar;
    private String barTask = "";
    private String plainTask = "";
    private long plainStartNanos;
    private long plainStartDone;
    private long plainLastNanos;

    /** The launcher sets {@code unet4j.terminal} when standard error is a terminal; Java 17 cannot tell by itself. */
    Terminal(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
        this.interactive = Boolean.getBoolean("unet4j.terminal");
    }

    /** Returns one that shows nothing. */
    static Terminal silent() {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        return new Terminal(nowhere, nowhere);
    }

    /** Prints one line of a result. */
    synchronized void print(String line) {
        endProgress();
        out.println(line);
    }

    /** Prints one line about what goes on. */
    synchronized void note(String line) {
        endProgress();
        err.println(line);
    }

    /** Prints one line about something wrong. */
    synchronized void error(String line) {
        endProgress();
        err.println("unet4j: " + line);
        err.flush();
    }

    PrintWriter writer() {
        return new PrintWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), true);
    }

    PrintWriter errorWriter() {
        return new PrintWriter(new OutputStreamWriter(err, StandardCharsets.UTF_8), true);
    }

    void flush() {
        endProgress();
        out.flush();
        err.flush();
    }

    @Override
    public void update(String what, long done, long total) {
        update(what, done, total, "");
    }

    /** Shows how far {@code what} has come, with a few words of its own such as the loss. */
    synchronized void update(String what, long done, long total, String detail) {
        if (interactive) {
            showBar(what, done, total, detail);
        } else {
            showLine(what, done, total, detail);
        }
    }

    /** Takes the progress bar away, so that what is printed next starts on a line of its own. */
    synchronized void endProgress() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
        barTask = "";
    }

    private void showBar(String what, long done, long total, String detail) {
        if (bar == null || !what.equals(barTask)) {
            endProgress();
            barTask = what;
            bar = new ProgressBarBuilder()
                    .setTaskName(what)
                    .setInitialMax(total)
                    .setStyle(ProgressBarStyle.UNICODE_BLOCK)
                    .setUpdateIntervalMillis(200)
                    .setConsumer(new ConsoleProgressBarConsumer(err))
                    .startsFrom(done, Duration.ZERO)
                    .showSpeed()
                    .build();
        }
        bar.setExtraMessage(detail);
        bar.stepTo(done);
        if (done >= total) {
            endProgress();
        }
    }

    private void showLine(String what, long done, long total, String detail) {
        long now = System.nanoTime();
        boolean first = !what.equals(plainTask);
        if (first) {
            plainTask = what;
            plainStartNanos = now;
            plainStartDone = done;
        }
        if (first || done >= total || now - plainLastNanos > PLAIN_LINE_EVERY_NANOS) {
            plainLastNanos = now;
            double seconds = (now - plainStartNanos) / 1e9;
            boolean tellsItself = !detail.isEmpty();
            String left = done > plainStartDone && done < total && !tellsItself
                    ? ", " + Durations.text(seconds * (total - done) / (done - plainStartDone)) + " left"
                    : "";
            err.println(what + ": " + done + " of " + total + left + (detail.isEmpty() ? "" : ", " + detail));
        }
    }
}
