package org.unet4j.train;

import java.io.IOException;
import java.util.Optional;
import java.util.SortedMap;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.unet4j.augment.Batch;
import org.unet4j.model.BatchGradient;
import org.unet4j.model.Network;
import org.unet4j.torch.Adam;
import org.unet4j.torch.GradScaler;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;

/** Takes optimizer steps: augmentation, forward, loss, backward, clipping, Adam, all on the device. */
final class Learner implements AutoCloseable {

    /** After so many overflows in a row the scale has fallen by a factor of a million: it is not the scale's fault. */
    private static final int MOST_SKIPPED = 20;

    private final Job job;
    private final TrainConfig config;
    private final Network network;
    private final SortedMap<String, Tensor> parameters;
    private final Adam adam;
    private final BatchGradient gradient;
    private final Optional<GradScaler> scaler;
    private int skippedInARow;

    /**
     * What a step gave.
     *
     * @param loss mean over the batch
     * @param gradientNorm before clipping
     * @param skipped whether the weights stayed because scaled gradients overflowed
     */
    record Outcome(double loss, double gradientNorm, boolean skipped) {}

    Learner(Job job, Network network) {
        this.job = job;
        this.network = network;
        config = job.config();
        parameters = network.state();
        adam = new Adam(parameters, config.optimization().weightDecay());
        gradient = new BatchGradient(network, job.device(), config.numerics().precision());
        scaler = config.numerics().precision().scalesGradients()
                ? Optional.of(new GradScaler(job.device()))
                : Optional.empty();
    }

    /**
     * Takes step {@code step}, counted from 0.
     *
     * @throws DivergedException where loss or gradient are not finite; the weights stay as they were
     */
    Outcome learn(int step, double learningRate, Feed<HostBatch> feed) throws IOException {
        try (Scope scope = new Scope()) {
            double loss = 0;
            for (int part = 0; part < config.samples().accumulation(); part++) {
                loss += backward(feed) / config.samples().accumulation();
            }
            if (scaler.isEmpty()) {
                requireFinite(step, "loss", loss);
            }
            boolean overflow = scaler.isPresent() && scaler.get().unscale(parameters.values());
            double norm = Double.NaN;
            if (!overflow) {
                norm = adam.clipGradients(config.optimization().gradientClip());
                requireFinite(step, "gradient", norm);
                adam.step(learningRate);
            }
            scaler.ifPresent(GradScaler::update);
            adam.zeroGradients();
            skippedInARow = overflow ? skippedInARow + 1 : 0;
            if (skippedInARow == MOST_SKIPPED) {
                requireFinite(step, "gradient of the last " + MOST_SKIPPED + " steps", Double.NaN);
            }
            return new Outcome(loss, norm, overflow);
        }
    }

    /** Returns the loss of the next part of the batch, its share of the gradient being added up. */
    private double backward(Feed<HostBatch> feed) throws IOException {
        try (Scope scope = new Scope()) {
            HostBatch host = feed.take();
            Batch batch = config.samples()
                    .augmentation()
                    .apply(host.to(job.device()), job.plan().patch(), host.seeds());
            Tensor targetNDHW = Tensors.to(batch.targetNDHW(), job.device(), ScalarType.Long);
            Tensor loss = gradient.add(
                    batch.imageNCDHW(), logitsNCDHW -> config.loss().of(logitsNCDHW, targetNDHW), this::scaled);
            double value = loss.item_float();
            feed.release(); // reading the loss waited for the device: the memory of the samples is free again
            return value;
        }
    }

    /** Returns the share of {@code loss} in the step's, times the scale of the gradients. */
    private Tensor scaled(Tensor loss) {
        Tensor share = loss.mul(new Scalar(1.0 / config.samples().accumulation()));
        return scaler.isPresent() ? scaler.get().scale(share) : share;
    }

    private void requireFinite(int step, String what, double value) {
        if (!Double.isFinite(value)) {
            throw new DivergedException("step " + (step + 1) + ": the " + what + " is not finite (" + value
                    + "). Try a learningRate below " + config.optimization().learningRate() + ", a longer warmup than "
                    + config.optimization().warmup() + ", or precision fp32; the last checkpoint in ["
                    + job.run().path() + "] stays");
        }
    }

    /** Goes on from a checkpoint. */
    void restore(Checkpoint.Position position, Checkpoint.Numbers numbers) {
        network.load(numbers.weights());
        adam.load(numbers.optimizer());
        position.lossScale().ifPresent(state -> scaler.orElseThrow().load(state.scale(), state.growth()));
    }

    Optional<Checkpoint.LossScale> lossScale() {
        return scaler.map(s -> new Checkpoint.LossScale(s.scale(), s.growth()));
    }

    Checkpoint.Numbers numbers() {
        return new Checkpoint.Numbers(network.state(), adam.state());
    }

    @Override
    public void close() {
        gradient.close();
        adam.close();
        scaler.ifPresent(GradScaler::close);
    }
}
