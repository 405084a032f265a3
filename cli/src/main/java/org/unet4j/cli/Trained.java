package org.unet4j.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.unet4j.train.TrainResult;
import org.unet4j.train.ValidationScores;

/** What {@code train --json} prints; scores by class and case are in {@code validation.json}. */
record Trained(
        Path run,
        int steps,
        boolean interrupted,
        double trainSeconds,
        double waitShare,
        double loss,
        Optional<SortedMap<String, Double>> dice,
        Optional<Double> meanDice) {

    private static Trained of(TrainResult result) {
        return new Trained(
                result.folder(),
                result.step(),
                result.interrupted(),
                result.trainSeconds(),
                result.waitShare(),
                result.loss(),
                result.scores().map(Trained::dice),
                result.scores().map(scores -> scores.last().meanDice()));
    }

    private static SortedMap<String, Double> dice(ValidationScores scores) {
        SortedMap<String, Double> dice = new TreeMap<>();
        scores.last()
                .report()
                .classes()
                .forEach((cls, entry) -> dice.put(cls, entry.dice().mean()));
        return dice;
    }

    /** Says how a training ended; returns the exit code. */
    static int tell(TrainResult result, Terminal shown) {
        shown.result(of(result));
        if (result.interrupted()) {
            shown.note("stopped after step " + result.step() + "; go on with the same command and --resume");
            return Main.INTERRUPTED;
        }
        result.scores().ifPresent(scores -> tell(scores, shown));
        shown.print("trained %d steps in %s, %.1f %% of it waiting for data: %s"
                .formatted(
                        result.step(),
                        Durations.text(result.trainSeconds()),
                        100 * result.waitShare(),
                        result.folder()));
        return Main.DONE;
    }

    private static void tell(ValidationScores scores, Terminal shown) {
        scores.last()
                .report()
                .classes()
                .forEach((cls, entry) -> shown.print("class %s: Dice %.4f, sd %.4f"
                        .formatted(cls, entry.dice().mean(), entry.dice().sd())));
        shown.print("mean of %d validation cases: Dice %.4f (last step)"
                .formatted(scores.last().cases().size(), scores.last().meanDice()));
    }
}
