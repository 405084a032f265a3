package org.unet4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.unet4j.benchmark.Benchmark;
import org.unet4j.benchmark.BenchmarkConfig;
import org.unet4j.benchmark.BenchmarkListener;
import org.unet4j.benchmark.Run;
import org.unet4j.benchmark.RunScores;
import org.unet4j.eval.CaseScores;
import org.unet4j.io.Dataset;
import org.unet4j.io.Phantom;
import org.unet4j.io.Split;
import org.unet4j.model.ModelSpec;
import org.unet4j.prep.Store;
import org.unet4j.report.BenchmarkResult;
import org.unet4j.report.BenchmarkTable;
import org.unet4j.torch.Device;
import org.unet4j.train.TrainConfig;
import org.unet4j.train.TrainListener;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Trains and compares networks. */
@Command(
        name = "benchmark",
        mixinStandardHelpOptions = true,
        description = "Trains networks under one plan, seed and budget and compares them on held-out cases.",
        footer = {
            "",
            "Without DATASET a synthetic pancreas CT dataset is made and used. The same command goes on where an",
            "interrupted benchmark stopped. Each network is scored on its last checkpoint."
        })
final class BenchmarkCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "DATASET",
            description = "A folder in the layout of the Decathlon or of nnU-Net.")
    private Path dataset;

    @Option(
            names = "--models",
            split = ",",
            paramLabel = "LIST",
            description = "Names with commas between them (default: all four).")
    private List<String> models = ModelSpec.names();

    @Option(names = "--fold", paramLabel = "K", description = "The held-out fold (default: ${DEFAULT-VALUE}).")
    private String fold = "0";

    @Option(names = "--seeds", paramLabel = "N", description = "Runs of each network (default: ${DEFAULT-VALUE}).")
    private int seeds = 1;

    @Option(names = "--config", paramLabel = "FILE", description = "YAML with what shall differ in the training.")
    private Path config;

    @Mixin
    private PlanOptions plan;

    @Option(names = "--splits", paramLabel = "FILE", description = "A splits_final.json in place of the five folds.")
    private Path splits;

    @Option(names = "--out", paramLabel = "DIR", description = "Default: work/benchmark/<dataset>.")
    private Path out;

    BenchmarkCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        if (fold.equals("all")) {
            throw new UsageException("a benchmark needs held-out cases: give a fold from 0 to 4, not `all`");
        }
        if (seeds < 1) {
            throw new UsageException("--seeds " + seeds + " must be at least 1");
        }
        if (new HashSet<>(models).size() < models.size()) {
            throw new UsageException("--models " + String.join(",", models) + " names a network twice");
        }
        for (String model : models) {
            if (!ModelSpec.names().contains(model)) {
                throw new UsageException(
                        "--models " + model + " is unknown; choose among " + String.join(", ", ModelSpec.names()));
            }
        }
        if (config != null) {
            TrainConfig.requireValid(
                    config, models.get(0), Device.best()); // Now, and not after the dataset was prepared.
        }
        boolean phantom = dataset == null;
        Dataset opened = phantom ? phantom() : Dataset.open(dataset);
        Split split = Folds.split(opened, Optional.ofNullable(splits), fold);
        String name = Workspace.nameOf(opened);
        Store store = Preparations.prepare(opened, plan.plan(), plan.budget(), Workspace.prepared(name), terminal);
        Device device = Device.best();
        TrainConfig training = TrainConfig.defaults(models.get(0), store.plan(), device);
        if (phantom) {
            training = PhantomDefaults.schedule(training);
        }
        if (config != null) {
            training = TrainConfig.read(config, training, store.plan());
        }
        BenchmarkConfig wanted =
                BenchmarkConfig.of(models, "fold " + fold, training).withSeeds(seeds);
        Path folder = out == null ? Workspace.benchmark(name) : out;
        var benchmark = new Benchmark(wanted, store, opened, split, folder, device, command());
        return CtrlC.during(spec.commandLine(), terminal, stop -> report(benchmark.run(new Lines(), stop), folder));
    }

    private int report(Optional<BenchmarkResult> result, Path folder) {
        if (result.isEmpty()) {
            terminal.note("stopped; the same command goes on from here");
            return Main.INTERRUPTED;
        }
        terminal.print(new BenchmarkTable(result.get()).text());
        terminal.print("results: " + folder.resolve("results.json"));
        terminal.print("report:  " + folder.resolve("report.html"));
        return Main.DONE;
    }

    /** Returns this command with every value that decides a score; of absolute paths only the last name. */
    private String command() {
        StringBuilder text = new StringBuilder("unet4j benchmark");
        if (dataset != null) {
            text.append(' ').append(shown(dataset));
        }
        text.append(" --models ").append(String.join(",", models));
        text.append(" --fold ").append(fold).append(" --seeds ").append(seeds);
        add(text, "--config", config);
        plan.plan().ifPresent(file -> add(text, "--plan", file));
        plan.budget().ifPresent(budget -> text.append(" --budget ").append(PlanOptions.name(budget)));
        add(text, "--splits", splits);
        return text.toString();
    }

    private static void add(StringBuilder text, String option, Path file) {
        if (file != null) {
            text.append(' ').append(option).append(' ').append(shown(file));
        }
    }

    private static Path shown(Path path) {
        return path.isAbsolute() && path.getFileName() != null ? path.getFileName() : path;
    }

    private Dataset phantom() throws IOException {
        Path folder = Workspace.phantom();
        if (!Files.exists(folder.resolve("dataset.json"))) {
            terminal.note("no dataset given: making a synthetic pancreas CT dataset in " + folder);
            Phantom.write(folder, Phantom.Settings.small(), PhantomDefaults.CASES, PhantomDefaults.SEED, terminal);
        }
        return Dataset.open(folder);
    }

    /** Shows a benchmark as a training each. */
    private final class Lines implements BenchmarkListener {
        @Override
        public void started(Run run, int index, int count) {
            terminal.note("%s, seed %d: run %d of %d".formatted(run.network(), run.seed(), index + 1, count));
        }

        @Override
        public TrainListener training(Run run) {
            return new TrainingLines(terminal, run.network());
        }

        @Override
        public void predicted(Run run, int done, int total) {
            terminal.update(run.network() + ": scoring", done, total);
        }

        @Override
        public void scored(RunScores scores, boolean before) {
            terminal.note("%s, seed %d: Dice %.4f%s"
                    .formatted(
                            scores.network(),
                            scores.seed(),
                            new CaseScores(scores.cases()).meanDice(),
                            before ? " (scored before)" : ""));
        }
    }
}
