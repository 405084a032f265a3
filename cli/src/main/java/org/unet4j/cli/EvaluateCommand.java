package org.unet4j.cli;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.unet4j.eval.CaseScores;
import org.unet4j.eval.Evaluation;
import org.unet4j.eval.Statistics;
import org.unet4j.io.Dataset;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Scores predicted label maps against references. */
@Command(
        name = "evaluate",
        mixinStandardHelpOptions = true,
        description = "Scores predicted label maps against references: Dice per class and case.",
        footer = {
            "",
            "Two empty masks of a class agree and score 1; exactly one empty mask scores 0.",
            "The mean is over foreground classes of the means over cases."
        })
final class EvaluateCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(
            index = "0",
            paramLabel = "PREDICTIONS",
            description = "Folder of predicted labels (.nii, .nii.gz), or one file.")
    private Path predictions;

    @Parameters(
            index = "1",
            paramLabel = "REFERENCES",
            description = "Folder of reference labels of the same names, one file, or a dataset (its labelsTr).")
    private Path references;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the scores as JSON.")
    private Path json;

    @Option(names = "--csv", paramLabel = "FILE", description = "Write the scores as CSV, one line a case.")
    private Path csv;

    @Option(names = "--partial", description = "Leave out references that have no prediction.")
    private boolean partial;

    EvaluateCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        requireNew(json);
        requireNew(csv);
        CaseScores scores = evaluation().run(terminal);
        if (json != null) {
            scores.writeJson(json);
        }
        if (csv != null) {
            scores.writeCsv(csv);
        }
        for (int cls : scores.classes()) {
            double[] dice = scores.dice(cls);
            terminal.print(String.format(
                    Locale.ROOT,
                    "class %d: Dice %.4f, sd %.4f",
                    cls,
                    Statistics.mean(dice),
                    Statistics.standardDeviation(dice)));
        }
        terminal.print(String.format(
                Locale.ROOT, "mean of %d cases: Dice %.4f", scores.cases().size(), scores.meanDice()));
        return Main.DONE;
    }

    private static void requireNew(Path file) throws IOException {
        if (file != null && Files.exists(file)) {
            throw new FileAlreadyExistsException(
                    file.toString(), null, "results are never overwritten; choose another name or delete it");
        }
    }

    private Evaluation evaluation() throws IOException {
        Evaluation evaluation = Evaluation.of(predictions, references);
        if (Files.exists(references.resolve(Dataset.DESCRIPTION))) {
            Dataset dataset = Dataset.open(references);
            evaluation = Evaluation.of(predictions, references.resolve("labelsTr"))
                    .withClasses(new TreeSet<>(dataset.classes().keySet()));
        }
        return partial ? evaluation.ofPredictedOnly() : evaluation;
    }
}
