package org.unet4j.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.unet4j.benchmark.BenchmarkConfig;
import org.unet4j.benchmark.CrossValidation;
import org.unet4j.benchmark.TestSet;
import org.unet4j.eval.CaseScores;
import org.unet4j.eval.RunComparison;
import org.unet4j.io.Dataset;
import org.unet4j.io.Split;
import org.unet4j.prep.Store;
import org.unet4j.ranks.World;
import org.unet4j.report.BenchmarkTable;
import org.unet4j.report.ComparisonTable;
import org.unet4j.report.PostProcessingResult;
import org.unet4j.report.PostProcessingTable;
import org.unet4j.report.ScoreTable;
import org.unet4j.torch.Device;
import org.unet4j.train.Team;
import org.unet4j.train.TrainConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Trains and scores networks on every fold. */
@Command(
        name = "cross-validate",
        mixinStandardHelpOptions = true,
        description =
                "Trains networks on every fold and scores each case by the network that did not learn from it, on last"
                        + " checkpoints: one score for every labelled case.",
        footer = {
            "",
            "The same command goes on where an interrupted one stopped. For a job a fold give each --folds K, with the same --out;"
                    + " the first that comes prepares the dataset, and the others wait for it. The command without --folds then does what is missing and gathers; the job that"
                    + " finds all folds scored gathers too.",
            "Gathering chooses post-processing for each class and network on the predictions for held-out cases, tells what it does to"
                    + " cases that did not choose it, and writes what helps beside the weights. ensemble-NETWORK is all folds' networks"
                    + " as one MODEL for predict; it is scored on --test, and on labelled cases that no fold has."
        })
