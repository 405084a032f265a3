package org.unet4j.benchmark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.unet4j.eval.CaseScore;
import org.unet4j.eval.CaseScores;
import org.unet4j.infer.EnsembleFile;
import org.unet4j.io.AtomicFile;
import org.unet4j.io.Dataset;
import org.unet4j.io.Json;
import org.unet4j.io.Split;
import org.unet4j.prep.Store;
import org.unet4j.report.BenchmarkResult;
import org.unet4j.report.BenchmarkTable;
import org.unet4j.report.NetworkResult;
import org.unet4j.report.PostProcessingResult;
import org.unet4j.torch.Device;
import org.unet4j.train.Team;

/**
 * Trains networks on every fold and scores each case by the network that did not learn from it, on last checkpoints. Each fold is a
 * {@link Benchmark} in a folder of its own, so that it may be computed by a process of its own, and goes on where it was interrupted. After
 * the last fold: {@link #postProcess}, {@link #gather}, and {@link #test} on cases that no fold has.
 *
 * @param config what is trained; its fold is named anew for each fold
 * @param store the prepared cases and their plan
 * @param dataset the same cases as scans with labels
 * @param splits the folds; no case is held out twice
 * @param out the folder: {@code fold-0} and so on, and the scores over all folds
 * @param device where to compute
 * @param command what a person types to run it again
 */
