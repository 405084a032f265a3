package org.unet4j.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.unet4j.model.Network;
import org.unet4j.torch.PeakMemory;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Seeds;
import org.unet4j.torch.SideStream;

/** One run, from where it is to its end: steps, validations and checkpoints in their order. */
final class Training {

    /** The path of the weights' seed; {@link Sampler} has the others. */
    private static final long WEIGHTS = 0;

    private static final double NANOS = 1e-9;

    private final Job job;
    private final Checkpoint.Identity identity;
    private final TrainConfig config;
    private final Network network;
    private final Learner learner;
    private final Feed<HostBatch> feed;
    private final Log log;
    private final Sampler sampler;
    private final BestWeights weights;
    private final Standing standing;
    private final Validations validations;
    private final NotFinite notFinite;
    private final Speed speed = new Speed();

    private Training(
            Job job,
            Checkpoint.Identity identity,
            Checkpoint.Position from,
            Network network,
            Learner learner,
            Feed<HostBatch> feed,
            Log log) {
        this.job = job;
        this.identity = identity;
        this.network = network;
        this.learner = learner;
        this.feed = feed;
        this.log = log;
        config = job.config();
        sampler = job.sampler();
        weights = new BestWeights(job);
        standing = new Standing(from, job.team().leads() ? weights.found(from.best()) : Optional.empty());
        validations = new Validations(job, network, learner, log, standing);
        notFinite = new NotFinite(job);
    }

    /** Returns how the run ended that begins, from {@code weights} where there are some. */
    static TrainResult begin(Job job, Optional<InitialWeights> weights) throws IOException {
        return run(job, Checkpoint.Position.start(), weights, Optional.empty());
    }

    /** Returns how the run ended that goes on from a checkpoint. */
    static TrainResult goOn(Job job, Checkpoints.Found found) throws IOException {
        return run(job, found.checkpoint().position(), Optional.empty(), Optional.of(found.file()));
    }

    /** Returns how the run ended that the leader of the team begins or goes on with. */
    static TrainResult follow(Job job, Checkpoint.Position from) throws IOException {
        return run(job, from, Optional.empty(), Optional.empty());
    }

    private static TrainResult run(
            Job job, Checkpoint.Position from, Optional<InitialWeights> weights, Optional<Path> checkpoint)
            throws IOException {
        TrainConfig config = job.config();
        // Of the cases as they are at the start: what is learned from.
        Checkpoint.Identity identity = job.identity();
        try (Scope scope = new Scope();
                Network network = job.network(Seeds.derive(config.seed(), WEIGHTS));
                Log log = new Log(RunLog.open(job, from))) {
            Optional<InitialWeightsEvent> taken =
                    weights.isPresent() ? Optional.of(weights.get().apply(network)) : Optional.empty();
            Optional<SideStream> beside =
                    job.device().isCuda() ? Optional.of(new SideStream(job.device())) : Optional.empty();
            List<HostBatch> slots = HostBatch.allocate(
                    config.machine().prefetchDepth(),
                    job.samplesAPart(),
                    job.plan().channels().size(),
                    job.plan().classCount(),
                    job.cut(),
                    beside);
            try (Learner learner = new Learner(job, network);
                    Feed<HostBatch> feed = job.source()
                            .open(
                                    job,
                                    slots,
                                    (long) from.step() * config.samples().accumulation(),
                                    (long) config.steps() * config.samples().accumulation())) {
                if (checkpoint.isPresent()) {
                    restore(checkpoint.get(), learner);
                }
                learner.followLeader();
                learner.restoreScale(from);
                return new Training(job, identity, from, network, learner, feed, log).toEnd(taken);
            } finally {
                slots.forEach(HostBatch::drop);
                beside.ifPresent(SideStream::close);
            }
        }
    }

    /** Returns the parts of the batches, cut out of the store ahead of the steps. */
    static Feed<HostBatch> prefetched(Job job, List<HostBatch> slots, long first, long end) {
        return Prefetcher.start(
                slots, cutter(job), first, end, job.config().machine().prefetchThreads());
    }

    private static Prefetcher.Filler<HostBatch> cutter(Job job) {
        BatchCutter cutter = new BatchCutter(job.store(), job.sampler());
        return (slot, mine) -> {
            cutter.fill(slot, job.part(mine));
            slot.upload();
        };
    }

