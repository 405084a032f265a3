package org.unet4j.train;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.unet4j.model.BatchGradient;
import org.unet4j.model.Network;
import org.unet4j.ranks.GradientReducer;
import org.unet4j.torch.Descent;
import org.unet4j.torch.GradScaler;
import org.unet4j.torch.Gradients;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;
import org.unet4j.torch.WeightAverage;

/** Takes optimizer steps: augmentation, forward, loss, backward, clipping, optimizer, all on the device. */
final class Learner implements AutoCloseable {

    /** After so many overflows in a row the scale has fallen by a factor of a million: it is not the scale's fault. */
    private static final int MOST_SKIPPED = 20;

    private final Job job;
    private final TrainConfig config;
    private final Network network;
    private final SortedMap<String, Tensor> parameters;
    private final Descent descent;
    private final BatchGradient gradient;
    private final Objective objective;
    private final Optional<GradScaler> scaler;
    private final Optional<WeightAverage> average;
    private final Optional<GradientReducer> reducer;
    private final BatchGradient.Sharing sharing;
    private int skippedInARow;

    /**
     * What a step gave.
     *
     * @param lossOfParts mean over each part of the batch
     * @param gradientNorm before clipping; NaN where it was not computed
     * @param overflowed whether the weights stayed because scaled gradients overflowed
     */
    record Outcome(List<Double> lossOfParts, double gradientNorm, boolean overflowed) {

        /** Returns the loss, mean over the batch. */
        double loss() {
            double sum = 0;
            for (double loss : lossOfParts) {
                sum += loss / lossOfParts.size();
            }
            return sum;
        }

        /** Returns whether the weights stayed because loss or gradient were not finite, which no scale was to blame for. */
        boolean notFinite() {
            return !overflowed && !(Double.isFinite(loss()) && Double.isFinite(gradientNorm));
        }

        /** Returns whether the weights stayed. */
        boolean skipped() {
            return overflowed || notFinite();
        }
    }

    Learner(Job job, Network network) {
        this.job = job;
        this.network = network;
        config = job.config();
        parameters = network.state();
        objective = Objective.of(config, job.team());
        descent = config.optimization().optimizer().over(parameters);
        gradient = new BatchGradient(
                network,
                job.device(),
                config.numerics().precision(),
                config.machine().recompute());
        scaler = config.numerics().precision().scalesGradients()
                ? Optional.of(new GradScaler(job.device()))
                : Optional.empty();
        double kept = config.optimization().average();
        average = kept > 0 ? Optional.of(new WeightAverage(parameters, kept)) : Optional.empty();
        reducer = job.team().peers().map(peers -> new GradientReducer(peers, network.parametersAsUsed()));
        sharing = reducer.map(Learner::sharing).orElse(BatchGradient.Sharing.NONE);
    }

    private static BatchGradient.Sharing sharing(GradientReducer reducer) {
        return new BatchGradient.Sharing() {
            @Override
            public void during(Runnable pass) {
                reducer.during(pass);
            }

            @Override
            public void after() {
                reducer.after();
            }
        };
    }

    /**
     * Takes step {@code step}, counted from 0. Where loss or gradient are not finite, weights, moments and scale stay as they were.
     * The device decides that by itself; it is waited for once, at the end, for the numbers that are logged.
     *
     * @throws DivergedException where scaled gradients overflow again and again
     */
    Outcome learn(int step, double learningRate, Feed<HostBatch> feed) throws IOException {
        try (Scope scope = new Scope()) {
            Tensor losses = losses(feed);
            Tensor lossFinite = torch.isfinite(losses).all();
            Tensor overflow = scaler.map(s -> s.unscale(parameters.values()))
                    .orElseGet(() -> Tensors.zeros(new long[0], ScalarType.Float, job.device()));
            Tensor norm =
                    Gradients.clip(parameters.values(), config.optimization().gradientClip());
            Tensor skip =
                    lossFinite.logical_and(torch.isfinite(norm)).logical_not().to(ScalarType.Float);
            descent.step(learningRate, skip);
            average.ifPresent(a -> a.update(skip));
            scaler.ifPresent(s -> s.update(lossFinite));
            Gradients.drop(parameters.values());
            Outcome outcome = read(losses, norm, overflow);
            skippedInARow = outcome.overflowed() ? skippedInARow + 1 : 0;
            if (skippedInARow == MOST_SKIPPED) {
                throw new DivergedException("step " + (step + 1) + ": the gradient of the last " + MOST_SKIPPED
                        + " steps is not finite. " + DivergedException.advice(job));
            }
            return outcome;
        }
    }

