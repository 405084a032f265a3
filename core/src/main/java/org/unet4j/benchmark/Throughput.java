package org.unet4j.benchmark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.unet4j.io.AtomicFile;
import org.unet4j.io.Dataset;
import org.unet4j.io.FolderLock;
import org.unet4j.prep.Plan;
import org.unet4j.prep.Store;
import org.unet4j.report.Repetition;
import org.unet4j.report.ThroughputResult;
import org.unet4j.report.ThroughputRow;
import org.unet4j.report.ThroughputTable;
import org.unet4j.torch.Device;
import org.unet4j.torch.Provenance;

/**
 * Measures how fast networks train: short trainings through {@link org.unet4j.train.Trainer} as it is, each in a process of
 * its own.
 *
 * @param config whose speed
 * @param store the prepared cases under the plan whose patch and batch are measured; all of them are learned from
 * @param dataset the same cases as files
 * @param out the folder of the results; without results of an earlier measurement
 * @param device where to compute
 * @param command what a person types to run it again, for the results; without paths that say who or where one is
 */
public record Throughput(
        ThroughputConfig config, Store store, Dataset dataset, Path out, Device device, String command) {

    /** Runs one trial; empty if it was stopped. */
    @FunctionalInterface
    interface Runner {
        Optional<Trial.Outcome> run(Trial trial) throws IOException;
    }

    /** What became of one variant so far. */
    private record Tries(Variant variant, List<Repetition> repetitions, List<String> failures) {}

    /**
     * Returns the result, which is also written to {@link ThroughputFolder}.
     *
     * @param stop asked while a process runs; once true, it is ended and nothing is written
     * @return empty if it was stopped
     * @throws IOException where a file cannot be read or written, {@code out} holds results, or no process came to its end
     */
    public Optional<ThroughputResult> run(ThroughputListener listener, BooleanSupplier stop) throws IOException {
        return run(listener, new TrialProcess(out, stop)::run);
    }

    Optional<ThroughputResult> run(ThroughputListener listener, Runner runner) throws IOException {
        ThroughputFolder folder = new ThroughputFolder(out);
        folder.requireFree();
        try (FolderLock lock = FolderLock.take(out, "measured")) {
            folder.requireFree();
            lock.removeUnfinished(out);
            return run(folder, listener, runner);
        }
    }

    private Optional<ThroughputResult> run(ThroughputFolder folder, ThroughputListener listener, Runner runner)
            throws IOException {
        List<Tries> all = config.variants().stream()
                .map(variant -> new Tries(variant, new ArrayList<>(), new ArrayList<>()))
                .toList();
        List<Provenance> provenances = new ArrayList<>();
        for (int round = 0; round < config.rounds(); round++) {
            for (int i = 0; i < all.size(); i++) {
                Tries tries = all.get(i);
                listener.started(tries.variant(), round * all.size() + i, config.rounds() * all.size());
                try {
                    Optional<Trial.Outcome> outcome = runner.run(trial(tries.variant()));
                    if (outcome.isEmpty()) {
                        return Optional.empty();
                    }
                    tries.repetitions().add(outcome.get().repetition());
                    provenances.add(outcome.get().provenance());
                    listener.measured(tries.variant(), outcome.get().repetition());
                } catch (TrialProcess.FailedException e) {
                    tries.failures().add(e.getMessage());
                    listener.failed(tries.variant(), e.getMessage());
                }
            }
        }
        if (provenances.isEmpty()) {
            throw new IOException(
                    "no training came to its end: " + all.get(0).failures().get(0));
        }
        return Optional.of(written(folder, result(all, provenances.get(0))));
    }

    private Trial trial(Variant variant) {
        return new Trial(
                store.folder().toString(),
                dataset.folder().toString(),
                store.plan(),
                variant.config()
                        .withBatch(store.plan().batch())
                        .withSteps(config.warmup() + config.steps())
                        .withValidateEvery(0)
                        .withCheckpointEvery(config.warmup() + config.steps()),
                variant.path(),
                device,
                config.warmup());
    }

    private ThroughputResult result(List<Tries> all, Provenance provenance) {
        Plan plan = store.plan();
        List<ThroughputRow> rows = new ArrayList<>();
        for (Tries tries : all) {
            Variant variant = tries.variant();
            rows.add(ThroughputRow.of(
                    variant.network(),
                    variant.precision(),
                    variant.layout(),
                    variant.pathName(),
                    plan.batch() * plan.patch().voxels(),
                    tries.repetitions(),
                    tries.failures()));
        }
        return new ThroughputResult(
                dataset.name(),
                plan.hash(),
                store.ids().size(),
                plan.patch(),
                plan.batch(),
                config.warmup(),
                rows,
                entries(provenance));
    }

    private SortedMap<String, String> entries(Provenance provenance) {
        SortedMap<String, String> entries = new TreeMap<>();
        entries.put("unet4j", provenance.version());
        entries.put("commit", provenance.commit());
        entries.put("java", provenance.java());
        entries.put("system", provenance.os());
        entries.put("processor", provenance.cpu());
        entries.put("libtorch", provenance.libtorch());
        if (provenance.cudnn() != 0) {
            entries.put("cudnn", Long.toString(provenance.cudnn()));
        }
        entries.put("device", provenance.device());
        entries.put("threads", Integer.toString(provenance.threads()));
        entries.put("steps", config.rounds() + " runs of " + config.steps() + " measured steps");
        entries.put("command", command);
        return entries;
    }

    private ThroughputResult written(ThroughputFolder folder, ThroughputResult result) throws IOException {
        store.plan().write(folder.plan());
        byte[] table = new ThroughputTable(result).markdown().getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(folder.table(), to -> to.write(table));
        result.write(folder.result());
        return result;
    }
}
