package org.unet4j.cli;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.unet4j.eval.CaseScores;
import org.unet4j.eval.Evaluation;
import org.unet4j.eval.ShardScores;
import org.unet4j.eval.Statistics;
import org.unet4j.io.Dataset;
import org.unet4j.io.Shard;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Scores predicted label maps against references. */
@Command(
        name = "evaluate",
        mixinStandardHelpOptions = true,
        customSynopsis = {
            "unet4j evaluate [OPTIONS] PREDICTIONS REFERENCES",
            "       unet4j evaluate --gather FILE... [--json=FILE] [--csv=FILE]"
        },
        description = "Scores predicted label maps against references: Dice per class and case.",
        footer = {
            "",
            "Two empty masks of a class agree and score 1; exactly one empty mask scores 0.",
            "The mean is over foreground classes of the means over cases.",
            "With --shard each process writes a file of its own, such as --json shard-2.json; when all are there,"
                    + " evaluate --gather shard-*.json tells the scores that one process would have found."
        })
final class EvaluateCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "PREDICTIONS",
            description = "Folder of predicted labels (.nii, .nii.gz), or one file.")
    private Path predictions;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "REFERENCES",
            description = "Folder of reference labels of the same names, one file, or a dataset (its labelsTr).")
    private Path references;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the scores as JSON.")
    private Path json;

    @Option(names = "--csv", paramLabel = "FILE", description = "Write the scores as CSV, one line a case.")
    private Path csv;

    @Option(names = "--partial", description = "Leave out references that have no prediction.")
    private boolean partial;

    @Option(
            names = "--gather",
            arity = "1..*",
            paramLabel = "FILE",
            description = "Put together what every shard wrote with --json, in place of scoring anything.")
    private List<Path> gathered = List.of();

    @Mixin
    private ShardOption shard;

    EvaluateCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        requireSense();
        requireNew(json);
        requireNew(csv);
        if (shard.shard().isPresent()) {
            return share(shard.shard().get());
        }
        CaseScores scores = gathered.isEmpty() ? evaluation().run(terminal) : ShardScores.gather(gathered);
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

    private int share(Shard share) throws IOException {
        ShardScores scores = evaluation().run(share, terminal);
        scores.writeJson(json);
        terminal.print("shard " + share + ": " + scores.dice().size() + " cases scored: " + json
                + "; put all shards together with evaluate --gather");
        return Main.DONE;
    }

    private void requireSense() {
        boolean gathers = !gathered.isEmpty();
        if (gathers && (predictions != null || partial || shard.shard().isPresent())) {
            throw new UsageException("--gather goes with --json and --csv only: what is scored is in its files");
        }
        if (!gathers && references == null) {
            throw new UsageException("Missing " + (predictions == null ? "PREDICTIONS and " : "") + "REFERENCES");
        }
        if (shard.shard().isPresent() && (json == null || csv != null)) {
            throw new UsageException("--shard needs --json, another FILE for each shard, and goes without --csv:"
                    + " evaluate --gather FILE... --csv FILE writes that of all shards");
        }
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
