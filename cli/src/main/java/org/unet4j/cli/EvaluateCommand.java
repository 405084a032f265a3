package org.unet4j.cli;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.unet4j.eval.CaseScores;
import org.unet4j.eval.Evaluation;
import org.unet4j.eval.ShardScores;
import org.unet4j.eval.Tolerances;
import org.unet4j.io.Dataset;
import org.unet4j.io.Shard;
import org.unet4j.report.ScoreTable;
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
        description =
                "Scores predicted label maps against references: Dice, IoU, precision, recall, volume differences,"
                        + " HD95, average surface distance and normalised surface Dice (NSD) of each class and case.",
        footer = {
            "",
            "Two empty masks of a class agree: Dice, IoU and NSD are 1; exactly one empty mask scores 0, and its distances are"
                    + " infinite. Means leave out what is infinite or cannot be told, and say how much that is.",
            "The mean is over foreground classes of the means over cases. Surfaces are weighed by area, as"
                    + " google-deepmind/surface-distance does.",
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

    @Option(
            names = "--tolerances",
            paramLabel = "MM|CLASS=MM,...|TASK",
            description =
                    "How far surfaces may lie apart for NSD: mm for every class, mm by class, or a task of the Decathlon."
                            + " Default: those of the Decathlon where REFERENCES is in a dataset called after one of its tasks,"
                            + " such as Task07_Pancreas; else 1 mm.")
    private String tolerances;

    @Option(names = "--cases", description = "Show every case, too.")
    private boolean eachCase;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "Write the scores as JSON; `-` prints them in place of the table, for scripts.")
    private Path json;

    @Option(names = "--csv", paramLabel = "FILE", description = "Write the scores as CSV, one line a case and class.")
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
        if (JsonFile.isStandardOutput(json)) {
            terminal.setJson();
        } else {
            requireNew(json);
        }
        requireNew(csv);
        if (gathered.isEmpty()) {
            wantedTolerances(); // What is wrong with them is told before the long work.
        }
        if (shard.shard().isPresent()) {
            return share(shard.shard().get());
        }
        Optional<Dataset> dataset = dataset();
        ShardScores all = gathered.isEmpty() ? measured(Shard.WHOLE, dataset) : ShardScores.gather(gathered);
        noteUnscored(all);
        noteUnusedTolerances(all);
        if (dataset.isEmpty()
                || !PredictedClasses.of(predictions)
                        .areSure(dataset.get().classes(), all.dice().size())) {
            noteMisnumbered(all);
        }
        CaseScores scores = all.scores();
        if (json != null && !JsonFile.isStandardOutput(json)) {
            scores.writeJson(json);
        }
        terminal.result(scores.report());
        if (csv != null) {
            scores.writeCsv(csv);
        }
        ScoreTable table = new ScoreTable(scores, all.classNames().orElseGet(Collections::emptySortedMap));
        if (eachCase) {
            terminal.print(table.cases());
        }
        terminal.print(table.classes());
        terminal.print(String.format(
                Locale.ROOT, "mean of %d cases: Dice %.4f", scores.cases().size(), scores.meanDice()));
        return Main.DONE;
    }

    private ShardScores measured(Shard share, Optional<Dataset> dataset) throws IOException {
        if (dataset.isPresent() && Files.exists(predictions)) {
            PredictedClasses predicted = PredictedClasses.of(predictions);
            predicted.requireNumbersOf(dataset.get().classes());
            predicted.otherName(dataset.get().classes()).ifPresent(terminal::note);
        }
        ShardScores scores = evaluation(dataset).run(share, terminal);
        return dataset.isPresent() ? scores.named(dataset.get().classes()) : scores;
    }

    private void noteUnscored(ShardScores scores) {
        if (!scores.unscored().isEmpty() && !scores.classes().isEmpty()) {
            terminal.note("not scored: predictions hold the classes " + scores.unscored()
                    + ", which no reference holds; was the model made for other classes?");
        }
    }

    private void noteMisnumbered(ShardScores scores) {
        if (!scores.misnumbered().isEmpty()) {
            String pairs = scores.misnumbered().entrySet().stream()
                    .map(entry -> "class " + entry.getKey() + " on class " + entry.getValue())
                    .collect(Collectors.joining(", "));
            terminal.note(
                    "classes may be numbered otherwise: in most cases predictions lie on another class of the references, "
                            + pairs + "; was the model made for a dataset with its classes in another order?");
        }
    }

    private void noteUnusedTolerances(ShardScores scores) {
        TreeSet<Integer> unused = new TreeSet<>(scores.tolerances().byClassMm().keySet());
        unused.removeAll(scores.classes());
        if (!unused.isEmpty()) {
            terminal.note(
                    "--tolerances name the classes " + unused + ", which are not scored: " + scores.classes() + " are");
        }
    }

    private int share(Shard share) throws IOException {
        ShardScores scores = measured(share, dataset());
        scores.writeJson(json);
        terminal.print("shard " + share + ": " + scores.dice().size() + " cases scored: " + json
                + "; put all shards together with evaluate --gather");
        return Main.DONE;
    }

    private void requireSense() {
        boolean gathers = !gathered.isEmpty();
        if (gathers
                && (predictions != null
                        || partial
                        || tolerances != null
                        || shard.shard().isPresent())) {
            throw new UsageException(
                    "--gather goes with --json, --csv and --cases only: what is scored, and how, is in its files");
        }
        if (json != null
                && csv != null
                && json.toAbsolutePath().normalize().equals(csv.toAbsolutePath().normalize())) {
            throw new UsageException("--json and --csv name the same file: give each its own");
        }
        if (shard.shard().isPresent() && eachCase) {
            throw new UsageException("--cases goes with --gather, or without --shard");
        }
        if (shard.shard().isPresent() && JsonFile.isStandardOutput(json)) {
            throw new UsageException("--shard needs a file for --json, which --gather reads");
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

    /** Returns the dataset that REFERENCES is, or in which it is a folder of labels. */
    private Optional<Dataset> dataset() throws IOException {
        if (references == null) {
            return Optional.empty();
        }
        if (Files.exists(references.resolve(Dataset.DESCRIPTION))) {
            return Optional.of(Dataset.open(references));
        }
        Path folder = references.toAbsolutePath().normalize();
        boolean ofLabels = Files.isDirectory(folder)
                && folder.getFileName() != null
                && folder.getFileName().toString().startsWith("labels");
        if (!ofLabels || !Files.exists(folder.resolveSibling(Dataset.DESCRIPTION))) {
            return Optional.empty();
        }
        try {
            return Optional.of(Dataset.open(folder.getParent()));
        } catch (IOException e) { // It was not asked for.
            terminal.note("classes are told by their numbers, for the dataset of " + references.getFileName()
                    + " cannot be read: " + e.getMessage());
            return Optional.empty();
        }
    }

    private Evaluation evaluation(Optional<Dataset> dataset) throws IOException {
        Evaluation evaluation = Evaluation.of(predictions, references);
        if (dataset.isPresent()) {
            Path itself = references.resolve(Dataset.DESCRIPTION);
            evaluation = Evaluation.of(predictions, Files.exists(itself) ? references.resolve("labelsTr") : references)
                    .ofKnown(new TreeSet<>(dataset.get().classes().keySet()));
        }
        evaluation = evaluation.withTolerances(wantedTolerances());
        return partial ? evaluation.ofPredictedOnly() : evaluation;
    }

    private Tolerances wantedTolerances() {
        if (tolerances == null) {
            return preset(references.toAbsolutePath().normalize());
        }
        try {
            return Tolerances.parse(tolerances);
        } catch (IllegalArgumentException e) {
            UsageException usage = new UsageException("--tolerances: " + e.getMessage());
            usage.initCause(e);
            throw usage;
        }
    }

    /** Returns the tolerances of the Decathlon's task that the folder is called after, or the one that it lies in. */
    private static Tolerances preset(Path folder) {
        for (Path place = folder; place != null && place.getFileName() != null; place = place.getParent()) {
            Optional<Tolerances> preset = Tolerances.preset(place.getFileName().toString());
            if (preset.isPresent()) {
                return preset.get();
            }
        }
        return Tolerances.ONE_MM;
    }
}
