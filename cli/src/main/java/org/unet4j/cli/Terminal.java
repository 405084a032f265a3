package org.unet4j.cli;

import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.unet4j.io.Json;
import org.unet4j.io.Progress;

/**
 * Where a command prints: results to standard output, everything else to standard error. On a terminal long work shows one line that
 * moves; elsewhere a plain line now and then, so that a log file stays readable. Quiet, nothing is left but results and errors; for
 * scripts, the result is one line of JSON, and everything else is {@link JsonEvents}.
 */
final class Terminal implements Progress {
    private static final long PLAIN_LINE_EVERY_NANOS = Duration.ofSeconds(30).toNanos();
    private static final long JSON_LINE_EVERY_NANOS = Duration.ofSeconds(1).toNanos();

    private final PrintStream out;
    private final PrintStream err;
    private final MovingLine moving;
    private final boolean interactive;
    private boolean quiet;
    private boolean json;
    private String task = "";
    private Pace pace = new Pace(0, 0);
    private long lastDone;
    private long shownNanos;

    /** The launcher sets {@code unet4j.terminal} when standard error is a terminal; Java 17 cannot tell by itself. */
    Terminal(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
        this.moving = new MovingLine(err);
        this.interactive = Boolean.getBoolean("unet4j.terminal");
    }

    /** Returns one that shows nothing. */
    static Terminal silent() {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        return new Terminal(nowhere, nowhere);
    }

    /** From here on, shows results and errors only. */
    synchronized void setQuiet() {
        quiet = true;
    }

    /** From here on, speaks JSON. */
    synchronized void setJson() {
        json = true;
    }

    synchronized boolean speaksJson() {
        return json;
    }

    /** Prints one line of a result for people. In JSON it is something that goes on: {@link #result} has the numbers. */
    synchronized void print(String line) {
        if (json) {
            note(line);
        } else {
            endProgress();
            out.println(line);
        }
    }

    /** Prints the result of the command for scripts, where it is asked for. */
    synchronized void result(Object result) {
        if (json) {
            out.println(Json.line(result));
        }
    }

    /** Prints one line about what goes on. */
    synchronized void note(String line) {
        if (!quiet) {
            endProgress();
            err.println(json ? JsonEvents.note(line) : line);
        }
    }

    /** Prints one line that a person waits for, also where it is quiet, and of which nothing is wrong. */
    synchronized void notice(String line) {
        endProgress();
        err.println(json ? JsonEvents.note(line) : "unet4j: " + line);
        err.flush();
    }

    /** Prints one line about something wrong. */
    synchronized void error(String line) {
        endProgress();
        err.println(json ? JsonEvents.error(line) : "unet4j: " + line);
        err.flush();
    }

    /** Prints what ended the command: lines that are {@code unet4j: } and words, or a trace. */
    synchronized void failure(String text) {
        if (json) {
            error(text.strip().replaceFirst("^unet4j: ", ""));
        } else {
            endProgress();
            err.print(text);
            err.flush();
        }
    }

    PrintWriter writer() {
        return new PrintWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), true);
    }

    PrintWriter errorWriter() {
        return new PrintWriter(new OutputStreamWriter(err, StandardCharsets.UTF_8), true);
    }

    synchronized void flush() {
        endProgress();
        out.flush();
        err.flush();
    }

    /** Shows how far the work has come; its last word says what is counted. */
    @Override
    public void update(String what, long done, long total) {
        update(Work.of(what, done, total, unit(what)));
    }

    /** Shows the same, and how far the part has come that is worked on. */
    @Override
    public void update(String what, long done, long total, Part next) {
        update(Work.of(what, done, total, unit(what)).withNext(next));
    }

    private static String unit(String what) {
        String last = what.substring(what.lastIndexOf(' ') + 1);
        return last.endsWith("s") ? last : "";
    }

    /** Shows how far the work has come, with its rate and the time that is left, measured here where the work does not know them. */
    synchronized void update(Work work) {
        if (quiet) {
            return;
        }
        long now = System.nanoTime();
        boolean first = !work.task().equals(task) || work.done() < lastDone;
        lastDone = work.done();
        if (first) {
            endProgress();
            task = work.task();
            pace = new Pace(now, work.finished());
        }
        pace.measure(now, work.finished(), work.isDone());
        Work timed = work.perSecond().isPresent() || pace.perSecond().isEmpty()
                ? work
                : work.withRate(pace.perSecond().getAsDouble());
        if (interactive && !json) {
            moving.show(timed);
        } else if (first
                || work.isDone()
                || now - shownNanos > (json ? JSON_LINE_EVERY_NANOS : PLAIN_LINE_EVERY_NANOS)) {
            shownNanos = now;
            err.println(json ? JsonEvents.progress(timed) : WorkText.line(timed));
        }
        if (work.isDone()) {
            endProgress();
            task = "";
        }
    }

    /** Takes the moving line away, so that what is printed next starts on a line of its own. */
    synchronized void endProgress() {
        moving.end();
    }
}