    private static void restore(Path checkpoint, Learner learner) throws IOException {
        try (Scope scope = new Scope()) {
            learner.restore(Checkpoint.readNumbers(checkpoint));
        }
    }

    private TrainResult toEnd(Optional<InitialWeightsEvent> taken) throws IOException {
        job.listener()
                .started(new RunStart(
                        job.run().path(),
                        standing.step(),
                        config.steps(),
                        job.split().training().size(),
                        job.split().validation().size(),
                        network.parameterCount()));
        if (job.team().leads()) {
            for (Metrics.Step earlier : job.run().readMetrics().steps()) {
                speed.addEarlier(earlier.loss());
                notFinite.addEarlier(earlier);
            }
        }
        if (taken.isPresent()) {
            job.listener().beganFrom(taken.get());
            save(); // From here on the run has the weights itself.
        }
        boolean saved = standing.step() > 0;
        while (standing.step() < config.steps()) {
            boolean stopped = job.team().any(job.stop().getAsBoolean());
            if (!stopped && validations.isDue()) {
                stopped = !validations.few();
                saved &= stopped;
            }
            if (stopped) {
                if (!saved) {
                    save();
                }
                return result(true, Optional.empty());
            }
            learn();
            saved = standing.step() % config.machine().checkpointEvery() == 0 || standing.step() == config.steps();
            if (saved) {
                save();
            }
        }
        Optional<ValidationScores> scores = Optional.empty();
        if (!job.split().validation().isEmpty()) {
            scores = validations.all();
            if (scores.isEmpty()) {
                return result(true, scores);
            }
        }
        TrainResult result = result(false, scores).with(PeakMemory.ofProcess(job.device()));
        if (job.team().leads()) {
            result.write();
        }
        return result;
    }

    private void learn() throws IOException {
        long start = System.nanoTime();
        long waitedBefore = feed.waitedNanos();
        double learningRate = config.learningRate(standing.step());
        Learner.Outcome outcome = outcome(learningRate);
        double seconds = (System.nanoTime() - start) * NANOS;
        double waited = (feed.waitedNanos() - waitedBefore) * NANOS;
        int epoch = sampler.epoch((long) standing.step() * config.samples().batch());
        standing.addStep(seconds, waited, outcome.skipped());
        speed.add(seconds, waited, outcome.loss());
        double voxels = (double) config.samples().batch() * job.plan().patch().voxels();
        log.step(new Metrics.Step(
                standing.step(),
                epoch,
                standing.trainSeconds(),
                outcome.loss(),
                learningRate,
                outcome.gradientNorm(),
                voxels / seconds,
                waited / seconds,
                outcome.skipped()));
        notFinite.add(standing.step() - 1, outcome);
        double mean = speed.secondsAStep();
        job.listener()
                .step(new StepEvent(
                        standing.step(),
                        config.steps(),
                        epoch,
                        outcome.loss(),
                        learningRate,
                        standing.trainSeconds(),
                        1 / mean,
                        voxels / mean,
                        speed.waitShare(),
                        mean * (config.steps() - standing.step())));
    }

    private Learner.Outcome outcome(double learningRate) throws IOException {
        try {
            return learner.learn(standing.step(), learningRate, feed);
        } catch (RuntimeException e) {
            throw OutOfDeviceMemoryException.explained(e, job);
        }
    }

    /** Saves the weights, and then the checkpoint, which alone decides where the run goes on. */
    private void save() throws IOException {
        if (!job.team().leads()) {
            return;
        }
        try {
            write();
        } catch (IOException e) {
            throw new IOException(
                    "step " + standing.step() + " could not be saved: " + e.getMessage()
                            + "; checkpoints saved before are whole. Make room or mend the disk, then resume the run",
                    e);
        }
        job.listener().saved(standing.step(), job.run().checkpoint());
    }

    private void write() throws IOException {
        try (Learner.Averaged averaged = learner.averaged()) {
            weights.saveLast(network, standing.step());
        }
        Checkpoint.Position position = standing.position(log.sync(), learner.lossScale());
        new Checkpoints(job.run()).add(new Checkpoint(identity, position), learner.numbers());
    }

    private TrainResult result(boolean interrupted, Optional<ValidationScores> scores) {
        return standing.result(job, interrupted, speed.loss(), network.parameterCount(), scores);
    }
}
