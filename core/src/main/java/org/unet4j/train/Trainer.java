package org.unet4j.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.unet4j.io.FolderLock;
import org.unet4j.io.Json;
import org.unet4j.io.Split;
import org.unet4j.io.Yaml;
import org.unet4j.prep.Store;
import org.unet4j.torch.Device;
import org.unet4j.torch.Provenance;
import org.unet4j.torch.Torch;

/**
 * Trains a network on prepared cases and leaves a {@link RunFolder}. The thread that calls it computes; it is the only one
 * that touches the device.
 */
public final class Trainer {

    private Trainer() {}

    /**
     * Returns the result of a new run in {@code out}.
     *
     * @param config how to train
     * @param store the prepared cases and their plan
     * @param split which of them are learned from and which are only scored; the latter may be none
     * @param out the run folder: absent or empty
     * @param device where to compute
     * @param listener hears how it goes
     * @param stop asked before each step and each validation case; once true, a checkpoint is saved and the run ends
     * @throws IOException where a file cannot be read or written, a case is damaged, or {@code out} holds a run or
     *     anything else
     * @throws DivergedException where the loss stops being a number; the last checkpoint stays
     */
    public static TrainResult train(
            TrainConfig config,
            Store store,
            Split split,
            Path out,
            Device device,
            TrainListener listener,
            BooleanSupplier stop)
            throws IOException {
        return train(new Job(config, store, split, new RunFolder(out), device, listener, stop), Training::prefetched);
    }

    /** Returns the result of a new run whose samples come from {@code source}. */
    static TrainResult train(Job job, Feed.Source source) throws IOException {
        Path out = job.run().path();
        requireKnown(job.split(), job.store());
        RunFolder.requireFree(out);
        try (FolderLock lock = FolderLock.take(out, "trained")) {
            RunFolder.requireFree(out);
            lock.removeUnfinished(out);
            describe(job);
            return run(job, Optional.empty(), source);
        }
    }

    /**
     * Returns the result of a run that was stopped, or ended, in {@code out}. It goes on from the checkpoint; from the
     * beginning where there was no checkpoint yet. On the same machine, with the same {@code threads}, it ends with the same
     * bits as if it had never stopped. A run that came to its end is not touched.
     *
     * @param config must be the run's own ({@link RunFolder#readConfig}); the numbers of threads and the distance of
     *     checkpoints may differ. Other {@code threads} (0 is as many as the machine has cores) sum in another order: the run
     *     goes on, but rounds otherwise. How many threads prefetch changes no bit
     * @throws IOException also where another process trains in {@code out}, and where {@code out} holds no run, or one of other settings, another plan or another split,
     *     naming what differs
     */
    public static TrainResult resume(
            TrainConfig config,
            Store store,
            Split split,
            Path out,
            Device device,
            TrainListener listener,
            BooleanSupplier stop)
            throws IOException {
        RunFolder run = new RunFolder(out);
        if (!Files.exists(run.config())) {
            throw new IOException("[" + out + "] holds no run to resume; check the path, or start a new run");
        }
        requireKnown(split, store);
        Job job = new Job(config, store, split, run, device, listener, stop);
        try (FolderLock lock = FolderLock.take(out, "trained")) {
            lock.removeUnfinished(out);
            if (!Files.exists(run.checkpoint())) {
                describe(job);
                return run(job, Optional.empty(), Training::prefetched);
            }
            Checkpoint checkpoint = Checkpoint.read(run.checkpoint(), job.identity());
            if (!run.finished()) {
                return run(job, Optional.of(checkpoint), Training::prefetched);
            }
            start(config); // Whoever predicts next does so as after a run that ended here.
            return TrainResult.read(out);
        }
    }

    private static void start(TrainConfig config) {
        int threads = config.machine().threads();
        Torch.start(
                threads == 0 ? Torch.physicalCores() : threads,
                config.numerics().deterministic());
    }

    private static TrainResult run(Job job, Optional<Checkpoint> checkpoint, Feed.Source source) throws IOException {
        start(job.config());
        Yaml.write(job.run().provenance(), Provenance.of(job.device()));
        return Training.run(job, checkpoint, source);
    }

    /** Writes what prediction and people need to know of the run. The configuration comes first: it marks the folder. */
    private static void describe(Job job) throws IOException {
        Yaml.write(job.run().config(), job.config());
        Yaml.write(job.run().plan(), job.plan());
        Yaml.write(job.run().model(), job.spec());
        Json.write(job.run().split(), job.split());
    }

    private static void requireKnown(Split split, Store store) {
        if (split.training().isEmpty()) {
            throw new IllegalArgumentException("the split has no training case; it must name at least one");
        }
        Set<String> both = new TreeSet<>(split.training());
        both.retainAll(split.validation());
        if (!both.isEmpty()) {
            throw new IllegalArgumentException("the split has cases both for training and for validation: "
                    + some(List.copyOf(both)) + "; each must be in one of the two");
        }
        Set<String> unknown = new TreeSet<>(split.training());
        unknown.addAll(split.validation());
        unknown.removeAll(Set.copyOf(store.ids()));
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("the split names cases that are not in [" + store.folder() + "]: "
                    + some(List.copyOf(unknown)) + "; prepare them, or correct the split");
        }
    }

    private static String some(List<String> ids) {
        int shown = Math.min(5, ids.size());
        return String.join(", ", ids.subList(0, shown))
                + (shown < ids.size() ? " and " + (ids.size() - shown) + " more" : "");
    }
}