final class CrossValidateCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "DATASET", description = "A folder in the layout of the Decathlon or of nnU-Net.")
    private Path dataset;

    @Mixin
    private ModelsOption models;

    @Option(
            names = "--folds",
            split = ",",
            paramLabel = "LIST",
            description = "Only these folds, numbers from 0 with commas between them (default: all).")
    private List<Integer> folds = List.of();

    @Option(names = "--seeds", paramLabel = "N", description = "Runs of each network (default: ${DEFAULT-VALUE}).")
    private int seeds = 1;

    @Option(names = "--config", paramLabel = "FILE", description = "YAML with what shall differ in the training.")
    private Path config;

    @Mixin
    private PlanOptions plan;

    @Mixin
    private RankOptions ranks;

    @Option(names = "--splits", paramLabel = "FILE", description = "A splits_final.json in place of the five folds.")
    private Path splits;

    @Option(
            names = "--test",
            paramLabel = "DATASET",
            description = "Labelled cases of other scans, to score all folds' networks together on.")
    private Path test;

    @Option(names = "--out", paramLabel = "DIR", description = "Default: work/cross-validation/<dataset>.")
    private Path out;

    CrossValidateCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        List<String> networks = models.names();
        if (seeds < 1) {
            throw new UsageException("--seeds " + seeds + " must be at least 1");
        }
        if (config != null) {
            TrainConfig.requireValid(config, networks.get(0), Device.best()); // Now, and not after the preparation.
        }
        World world = ranks.world(System.getenv());
        if (ranks.toStart() > 1) {
            return new RankProcesses(spec.root().commandLine().getParseResult().originalArgs(), ranks.toStart()).run();
        }
        return world.isAlone()
                ? validate(Team.alone(), terminal)
                : new Together(world, terminal, () -> "the same command goes on").run(this::validate);
    }

    private int validate(Team team, Terminal shown) throws Exception {
        Dataset opened = Dataset.open(dataset);
        List<Split> every = Folds.splits(opened, Optional.ofNullable(splits));
        List<Integer> wanted = wanted(every.size());
        List<TestSet> tests = tests(opened, every);
        Path prepared = Workspace.prepared(Workspace.nameOf(opened));
        if (team.leads()) {
            Preparations.prepare(opened, plan.plan(), plan.budget(), prepared, shown);
        }
        team.barrier(Together.PREPARING);
        Store store = Store.open(prepared);
        Device device = Together.device(team);
        Path folder = out == null ? Workspace.crossValidation(Workspace.nameOf(opened)) : out;
        BenchmarkConfig trained = BenchmarkConfig.of(models.names(), "all folds", training(store, device))
                .withSeeds(seeds);
        var validation = new CrossValidation(trained, store, opened, every, folder, device, command());
        CtrlC.Work work = stop -> {
            boolean whole = validation.run(wanted, team, new BenchmarkLines(shown), stop)
                    && finish(validation, tests, team, shown, stop);
            if (!whole) {
                shown.note("stopped; the same command goes on from here");
            }
            return whole ? Main.DONE : Main.INTERRUPTED;
        };
        return team.count() == 1 ? CtrlC.during(spec.commandLine(), shown, work) : CtrlC.duringShared(shown, work);
    }

    private List<Integer> wanted(int count) {
        for (int fold : folds) {
            if (fold < 0 || fold >= count) {
                throw new UsageException("--folds " + fold + " does not exist: there are folds 0 to " + (count - 1));
            }
        }
        return folds.isEmpty() ? IntStream.range(0, count).boxed().toList() : List.copyOf(new TreeSet<>(folds));
    }

    /** Does what is left once every fold is scored, if it is; returns false where it was stopped. */
    private boolean finish(
            CrossValidation validation, List<TestSet> tests, Team team, Terminal shown, BooleanSupplier stop)
            throws IOException {
        List<Integer> missing = team.leads() ? validation.missing() : List.of();
        if (team.any(!missing.isEmpty())) {
            String list = missing.stream().map(String::valueOf).collect(Collectors.joining(", "));
            shown.print("still to do: " + (missing.size() == 1 ? "fold " : "folds ") + list
                    + "; the command that finds all folds scored gathers them");
            return true;
        }
        Optional<PostProcessingResult> after = validation.postProcess(team, new BenchmarkLines(shown), stop);
        if (after.isPresent() && team.leads()) {
            gather(validation, after.get(), shown);
        }
        team.barrier(Together.PREPARING);
        boolean whole = after.isPresent();
        for (int i = 0; i < tests.size() && whole; i++) {
            whole = score(validation, tests.get(i), team, shown, stop);
        }
        return whole;
    }

    private void gather(CrossValidation validation, PostProcessingResult after, Terminal shown) throws IOException {
        shown.print(new BenchmarkTable(validation.gather()).text().stripTrailing());
        shown.print("");
        shown.print(new PostProcessingTable(after).text().stripTrailing());
        shown.print("");
        for (String network : models.names()) {
            shown.print("every case of " + network + ": " + validation.scores(network));
            shown.print("all folds' networks as one model for predict: " + validation.ensemble(network));
        }
        shown.print("results: " + validation.out().resolve("results.json"));
    }

    private List<TestSet> tests(Dataset opened, List<Split> every) throws IOException {
        List<TestSet> tests = new ArrayList<>();
        TestSet.outside(opened, every).ifPresent(tests::add);
        if (test != null) {
            tests.add(TestSet.of(Dataset.open(test), opened));
        }
        return tests;
    }

    private boolean score(CrossValidation validation, TestSet tested, Team team, Terminal shown, BooleanSupplier stop)
            throws IOException {
        Optional<Map<String, CaseScores>> scores = validation.test(tested, team, new BenchmarkLines(shown), stop);
        if (scores.isEmpty()) {
            return false;
        }
        List<String> networks = List.copyOf(scores.get().keySet());
        shown.print("");
        shown.print("all folds' networks together, on " + tested.cases().size() + " cases: " + tested.name());
        networks.forEach(network -> {
            shown.print("");
            shown.print(network + ", as " + validation.ensemble(network));
            shown.print(new ScoreTable(
                            scores.get().get(network), validation.dataset().classes())
                    .classes()
                    .stripTrailing());
        });
        if (networks.size() > 1) {
            RunComparison compared =
                    RunComparison.of(networks, List.copyOf(scores.get().values()), CompareCommand.SEED);
            shown.print("");
            shown.print(new ComparisonTable(compared).text().stripTrailing());
        }
        return true;
    }

    private TrainConfig training(Store store, Device device) throws IOException {
        TrainConfig training = TrainConfig.defaults(models.names().get(0), store.plan(), device);
        return config == null ? training : TrainConfig.read(config, training, store.plan());
    }

    /** Returns this command with what decides a score; of absolute paths only the last name. */
    private String command() {
        StringBuilder text = new StringBuilder("unet4j cross-validate ").append(shown(dataset));
        text.append(" --models ").append(String.join(",", models.names()));
        text.append(" --seeds ").append(seeds);
        add(text, "--config", config);
        plan.plan().ifPresent(file -> add(text, "--plan", file));
        plan.budget().ifPresent(budget -> text.append(" --budget ").append(PlanOptions.name(budget)));
        add(text, "--splits", splits);
        add(text, "--test", test);
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
}