public record CrossValidation(
        BenchmarkConfig config,
        Store store,
        Dataset dataset,
        List<Split> splits,
        Path out,
        Device device,
        String command) {

    /** Checks that scores over all folds have each case once. */
    public CrossValidation {
        splits = List.copyOf(splits);
        Map<String, Integer> heldOut = new HashMap<>();
        for (int fold = 0; fold < splits.size(); fold++) {
            for (String id : splits.get(fold).validation()) {
                Integer before = heldOut.put(id, fold);
                if (before != null) {
                    throw new IllegalArgumentException(
                            "case '" + id + "' is held out in fold " + before + " and in fold " + fold
                                    + ": scores over all folds need each case once; give other splits");
                }
            }
        }
    }

    /** Returns the folder of fold {@code fold}. */
    public Path fold(int fold) {
        return fold(out, fold);
    }

    static Path fold(Path out, int fold) {
        return out.resolve("fold-" + fold);
    }

    /** Returns the file of the scores of {@code network}'s cases over all folds, as evaluation writes them. */
    public Path scores(String network) {
        return out.resolve("scores-" + network + ".json");
    }

    /**
     * Trains and scores {@code folds}, one after the other, in the processes of {@code team} together.
     *
     * @return false if it was interrupted
     */
    public boolean run(List<Integer> folds, Team team, BenchmarkListener listener, BooleanSupplier stop)
            throws IOException {
        for (int fold : folds) {
            if (benchmark(fold).together(team, listener, stop).isEmpty()) {
                return false;
            }
        }
        return true;
    }

    /** Returns the folds that are not scored yet. */
    public List<Integer> missing() {
        return IntStream.range(0, splits.size())
                .filter(fold -> config.runs().stream()
                        .anyMatch(run -> !Files.exists(new BenchmarkFolder(fold(fold)).scores(run))))
                .boxed()
                .toList();
    }

    /**
     * Returns the scores over all folds, and writes them: {@code results.json}, {@code results.md}, {@code report.html}, for each network a JSON and a CSV
     * with every case, and its {@link #ensemble}.
     *
     * @param listener hears where the page, or where the dataset lies, could not be written; all else is there then
     * @throws IOException naming the folds that are missing
     */
    public BenchmarkResult gather(BenchmarkListener listener) throws IOException {
        List<Integer> missing = missing();
        if (!missing.isEmpty()) {
            throw lacks(missing);
        }
        List<RunScores> runs = new ArrayList<>();
        for (Run run : config.runs()) {
            List<RunScores> ofFolds = new ArrayList<>();
            for (int fold = 0; fold < splits.size(); fold++) {
                ofFolds.add(read(fold, run));
            }
            runs.add(together(ofFolds));
        }
        BenchmarkResult result =
                benchmark(0).named(splits.size() + " folds", command).result(runs);
        result.write(out.resolve("results.json"));
        byte[] table = new BenchmarkTable(result).markdown().getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(out.resolve("results.md"), stream -> stream.write(table));
        for (NetworkResult network : result.networks()) {
            CaseScores scores = new CaseScores(network.cases());
            scores.writeJson(scores(network.name()));
            scores.writeCsv(out.resolve("scores-" + network.name() + ".csv"));
            EnsembleFile.write(ensemble(network.name()), runFolders(network.name()));
        }
        BenchmarkFolder folder = new BenchmarkFolder(out);
        try {
            folder.keepSource(dataset);
        } catch (IOException e) { // Later pages can be told; the scores of all folds cannot.
            listener.recovered(e.getMessage() + "; the results are whole without: `report " + out
                    + "` needs --dataset for pictures");
        }
        Report.write(folder, dataset, listener);
        return result;
    }

    /**
     * Chooses post-processing for each network on the predictions for the cases of all folds, and scores it on each fold by what the others
     * chose. Written: {@code postprocessing.yaml} beside the weights of every fold, with those classes that gained, {@code
     * postprocessing-<network>.yaml} with the same, {@code postprocessing.json}, and the scores as {@link #gather} writes them. What was found
     * out about a case before is not found out again.
     *
     * @return what it does; empty if it was stopped
     * @throws IOException naming the folds that are not scored yet, or where a file cannot be read or written
     */
    public Optional<PostProcessingResult> postProcess(Team team, BenchmarkListener listener, BooleanSupplier stop)
            throws IOException {
        List<Integer> missing = team.leads() ? missing() : List.of();
        if (team.any(!missing.isEmpty())) { // What the leader sees: the others may see its files later.
            throw lacks(missing);
        }
        Optional<PostProcessingResult> result = new PostProcessingStudy(this, team, listener, stop).run();
        if (result.isPresent() && team.leads()) {
            Json.write(out.resolve("postprocessing.json"), result.get());
        }
        return result;
    }

    /**
     * Scores each network's {@link #ensemble} on {@code test}, with the post-processing that {@link #postProcess} chose. Written, under {@code
     * test-<name>}: predictions, and the scores as {@link #gather} writes them. Call it after {@link #gather}; a case that the same networks
     * scored before, from the same files and in the same way, is passed over.
     *
     * @return the scores by network, in the order asked for; empty if it was stopped
     * @throws IOException where a network's weights were deleted, or a file cannot be read or written
     */
    public Optional<Map<String, CaseScores>> test(
            TestSet test, Team team, BenchmarkListener listener, BooleanSupplier stop) throws IOException {
        return new EnsembleStudy(this, test, team, listener, stop).run();
    }

    private IOException lacks(List<Integer> missing) {
        return new IOException("[" + out + "] lacks the scores of the folds " + missing + ": run them first");
    }

    /** Returns the folder of the ensemble of {@code network}: all folds' runs of it, as one model for prediction. */
    public Path ensemble(String network) {
        return out.resolve("ensemble-" + network);
    }

    /** Returns the folders of the runs of one network, fold by fold. */
    List<Path> runFolders(String network) {
        return IntStream.range(0, splits.size())
                .boxed()
                .flatMap(fold -> runs(network).stream().map(run -> new BenchmarkFolder(fold(fold)).run(run)))
                .toList();
    }

    /** Returns the runs of one network, one for each seed. */
    List<Run> runs(String network) {
        return config.runs().stream()
                .filter(run -> run.network().equals(network))
                .toList();
    }

    /** Returns the scores of a run on the cases that {@code fold} holds out. */
    RunScores read(int fold, Run run) throws IOException {
        RunScores scores = new BenchmarkFolder(fold(fold)).readScores(run);
        List<String> scored =
                scores.cases().stream().map(CaseScore::caseId).sorted().toList();
        if (!scored.equals(splits.get(fold).validation().stream().sorted().toList())) {
            throw new IOException(
                    "[" + new BenchmarkFolder(fold(fold)).scores(run) + "] holds the scores of other cases than fold "
                            + fold + " holds out; was it made with other splits?");
        }
        return scores;
    }

    private Benchmark benchmark(int fold) {
        return new Benchmark(
                new BenchmarkConfig(
                        config.networks(), config.baseline(), "fold " + fold, config.seeds(), config.training()),
                store,
                dataset,
                splits.get(fold),
                fold(fold),
                device,
                command + " --folds " + fold);
    }

    /** Returns the scores of one network and seed over all folds; what it cost is the mean over folds, memory the most. */
    private static RunScores together(List<RunScores> folds) {
        RunScores first = folds.get(0);
        int cases = folds.stream().mapToInt(fold -> fold.cases().size()).sum();
        double predictSeconds = folds.stream()
                .mapToDouble(fold -> fold.predictSecondsPerCase() * fold.cases().size())
                .sum();
        return new RunScores(
                first.network(),
                first.seed(),
                folds.stream().flatMap(fold -> fold.cases().stream()).toList(),
                first.parameters(),
                first.multiplyAdds(),
                mean(folds, RunScores::trainSeconds),
                mean(folds, RunScores::voxelsPerSecond),
                mean(folds, RunScores::waitShare),
                predictSeconds / cases,
                most(folds, RunScores::peakMemoryBytes),
                most(folds, RunScores::peakDeviceBytes),
                first.provenance());
    }

    private static double mean(List<RunScores> folds, ToDoubleFunction<RunScores> value) {
        return folds.stream().mapToDouble(value).average().orElseThrow();
    }

    private static OptionalLong most(List<RunScores> folds, Function<RunScores, OptionalLong> value) {
        return folds.stream().map(value).flatMapToLong(OptionalLong::stream).max();
    }
}
