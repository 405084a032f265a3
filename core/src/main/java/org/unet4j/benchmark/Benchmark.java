package org.unet4j.benchmark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.unet4j.io.AtomicFile;
import org.unet4j.io.Dataset;
import org.unet4j.io.FolderLock;
import org.unet4j.io.Json;
import org.unet4j.io.Split;
import org.unet4j.prep.Plan;
import org.unet4j.prep.Store;
import org.unet4j.report.BenchmarkResult;
import org.unet4j.report.BenchmarkTable;
import org.unet4j.torch.Device;
import org.unet4j.train.Team;

/**
 * Trains networks one after the other, scores their last checkpoints, and compares them. Interrupted at any moment, the
 * next call goes on: a run from its checkpoint, a scored run not at all.
 *
 * @param config what is compared
 * @param store the prepared cases and their plan
 * @param dataset the same cases as scans with labels
 * @param split which cases are learned from and which are held out, at least one
 * @param out the benchmark's folder: absent, empty, or one of the same benchmark
 * @param device where to compute
 * @param command what a person types to run it again, for the results; without paths that say who or where one is
 */
public record Benchmark(
        BenchmarkConfig config, Store store, Dataset dataset, Split split, Path out, Device device, String command) {

    /** How long the other processes wait for the leader's pictures and tables. */
    private static final Duration REPORTING = Duration.ofHours(1);

    /** Checks that there are cases to score on. */
    public Benchmark {
        if (split.validation().isEmpty()) {
            throw new IllegalArgumentException("the split of " + config.fold()
                    + " holds no case out: there is nothing to score on; choose a fold 0 to 4");
        }
    }

    /** Trains and scores one run; empty if it was interrupted. */
    @FunctionalInterface
    interface Scorer {
        Optional<RunScores> score(Run run) throws IOException;
    }

    /**
     * Returns the result, which is also written to {@link BenchmarkFolder#results}, with a table beside it, and a page where
     * that can be written; {@code listener} hears where it cannot.
     *
     * @param stop asked between steps and cases; once true, a checkpoint is saved and the benchmark ends
     * @return empty if it was interrupted
     * @throws IOException where a file cannot be read or written, or {@code out} holds another benchmark
     */
    public Optional<BenchmarkResult> run(BenchmarkListener listener, BooleanSupplier stop) throws IOException {
        return together(Team.alone(), listener, stop);
    }

    /**
     * Returns the same of a benchmark that the processes of {@code team} compute together, each of which calls this with the same
     * arguments but for its device: they train each network together and share the held-out cases among them. The first writes
     * what {@link #run} does, and hears {@code listener}; all must see its files.
     *
     * @throws org.unet4j.ranks.LostRankException on all others, where one dies, hangs or gives up
     */
    public Optional<BenchmarkResult> together(Team team, BenchmarkListener listener, BooleanSupplier stop)
            throws IOException {
        TrainedRun trained = new TrainedRun(this, team, new BenchmarkFolder(out), listener, stop);
        return team.leads() ? lead(team, listener, trained::score) : follow(team, trained);
    }

    Optional<BenchmarkResult> lead(Team team, BenchmarkListener listener, Scorer scorer) throws IOException {
        BenchmarkFolder folder = new BenchmarkFolder(out);
        try (FolderLock lock = folder.lock()) {
            folder.claim(new BenchmarkFolder.Identity(
                    dataset.name(), store.plan().hash(), store.contentHash(split), split, config));
            folder.keepSource(dataset);
            folder.removeUnfinished(lock, config.runs());
            return lead(team, folder, listener, scorer);
        }
    }

    private Optional<BenchmarkResult> lead(Team team, BenchmarkFolder folder, BenchmarkListener listener, Scorer scorer)
            throws IOException {
        List<Run> runs = config.runs();
        List<RunScores> scores = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            Run run = runs.get(i);
            boolean before = team.any(Files.exists(folder.scores(run)));
            if (!before) {
                listener.started(run, i, runs.size());
                Optional<RunScores> scored = scorer.score(run);
                if (scored.isEmpty()) {
                    return Optional.empty();
                }
                Json.write(folder.scores(run), scored.get());
            }
            scores.add(folder.readScores(run));
            folder.partial(run).clear();
            listener.scored(scores.get(i), before);
        }
        BenchmarkResult result = result(scores);
        result.write(folder.results());
        byte[] table = new BenchmarkTable(result).markdown().getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(folder.table(), out -> out.write(table));
        Report.write(folder, dataset, listener);
        team.barrier(REPORTING);
        return Optional.of(result);
    }

    /** Takes part in every run that the leader has no scores of. */
    private Optional<BenchmarkResult> follow(Team team, TrainedRun trained) throws IOException {
        for (Run run : config.runs()) {
            boolean before = team.any(false);
            if (!before && !trained.takePart(run)) {
                return Optional.empty();
            }
        }
        team.barrier(REPORTING);
        return Optional.of(BenchmarkResult.read(new BenchmarkFolder(out).results()));
    }

    /** Returns this with another name of the held-out cases, and the command without a fold. */
    Benchmark named(String fold, String newCommand) {
        BenchmarkConfig named =
                new BenchmarkConfig(config.networks(), config.baseline(), fold, config.seeds(), config.training());
        return new Benchmark(named, store, dataset, split, out, device, newCommand);
    }

    /** Returns the result of the networks of {@code scores}, all scored on the same cases. */
    BenchmarkResult result(List<RunScores> scores) {
        Plan plan = store.plan();
        SortedMap<Integer, String> foreground = new TreeMap<>(plan.classes().tailMap(1));
        long seed = config.training().seed();
        return new BenchmarkResult(
                dataset.name(),
                plan.hash(),
                config.fold(),
                seed,
                config.seeds(),
                config.training().steps(),
                config.baseline(),
                foreground,
                new Comparison(config.baseline(), seed).of(config.networks(), scores),
                provenance(scores));
    }

    private SortedMap<String, String> provenance(List<RunScores> scores) {
        SortedMap<String, String> entries = new TreeMap<>();
        for (RunScores run : scores) { // All of it, where they were made with several versions or machines.
            run.provenance()
                    .with(Optional.empty())
                    .entries()
                    .forEach((key, value) -> entries.merge(
                            key,
                            value,
                            (before, other) ->
                                    List.of(before.split("; ")).contains(other) ? before : before + "; " + other));
        }
        entries.put(
                "precision", config.training().numerics().precision().toString().toLowerCase(Locale.ROOT));
        entries.put("batch", Integer.toString(config.training().samples().batch()));
        entries.put("patch", store.plan().patch().toString());
        entries.put("command", command);
        return entries;
    }
}
