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
import org.unet4j.io.Dataset;
import org.unet4j.io.FolderLock;
import org.unet4j.io.FolderTakenException;
import org.unet4j.io.Split;
import org.unet4j.prep.Store;
import org.unet4j.ranks.World;
import org.unet4j.report.BenchmarkResult;
import org.unet4j.report.PostProcessingResult;
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
                    + " the first that comes prepares the dataset, and the others wait for it. The job that finds all folds scored"
                    + " gathers; the command without --folds does what is missing, and gathers.",
            "Gathering chooses post-processing for each class and network on the predictions for held-out cases, tells what it does to"
                    + " cases that did not choose it, and writes what helps beside the weights. ensemble-NETWORK is all folds' networks"
                    + " as one MODEL for predict, with the post-processing that was chosen for single networks: no case of the"
                    + " folds can judge them together. It is scored on --test, and on labelled cases that no fold has, though the plan was"
                    + " derived from these too."
        })
final class CrossValidateCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "DATASET", description = "A folder in the layout of the Decathlon or of nnU-Net.")
    private Path dataset;

    @Mixin
    private ComparisonOptions compared;

    @Option(
            names = "--folds",
            split = ",",
            paramLabel = "LIST",
            description = "Only these folds, numbers from 0 with commas between them (default: all).")
    private List<Integer> folds = List.of();

    @Mixin
    private RankOptions ranks;

    @Mixin
    private TrackOption track;

    @Option(
            names = "--test",
            paramLabel = "DATASET",
            description = "Labelled cases of other scans, to score all folds' networks together on.")
    private Path test;

    @Option(names = "--out", paramLabel = "DIR", description = "Default: work/cross-validation/<dataset>.")
    private Path out;

    /** What {@code --json} prints. */
    private record Validated(
            Path out, boolean complete, List<Integer> missingFolds, Optional<BenchmarkResult> result) {}

    CrossValidateCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        compared.requireValid(); // Now, and not after the preparation.
        track.requireValid(System.getenv());
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
        List<Split> every = Folds.splits(opened, compared.splits());
        List<Integer> wanted = wanted(every.size());
        List<TestSet> tests = tests(opened, every);
        Path prepared = Workspace.prepared(Workspace.nameOf(opened));
        if (team.leads()) {
            if (test != null) {
                tests.get(tests.size() - 1).requireUnseen(opened, every);
            }
            Preparations.prepare(opened, compared.plan().plan(), compared.plan().budget(), prepared, shown);
        }
        team.barrier(Together.PREPARING);
        Store store = Store.open(prepared);
        Device device = Together.device(team);
        Path folder = out == null ? Workspace.crossValidation(Workspace.nameOf(opened)) : out;
        BenchmarkConfig trained = BenchmarkConfig.of(compared.networks(), "all folds", training(store, device))
                .withSeeds(compared.seeds());
        var validation = new CrossValidation(trained, store, opened, every, folder, device, command());
        CtrlC.Work work = stop -> {
            boolean whole;
            try (TrackOption.Tracked tracked =
                    track.tracked(System.getenv(), Workspace.nameOf(opened), folder, shown)) {
                BenchmarkLines lines = new BenchmarkLines(shown, tracked);
                whole = validation.run(wanted, team, lines, stop)
                        && finish(validation, tests, team, shown, lines, stop);
            }
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
            CrossValidation validation,
            List<TestSet> tests,
            Team team,
            Terminal shown,
            BenchmarkLines progress,
            BooleanSupplier stop)
            throws IOException {
        List<Integer> missing = team.leads() ? validation.missing() : List.of();
        if (team.any(!missing.isEmpty())) {
            String list = missing.stream().map(String::valueOf).collect(Collectors.joining(", "));
            shown.print("still to do: " + (missing.size() == 1 ? "fold " : "folds ") + list
                    + "; the command that finds all folds scored gathers them");
            shown.result(new Validated(validation.out(), false, missing, Optional.empty()));
            return true;
        }
        Optional<FolderLock> alone = team.leads() ? alone(validation) : Optional.empty();
        try {
            if (team.any(team.leads() && alone.isEmpty())) {
                shown.print("another process gathers all folds in " + validation.out()
                        + "; once it has ended, the same command gathers again, and scores its own --test");
                shown.result(new Validated(validation.out(), false, List.of(), Optional.empty()));
                return true;
            }
            return gather(validation, tests, team, shown, progress, stop);
        } finally {
            if (alone.isPresent()) {
                alone.get().close();
            }
        }
    }

    /** Returns the right to gather; empty where another process has it, such as the job of another fold that ended just now. */
    private static Optional<FolderLock> alone(CrossValidation validation) throws IOException {
        try {
            return Optional.of(FolderLock.take(validation.out(), "gathered"));
        } catch (FolderTakenException e) {
            return Optional.empty();
        }
    }

    private boolean gather(
            CrossValidation validation,
            List<TestSet> tests,
            Team team,
            Terminal shown,
            BenchmarkLines progress,
            BooleanSupplier stop)
            throws IOException {
        CrossValidationLines lines = new CrossValidationLines(validation, shown);
        Optional<PostProcessingResult> after = validation.postProcess(team, progress, stop);
        Optional<BenchmarkResult> gathered = Optional.empty();
        if (after.isPresent() && team.leads()) {
            gathered = Optional.of(validation.gather(progress));
            lines.gathered(gathered.get(), after.get());
        }
        team.barrier(Together.PREPARING);
        boolean whole = after.isPresent();
        for (int i = 0; i < tests.size() && whole; i++) {
            Optional<Map<String, CaseScores>> scores = validation.test(tests.get(i), team, progress, stop);
            whole = scores.isPresent();
            if (whole) {
                lines.tested(tests.get(i), scores.get());
            }
        }
        if (whole) {
            shown.result(new Validated(validation.out(), true, List.of(), gathered));
        }
        return whole;
    }

    private List<TestSet> tests(Dataset opened, List<Split> every) throws IOException {
        List<TestSet> tests = new ArrayList<>();
        TestSet.outside(opened, every).ifPresent(tests::add);
        if (test != null) {
            tests.add(TestSet.of(Dataset.open(test), opened));
        }
        return tests;
    }

    private TrainConfig training(Store store, Device device) throws IOException {
        return compared.over(TrainConfig.defaults(compared.networks().get(0), store.plan(), device), store.plan());
    }

    /** Returns this command with what decides a score. */
    private String command() {
        CommandText text = compared.end(compared.text("cross-validate", Optional.of(dataset)));
        return (test == null ? text : text.file("--test", test)).toString();
    }
}