    /** Adds up the gradients of the batch; returns the loss of each of its parts, those of other processes too. */
    private Tensor losses(Feed<HostBatch> feed) throws IOException {
        int parts = config.samples().accumulation();
        int first = job.team().rank() * parts;
        Tensor none = Tensors.zeros(new long[0], ScalarType.Double, job.device());
        TensorVector losses = new TensorVector();
        for (int part = 0; part < job.partsAStep(); part++) {
            boolean mine = part >= first && part < first + parts;
            losses.push_back(mine ? backward(feed, part == first + parts - 1) : none);
        }
        return job.team().sum(torch.stack(losses, 0));
    }

    /** Returns the loss of the next part of the batch, its share of the gradient being added up. */
    private Tensor backward(Feed<HostBatch> feed, boolean last) throws IOException {
        try (Scope scope = new Scope()) {
            BatchGradient.Sharing shared = last ? sharing : BatchGradient.Sharing.NONE;
            HostBatch samples = feed.take();
            Tensor loss = gradient.add(new AugmentedPart(samples, job), objective, this::scaled, shared);
            samples.drop();
            feed.release();
            return scope.keep(loss.to(ScalarType.Double));
        }
    }

    /** Waits for the device and returns what the step gave. */
    private static Outcome read(Tensor losses, Tensor norm, Tensor overflow) {
        TensorVector both = new TensorVector(
                norm.to(ScalarType.Double).view(1),
                overflow.to(ScalarType.Double).view(1),
                losses);
        double[] numbers = Tensors.toDoubles(torch.cat(both, 0));
        List<Double> parts = Arrays.stream(numbers).skip(2).boxed().toList();
        boolean lossFinite = parts.stream().allMatch(Double::isFinite);
        boolean overflowed = lossFinite && numbers[1] > 0;
        return new Outcome(parts, lossFinite && !overflowed ? numbers[0] : Double.NaN, overflowed);
    }

    /** Returns the share of {@code loss} in the step's, times the scale of the gradients. */
    private Tensor scaled(Tensor loss) {
        Tensor share = loss.mul(new Scalar(1.0 / config.samples().accumulation()));
        return scaler.isPresent() ? scaler.get().scale(share) : share;
    }

    /** Sets the numbers to those of a checkpoint. */
    void restore(Checkpoint.Numbers numbers) {
        network.load(numbers.weights());
        descent.load(numbers.optimizer());
        average.ifPresent(a -> a.load(numbers.average()));
    }

    /** Sets the gradient scaler to where a checkpoint left it. */
    void restoreScale(Checkpoint.Position position) {
        position.lossScale().ifPresent(state -> scaler.orElseThrow().load(state.scale(), state.growth()));
    }

    Optional<Checkpoint.LossScale> lossScale() {
        return scaler.map(s -> new Checkpoint.LossScale(s.scale(), s.growth()));
    }

    Checkpoint.Numbers numbers() {
        return new Checkpoint.Numbers(
                network.state(),
                descent.state(),
                average.map(WeightAverage::state).orElseGet(TreeMap::new));
    }

    /** Sets all numbers to those of the leader. */
    void followLeader() {
        job.team().broadcast(numbers().all().toList());
    }

    /** Puts the average of the weights, where there is one, into the network until the result is closed. */
    Averaged averaged() {
        Optional<WeightAverage.Exchange> exchange = average.map(WeightAverage::exchange);
        return () -> exchange.ifPresent(WeightAverage.Exchange::close);
    }

    /** The time in which a network holds the weights that are scored and saved for prediction. */
    interface Averaged extends AutoCloseable {
        @Override
        void close();
    }

    @Override
    public void close() {
        average.ifPresent(WeightAverage::close);
        reducer.ifPresent(GradientReducer::close);
        gradient.close();
        descent.close();
        scaler.ifPresent(GradScaler::close);
    }
}
