package org.unet4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.unet4j.benchmark.Benchmark;
import org.unet4j.benchmark.BenchmarkConfig;
import org.unet4j.io.Dataset;
import org.unet4j.io.Phantom;
import org.unet4j.io.Split;
import org.unet4j.prep.Store;
import org.unet4j.ranks.World;
import org.unet4j.report.BenchmarkResult;
import org.unet4j.report.BenchmarkTable;
import org.unet4j.torch.Device;
import org.unet4j.train.Team;
import org.unet4j.train.TrainConfig;
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

    @Mixin
    private ComparisonOptions compared;

    @Option(names = "--fold", paramLabel = "K", description = "The held-out fold (default: ${DEFAULT-VALUE}).")
    private String fold = "0";

    @Mixin
    private RankOptions ranks;

    @Mixin
    private TrackOption track;

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
        compared.requireValid(); // Now, and not after the dataset was prepared.
        track.requireValid(System.getenv());
        World world = ranks.world(System.getenv());
        if (ranks.toStart() > 1) {
            return new RankProcesses(spec.root().commandLine().getParseResult().originalArgs(), ranks.toStart()).run();
        }
        return world.isAlone()
                ? benchmark(Team.alone(), terminal)
                : new Together(world, terminal, () -> "the same command goes on").run(this::benchmark);
    }

    private int benchmark(Team team, Terminal shown) throws Exception {
        Path scans = dataset == null ? Workspace.phantom() : dataset;
        Path prepared = Workspace.prepared(Workspace.nameOf(scans));
        if (team.leads()) {
            prepare(scans, prepared, shown);
        }
        team.barrier(Together.PREPARING);
        Dataset opened = Dataset.open(scans);
        Store store = Store.open(prepared);
        Split split = Folds.split(opened, compared.splits(), fold);
        Device device = Together.device(team);
        BenchmarkConfig wanted = BenchmarkConfig.of(compared.networks(), "fold " + fold, training(store, device))
                .withSeeds(compared.seeds());
        Path folder = out == null ? Workspace.benchmark(Workspace.nameOf(opened)) : out;
        var benchmark = new Benchmark(wanted, store, opened, split, folder, device, command(team));
        CtrlC.Work work = stop -> {
            try (TrackOption.Tracked tracked =
                    track.tracked(System.getenv(), Workspace.nameOf(opened), folder, shown)) {
                return report(benchmark.together(team, new BenchmarkLines(shown, tracked), stop), folder, shown);
            }
        };
        return team.count() == 1 ? CtrlC.during(spec.commandLine(), shown, work) : CtrlC.duringShared(shown, work);
    }

    private void prepare(Path scans, Path prepared, Terminal shown) throws IOException {
        if (dataset == null) {
            makePhantom(scans, shown);
        }
        Dataset opened = Dataset.open(scans);
        Folds.split(opened, compared.splits(), fold); // What is wrong with it is told before the long work.
        Preparations.prepare(opened, compared.plan().plan(), compared.plan().budget(), prepared, shown);
    }

    private TrainConfig training(Store store, Device device) throws IOException {
        TrainConfig training = TrainConfig.defaults(compared.networks().get(0), store.plan(), device);
        if (dataset == null) {
            training = PhantomDefaults.schedule(training);
        }
        return compared.over(training, store.plan());
    }

    private static int report(Optional<BenchmarkResult> result, Path folder, Terminal shown) {
        if (result.isEmpty()) {
            shown.note("stopped; the same command goes on from here");
            return Main.INTERRUPTED;
        }
        shown.print(new BenchmarkTable(result.get()).text());
        shown.print("results: " + folder.resolve("results.json"));
        if (Files.exists(folder.resolve("report.html"))) {
            shown.print("report:  " + folder.resolve("report.html"));
        }
        shown.result(result.get());
        return Main.DONE;
    }

    /** Returns this command with every value that decides a score. */
    private String command(Team team) {
        CommandText text = compared.text("benchmark", Optional.ofNullable(dataset));
        compared.end(text.option("--fold", fold));
        return (team.count() == 1 ? text : text.option(RankOptions.RANKS, Integer.toString(team.count()))).toString();
    }

    private static void makePhantom(Path folder, Terminal shown) throws IOException {
        if (!Files.exists(folder.resolve(Dataset.DESCRIPTION))) {
            shown.note("no dataset given: making a synthetic pancreas CT dataset in " + folder);
            Phantom.write(folder, Phantom.Settings.small(), PhantomDefaults.CASES, PhantomDefaults.SEED, shown);
        }
    }
}
