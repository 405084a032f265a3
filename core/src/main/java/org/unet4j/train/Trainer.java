package org.unet4j.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.unet4j.io.FolderLock;
import org.unet4j.io.Json;
import org.unet4j.io.Split;
import org.unet4j.io.Yaml;
import org.unet4j.model.Layout;
import org.unet4j.prep.Fingerprint;
import org.unet4j.prep.Store;
import org.unet4j.prep.TrainingRanges;
import org.unet4j.torch.Provenance;
import org.unet4j.torch.Torch;

/**
 * Trains a network on prepared cases and leaves a {@link RunFolder}. The thread that calls it computes; it is the only one
 * that touches the device.
 */
public final class Trainer {

    private Trainer() {}

    /**
     * Returns the result of a new run, in a folder that is absent or empty.
     *
     * @throws IOException where a file cannot be read or written, a case is damaged, the folder holds a run or anything else, or
     *     weights to begin from cannot be read, or none of their tensors fits
     * @throws DivergedException where loss or gradient stop being numbers for several steps; the last checkpoint stays
     * @throws OutOfDeviceMemoryException where a step needs more memory than the device has
     */
    public static TrainResult train(TrainRequest request) throws IOException {
        return train(request.job(), request.init());
    }

    /** Returns the result of a new run. */
    static TrainResult train(Job job, Optional<Path> init) throws IOException {
        Path out = job.run().path();
        requireKnown(job.split(), job.store());
        RunFolder.requireFree(out);
        try (FolderLock lock = FolderLock.take(out, "trained")) {
            RunFolder.requireFree(out);
            lock.removeUnfinished(out);
            Files.deleteIfExists(
                    job.run().init()); // Of a process that was killed before it marked the folder as a run.
            return begin(job, init);
        }
    }

    /**
     * Returns the result of a run that was stopped, or ended, in the folder. It goes on from the newest checkpoint, or the one
     * before where that is damaged; from the beginning where there was no checkpoint yet. On the same machine, with the same
     * {@code threads}, it ends with the same bits as if it had never stopped, on a card where it is deterministic. A run that came to its end is not touched, unless it
     * is to be longer.
     *
     * <p>The configuration must be the run's own ({@link RunFolder#readConfig}); its length, the numbers of threads and the distance
     * of checkpoints may differ. Other {@code threads} (0 is as many as the machine has cores) sum in another order: the run
     * goes on, but rounds otherwise. How many threads prefetch changes no bit.
     *
     * <p>A run may be given other {@code steps} than it began with, as many as are done or more. Learning rates are those of a run
     * of the new length from there on; those of the steps that are done were of the old. So an extended run equals one that had
     * that length from its beginning bit for bit where the schedule is constant and has no warm-up, and not otherwise. What the
     * shorter run left at its end is kept as {@code summary-<steps>.json}, {@code validation-<steps>.json}, {@code validation-<steps>} with
     * its label maps and {@code report-<steps>.html}; weights go on.
     *
     * <p>Weights to begin from are needed only where the run was killed before its first checkpoint; later they are in that, and are
     * not looked at.
     *
     * @throws IOException also where another process trains in the folder, and where it holds no run, or one of other settings, another
     *     plan or another split, naming what differs
     */
    public static TrainResult resume(TrainRequest request) throws IOException {
        return resume(request.job(), request.init());
    }

    /** Returns the result of a run that goes on. */
    private static TrainResult resume(Job wanted, Optional<Path> init) throws IOException {
        RunFolder run = wanted.run();
        Path out = run.path();
        if (!Files.exists(run.config())) {
            throw new IOException("[" + out + "] holds no run to resume; check the path, or start a new run");
        }
        requireKnown(wanted.split(), wanted.store());
        Job job = wanted.with(withLayout(wanted.config(), run));
        try (FolderLock lock = FolderLock.take(out, "trained")) {
            lock.removeUnfinished(out);
            lock.removeUnfinished(run.notFinite());
            Optional<Checkpoints.Found> found = new Checkpoints(run).newest();
            return found.isPresent() ? goOn(job, found.get()) : begin(job, init);
        }
    }

    /**
     * Returns the result of a run that the processes of {@code team} train together, each of which calls this with the same
     * request: begun where the folder holds none, gone on with as {@link #resume} does where it does. The batch is that of a
     * step, over all of them: each computes an equal share, so that the run is the same, but for rounding, with any number of
     * processes. The first writes, as a process alone would, and hears {@code listener}; all must see its files.
     *
     * Each is asked whether to stop; where one says so, all do.
     *
     * @throws org.unet4j.ranks.LostRankException on all others, where one dies, hangs or gives up
     */
    public static TrainResult together(Team team, TrainRequest request) throws IOException {
        Job job = request.job().with(team);
        if (!team.leads()) {
            requireKnown(request.split(), request.store());
            return follow(job);
        }
        return RunFolder.holdsRun(request.out()) ? resume(job, request.init()) : train(job, request.init());
    }

