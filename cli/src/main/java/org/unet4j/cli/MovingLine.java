package org.unet4j.cli;

import java.io.PrintStream;
import java.time.Duration;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** One line of a terminal that is drawn again and again: a bar, what is done, the rate and the time left. */
final class MovingLine {
    private static final int DRAW_EVERY_MILLIS = 200;
    private static final int MEGABYTE = 1_000_000;
    private static final int FINE = 1000;

    private final PrintStream err;
    private ProgressBar bar;
    private String task = "";

    MovingLine(PrintStream err) {
        this.err = err;
    }

    void show(Work work) {
        if (bar == null || !work.task().equals(task)) {
            end();
            task = work.task();
            ProgressBarBuilder builder = new ProgressBarBuilder()
                    .setTaskName(task)
                    .setInitialMax(fine(work, (double) work.total()))
                    .setStyle(ProgressBarStyle.UNICODE_BLOCK)
                    .setUpdateIntervalMillis(DRAW_EVERY_MILLIS)
                    .setConsumer(new ConsoleProgressBarConsumer(err))
                    .startsFrom(fine(work, work.finished()), Duration.ZERO)
                    .hideEta(); // It is ours: of a training, the library's would not know validation from steps.
            bar = (isBytes(work) ? builder.setUnit(" MB", MEGABYTE) : builder.setUnit("", FINE)).build();
        }
        bar.setExtraMessage(" " + WorkText.rest(work));
        bar.stepTo(fine(work, work.finished()));
    }

    private static boolean isBytes(Work work) {
        return work.unit().equals(Work.BYTES);
    }

    /** Returns a count in the bar's own steps: a bar counts whole ones, and shall move within a part as well. */
    private static long fine(Work work, double count) {
        return (long) (isBytes(work) ? count : FINE * count);
    }

    void end() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
        task = "";
    }
}
