package org.unet4j.cli;

import org.unet4j.benchmark.BenchmarkListener;
import org.unet4j.benchmark.Run;
import org.unet4j.benchmark.RunScores;
import org.unet4j.eval.CaseScores;
import org.unet4j.train.TrainListener;

/** Shows a benchmark as a training each. */
final class BenchmarkLines implements BenchmarkListener {
    private final Terminal shown;
    private final TrackOption.Tracked tracked;

    BenchmarkLines(Terminal shown, TrackOption.Tracked tracked) {
        this.shown = shown;
        this.tracked = tracked;
    }

    @Override
    public void started(Run run, int index, int count) {
        shown.note("%s, seed %d: run %d of %d".formatted(run.network(), run.seed(), index + 1, count));
    }

    @Override
    public TrainListener training(Run run) {
        return tracked.with(new TrainingLines(shown, run.network()));
    }

    @Override
    public void predicted(Run run, int done, int total) {
        shown.update(Work.of(run.network() + ": scoring", done, total, "cases"));
    }

    @Override
    public void working(String what, int done, int total) {
        shown.update(Work.of(what, done, total, "cases"));
    }

    @Override
    public void scored(RunScores scores, boolean before) {
        shown.note("%s, seed %d: Dice %.4f%s"
                .formatted(
                        scores.network(),
                        scores.seed(),
                        new CaseScores(scores.cases()).meanDice(),
                        before ? " (scored before)" : ""));
    }

    @Override
    public void recovered(String what) {
        shown.note(what);
    }
}