    /** Returns {@code config} in the layout of the run where it leaves that open. */
    private static TrainConfig withLayout(TrainConfig config, RunFolder run) throws IOException {
        Numerics numerics = config.numerics();
        return numerics.layout() == Layout.AUTO
                ? config.withNumerics(
                        numerics.withLayout(run.readConfig().numerics().layout()))
                : config;
    }

    private static TrainResult begin(Job job, Optional<Path> init) throws IOException {
        RunFolder run = job.run();
        Optional<InitialWeights> weights =
                init.isPresent() ? Optional.of(InitialWeights.of(init.get())) : Optional.empty();
        Optional<String> begun = job.identity().init();
        if (begun.isPresent() && !begun.equals(weights.map(w -> w.origin().sha256()))) {
            throw new IOException("[" + run.path()
                    + "] was killed before its first checkpoint, and was to begin from weights" + " with the SHA-256 "
                    + begun.get() + " (init.json): give these again, or delete the folder");
        }
        Files.deleteIfExists(run.best()); // Of a part that was killed before its first checkpoint.
        if (weights.isPresent()) {
            Json.write(
                    run.init(),
                    weights.get().origin()); // Before the folder is marked: no run begins from others unnoticed.
        }
        threads(job);
        Job decided = LayoutTrial.decide(job);
        DeterminismTrial.tell(decided, () -> threads(decided, false), () -> threads(decided, true));
        describe(decided);
        start(decided);
        job.team().announce(new Team.Start(decided.config(), Checkpoint.Position.start(), false));
        return told(decided, Training.begin(decided, weights));
    }

    private static TrainResult goOn(Job job, Checkpoints.Found found) throws IOException {
        RunFolder run = job.run();
        found.checkpoint().requireSame(run.path(), job.identity());
        run.keepEarlierEnd(job.config().steps());
        if (run.finished()) {
            TrainResult result = TrainResult.read(run.path());
            requireNotShorter(job, result);
            job.team().announce(new Team.Start(job.config(), found.checkpoint().position(), true));
            threads(job); // Whoever predicts next does so as after a run that ended here.
            return told(job, result);
        }
        if (found.damaged().isPresent()) {
            new Checkpoints(run).putDamagedAside();
            job.listener()
                    .recovered(found.damaged().get() + ": the checkpoint before it is taken, of step "
                            + found.checkpoint().position().step());
        }
        if (!run.readConfig().equals(job.config())) {
            Yaml.write(run.config(), job.config());
        }
        start(job);
        job.team().announce(new Team.Start(job.config(), found.checkpoint().position(), false));
        return told(job, Training.goOn(job, found));
    }

    private static TrainResult told(Job job, TrainResult result) {
        job.listener().ended(result);
        return result;
    }

    private static void requireNotShorter(Job job, TrainResult result) throws IOException {
        if (result.step() > job.config().steps()) {
            throw new IOException("[" + job.run().path() + "] holds a run that ended after " + result.step()
                    + " steps; it cannot end after " + job.config().steps() + ": give as many or more");
        }
    }

    private static void start(Job job) throws IOException {
        threads(job);
        Yaml.write(job.run().provenance(), Provenance.of(job.device()).with(job.command()));
    }

    private static void threads(Job job) {
        threads(job, job.config().numerics().deterministic());
    }

    private static void threads(Job job, boolean deterministic) {
        int threads = job.config().machine().threads();
        int here = job.team().peers().map(peers -> peers.world().localSize()).orElse(1);
        Torch.start(threads == 0 ? Math.max(1, Torch.physicalCores() / here) : threads, deterministic);
    }

    /** Returns the result of a run that the leader of the team begins or goes on with. */
    private static TrainResult follow(Job job) throws IOException {
        Team.Start start = job.team().follow(job.run());
        Job decided = job.with(start.config());
        threads(decided);
        if (start.ended()) {
            return TrainResult.read(job.run().path());
        }
        return Training.follow(decided, start.position());
    }

    /** Writes what prediction and people need to know of the run. The configuration comes first: it marks the folder. */
    private static void describe(Job job) throws IOException {
        Yaml.write(job.run().config(), job.config());
        Yaml.write(job.run().plan(), job.plan());
        Yaml.write(job.run().model(), job.spec());
        Json.write(job.run().split(), job.split());
        Optional<Fingerprint> fingerprint = Fingerprint.of(job.store());
        if (fingerprint.isPresent()) {
            fingerprint.get().write(job.run().fingerprint());
        }
        Optional<TrainingRanges> ranges =
                TrainingRanges.of(job.store(), job.split().training());
        if (ranges.isPresent()) {
            ranges.get().write(job.run().path());
        }
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
