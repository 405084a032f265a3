package org.unet4j.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.unet4j.eval.CaseScores;
import org.unet4j.eval.Statistics;
import org.unet4j.model.ModelFile;
import org.unet4j.model.Network;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Seeds;

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
    private final Validator validator;
    private final Feed<HostBatch> feed;
    private final Log log;
    private final Sampler sampler;
    private final List<String> fewCases;
    private final BestWeights bestWeights;
    private final NotFinite notFinite;
    private final Speed speed = new Speed();

    private int step;
    private boolean validated;
    private double trainSeconds;
    private double validationSeconds;
    private double waitSeconds;
    private int skippedSteps;
    private Optional<Checkpoint.Best> best;

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
        validator = new Validator(job, network);
        bestWeights = new BestWeights(job);
        notFinite = new NotFinite(job);
        sampler = job.sampler();
        fewCases = spread(job.split().validation(), config.validation().cases());
        step = from.step();
        validated = from.validated();
        trainSeconds = from.trainSeconds();
        validationSeconds = from.validationSeconds();
        waitSeconds = from.waitSeconds();
        skippedSteps = from.skippedSteps();
        best = job.team().leads() ? bestWeights.found(from.best()) : Optional.empty();
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
            List<HostBatch> slots = HostBatch.allocate(
                    config.machine().prefetchDepth(),
                    job.samplesAPart(),
                    job.plan().channels().size(),
                    job.cut(),
                    job.device().isCuda());
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
        return (slot, mine) -> cutter.fill(slot, job.part(mine));
    }

    private static void restore(Path checkpoint, Learner learner) throws IOException {
        try (Scope scope = new Scope()) {
            learner.restore(Checkpoint.readNumbers(checkpoint));
        }
    }

    /** Returns {@code count} of {@code ids}, evenly spaced; all where there are no more. */
    static List<String> spread(List<String> ids, int count) {
        List<String> chosen = new ArrayList<>();
        for (int i = 0; i < Math.min(count, ids.size()); i++) {
            chosen.add(ids.get((int) ((long) i * ids.size() / Math.min(count, ids.size()))));
        }
        return chosen;
    }

    private TrainResult toEnd(Optional<InitialWeightsEvent> taken) throws IOException {
        job.listener()
                .started(new RunStart(
                        step,
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
        boolean saved = step > 0;
        while (step < config.steps()) {
            boolean stopped = job.team().any(job.stop().getAsBoolean());
            if (!stopped && validationIsDue()) {
                stopped = !validateFew();
                saved &= stopped;
            }
            if (stopped) {
                if (!saved) {
                    save();
                }
                return result(true, Optional.empty());
            }
            learn();
            saved = step % config.machine().checkpointEvery() == 0 || step == config.steps();
            if (saved) {
                save();
            }
        }
        Optional<ValidationScores> scores = Optional.empty();
        if (!job.split().validation().isEmpty()) {
            scores = validateAll();
            if (scores.isEmpty()) {
                return result(true, scores);
            }
        }
        TrainResult result = result(false, scores);
        if (job.team().leads()) {
            result.write();
        }
        return result;
    }

    private void learn() throws IOException {
        long start = System.nanoTime();
        long waitedBefore = feed.waitedNanos();
        double learningRate = config.learningRate(step);
        Learner.Outcome outcome = outcome(learningRate);
        double seconds = (System.nanoTime() - start) * NANOS;
        double waited = (feed.waitedNanos() - waitedBefore) * NANOS;
        trainSeconds += seconds;
        waitSeconds += waited;
        skippedSteps += outcome.skipped() ? 1 : 0;
        speed.add(seconds, waited, outcome.loss());
        int epoch = sampler.epoch((long) step * config.samples().batch());
        step++;
        validated = false;
        double voxels = (double) config.samples().batch() * job.plan().patch().voxels();
        log.step(new Metrics.Step(
                step,
                epoch,
                trainSeconds,
                outcome.loss(),
                learningRate,
                outcome.gradientNorm(),
                voxels / seconds,
                waited / seconds,
                outcome.skipped()));
        notFinite.add(step - 1, outcome);
        double mean = speed.secondsAStep();
        job.listener()
                .step(new StepEvent(
                        step,
                        config.steps(),
                        epoch,
                        outcome.loss(),
                        learningRate,
                        trainSeconds,
                        1 / mean,
                        voxels / mean,
                        speed.waitShare(),
                        mean * (config.steps() - step)));
    }

    private Learner.Outcome outcome(double learningRate) throws IOException {
        try {
            return learner.learn(step, learningRate, feed);
        } catch (RuntimeException e) {
            throw OutOfDeviceMemoryException.explained(e, job);
        }
    }

    private boolean validationIsDue() {
        return config.validation().every() > 0
                && step > 0
                && step % config.validation().every() == 0
                && !validated
                && !fewCases.isEmpty();
    }

    /** Scores the few cases and keeps the weights where they are the best yet; returns false where it was stopped. */
    private boolean validateFew() throws IOException {
        Optional<CaseScores> scores = score(fewCases);
        if (scores.isEmpty()) {
            return false;
        }
        boolean isBest = keepBest(scores.get().meanDice());
        validated = true;
        report(scores.get(), isBest);
        return true;
    }

    /**
     * Returns the scores of all cases for the last weights and for the best; empty where it was stopped. The last weights
     * compete for the best on the few cases, as the earlier ones did.
     */
    private Optional<ValidationScores> validateAll() throws IOException {
        Optional<CaseScores> last = score(job.split().validation());
        if (last.isEmpty()) {
            return Optional.empty();
        }
        Set<String> few = new LinkedHashSet<>(fewCases);
        CaseScores ofFew = new CaseScores(last.get().cases().stream()
                .filter(score -> few.contains(score.caseId()))
                .toList());
        boolean isBest = keepBest(ofFew.meanDice());
        report(last.get(), isBest);
        if (isBest) {
            return Optional.of(new ValidationScores(step, last.get(), step, last.get()));
        }
        if (job.team().leads()) {
            ModelFile.load(job.run().best(), network);
        }
        job.team().broadcast(network.parameters());
        int bestStep = best.map(Checkpoint.Best::step).orElse(step);
        return scoreNetwork(job.split().validation())
                .map(scores -> new ValidationScores(step, last.get(), bestStep, scores));
    }

    private Optional<CaseScores> score(List<String> ids) throws IOException {
        try (Learner.Averaged averaged = learner.averaged()) {
            return scoreNetwork(ids);
        }
    }

    private Optional<CaseScores> scoreNetwork(List<String> ids) throws IOException {
        long start = System.nanoTime();
        Optional<CaseScores> scores = validator.score(ids);
        validationSeconds += (System.nanoTime() - start) * NANOS;
        return scores;
    }

    private boolean keepBest(double meanDice) throws IOException {
        boolean isBest = job.team().leads() && (best.isEmpty() || best.get().meanDice() < meanDice);
        if (isBest) {
            try (Learner.Averaged averaged = learner.averaged()) {
                best = Optional.of(bestWeights.keep(network, step, meanDice));
            }
        }
        return job.team().any(isBest);
    }

    private void report(CaseScores scores, boolean isBest) throws IOException {
        SortedMap<Integer, Double> dice = new TreeMap<>();
        for (int cls : scores.classes()) {
            dice.put(cls, Statistics.mean(scores.dice(cls)));
        }
        int cases = scores.cases().size();
        log.validation(new Metrics.Validation(step, cases, dice, scores.meanDice()));
        job.listener().validated(new ValidationEvent(step, cases, dice, scores.meanDice(), isBest));
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
                    "step " + step + " could not be saved: " + e.getMessage()
                            + "; checkpoints saved before are whole. Make room or mend the disk, then resume the run",
                    e);
        }
        job.listener().saved(step, job.run().checkpoint());
    }

    private void write() throws IOException {
        try (Learner.Averaged averaged = learner.averaged()) {
            bestWeights.saveLast(network, step);
        }
        Checkpoint.Position position = new Checkpoint.Position(
                step,
                validated,
                trainSeconds,
                validationSeconds,
                waitSeconds,
                skippedSteps,
                log.sync(),
                learner.lossScale(),
                best);
        new Checkpoints(job.run()).add(new Checkpoint(identity, position), learner.numbers());
    }

    private TrainResult result(boolean interrupted, Optional<ValidationScores> scores) {
        double voxels =
                (double) step * config.samples().batch() * job.plan().patch().voxels();
        return new TrainResult(
                job.run().path(),
                step,
                interrupted,
                trainSeconds,
                validationSeconds,
                trainSeconds == 0 ? 0 : voxels / trainSeconds,
                trainSeconds == 0 ? 0 : waitSeconds / trainSeconds,
                speed.loss(),
                skippedSteps,
                network.parameterCount(),
                scores);
    }
}
