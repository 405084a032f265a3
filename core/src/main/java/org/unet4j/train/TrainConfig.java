package org.unet4j.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.unet4j.augment.Augmentation;
import org.unet4j.augment.Preset;
import org.unet4j.io.Yaml;
import org.unet4j.loss.Loss;
import org.unet4j.model.Layout;
import org.unet4j.model.ModelSpec;
import org.unet4j.prep.Plan;
import org.unet4j.torch.Device;
import org.unet4j.torch.Optimizer;
import org.unet4j.torch.Precision;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;

/**
 * Everything that is chosen about a training run and is not in the plan. Two runs of equal configuration, plan, split and
 * data on the same kind of machine end with the same bits.
 *
 * @param model a name of {@link ModelSpec#names()}
 * @param steps optimizer steps of the run
 * @param seed decides weights, cases, boxes and augmentation
 * @param samples what a step learns from
 * @param loss what is minimised
 * @param deepSupervision whether coarser stages of the decoder are supervised too, down to a quarter of the resolution
 * @param optimization how weights follow gradients
 * @param numerics in which numbers the run computes
 * @param validation how it is scored on its way
 * @param machine what decides how fast it goes, not where to
 */
public record TrainConfig(
        String model,
        int steps,
        long seed,
        Samples samples,
        Loss loss,
        boolean deepSupervision,
        Optimization optimization,
        Numerics numerics,
        Validation validation,
        Machine machine) {

    /**
     * On the hippocampus (compact, same seed, 60 planned steps), the mean loss of steps 24 to 28 was 1.30 with 3e-3 and 1.41
     * with 2e-3. Full runs were not compared yet.
     */
    private static final double LEARNING_RATE = 3e-3;

    /** Divisible by 1 to 22: stands for the batch of a plan that is not known yet, so that no number of parts is refused for it. */
    private static final int BATCH_OF_ANY_PARTS = 232_792_560 * 4;

    /** Stand for those of a plan that is not known yet. */
    private static final Spacing STAND_IN_SPACING = new Spacing(1, 1, 1);

    private static final Shape STAND_IN_PATCH = Shape.cube(64);

    /** Checks every value and that they fit together. */
    public TrainConfig {
        if (!ModelSpec.names().contains(model)) {
            throw new IllegalArgumentException(
                    "model " + model + " is unknown; one of " + String.join(", ", ModelSpec.names()));
        }
        Rules.atLeast("steps", steps, 1);
        Objects.requireNonNull(samples, "samples are missing");
        Objects.requireNonNull(loss, "loss is missing; dice-plus with cross-entropy is usual");
        Objects.requireNonNull(optimization, "optimization is missing");
        Objects.requireNonNull(numerics, "numerics are missing");
        Objects.requireNonNull(validation, "validation is missing");
        Objects.requireNonNull(machine, "machine is missing");
        if (samples.accumulation() > 1 && loss.needsWholeBatch()) {
            throw new IllegalArgumentException("accumulation " + samples.accumulation()
                    + " does not go with a loss over the whole batch, which parts cannot add up: use accumulation 1, or a"
                    + " loss with Dice pooling sample, no top-k and no weights in its cross-entropy");
        }
        if (validation.mirroring()
                && samples.augmentation().mirroring().trainedAxes().isEmpty()) {
            throw new IllegalArgumentException(
                    "validation mirroring does not go with an augmentation without mirroring,"
                            + " which such a network never saw: set samples.augmentation.mirroring.axes, or"
                            + " validation.mirroring false");
        }
    }

    /** Returns whether the batch may be computed in parts. */
    boolean mayAccumulate() {
        return !loss.needsWholeBatch();
    }

    /**
     * Returns what {@code model} is trained with where nobody chooses otherwise: on a CPU a schedule of some minutes, on a
     * GPU one of some hours.
     *
     * <p>Differs from nnU-Net on a CPU: no mirroring. All scans are turned to RAS, so no patient comes mirrored, and a run of minutes pays
     * dearly for learning what it never needs (docs/decisions/0003).
     */
    public static TrainConfig defaults(String model, Plan plan, Device device) {
        return defaults(model, plan.batch(), Augmentation.standard(plan.spacing(), plan.patch()), device);
    }

    private static TrainConfig defaults(String model, int batch, Augmentation standard, Device device) {
        boolean gpu = device.isCuda();
        return new TrainConfig(
                model,
                gpu ? 25_000 : 2_000,
                1,
                new Samples(batch, 1, 0.33, gpu ? standard : standard.withMirroring(List.of())),
                Loss.diceCrossEntropy(),
                false,
                new Optimization(Optimizer.adam(), LEARNING_RATE, 0.05, new Schedule.Cosine(), 0, 12),
                new Numerics(Precision.best(device), Layout.AUTO, !gpu),
                new Validation(gpu ? 1_000 : 200, 8, false),
                new Machine(0, gpu ? 4 : 1, 4, gpu ? 500 : 100, false));
    }

    /**
     * Returns the configuration in a YAML file, which need not be complete: what it leaves out is taken from {@code base}. Where
     * settings of {@code samples.augmentation} stand, there may be the name of a {@link Preset}.
     *
     * @param plan what a preset is for
     * @throws IOException where a key is unknown or a value breaks a rule, naming file and key
     */
    public static TrainConfig read(Path yaml, TrainConfig base, Plan plan) throws IOException {
        return read(yaml, base, plan.spacing(), plan.patch());
    }

    private static TrainConfig read(Path yaml, TrainConfig base, Spacing spacing, Shape patch) throws IOException {
        return Yaml.readOver(
                yaml, base, "samples.augmentation", name -> Preset.named(name).of(spacing, patch));
    }

    /**
     * Checks the keys and values of a YAML file for a run whose plan is not known yet; what they must be for it, {@link #read}
     * checks.
     *
     * @throws IOException where it cannot be read, a key is unknown or a value breaks a rule, naming file and key
     */
    public static void requireValid(Path yaml, String model, Device device) throws IOException {
        Yaml.requireKnownKeys(yaml, TrainConfig.class);
        Augmentation standIn = Augmentation.standard(STAND_IN_SPACING, STAND_IN_PATCH);
        requireValid(yaml, defaults(model, BATCH_OF_ANY_PARTS, standIn, device));
    }

    /** Checks the keys and values of a YAML file over those of a run whose plan was not read yet. */
    public static void requireValid(Path yaml, TrainConfig base) throws IOException {
        read(yaml, base, STAND_IN_SPACING, STAND_IN_PATCH);
    }

    /** Writes all of it as YAML. */
    public void write(Path yaml) throws IOException {
        Yaml.write(yaml, this);
    }

    /** Returns the learning rate of {@code step}, counted from 0. */
    public double learningRate(int step) {
        return optimization.learningRate(step, steps);
    }

    /** Returns this configuration with another network. */
    public TrainConfig withModel(String value) {
        return new TrainConfig(
                value, steps, seed, samples, loss, deepSupervision, optimization, numerics, validation, machine);
    }

    /** Returns this configuration with another length. */
    public TrainConfig withSteps(int value) {
        return new TrainConfig(
                model, value, seed, samples, loss, deepSupervision, optimization, numerics, validation, machine);
    }

    /** Returns this configuration with another seed. */
    public TrainConfig withSeed(long value) {
        return new TrainConfig(
                model, steps, value, samples, loss, deepSupervision, optimization, numerics, validation, machine);
    }

    /** Returns this configuration with other samples. */
    public TrainConfig withSamples(Samples value) {
        return new TrainConfig(
                model, steps, seed, value, loss, deepSupervision, optimization, numerics, validation, machine);
    }

    /** Returns this configuration with another loss. */
    public TrainConfig withLoss(Loss value) {
        return new TrainConfig(
                model, steps, seed, samples, value, deepSupervision, optimization, numerics, validation, machine);
    }

    /** Returns this configuration with coarser stages supervised, or not. */
    public TrainConfig withDeepSupervision(boolean value) {
        return new TrainConfig(model, steps, seed, samples, loss, value, optimization, numerics, validation, machine);
    }

    /** Returns this configuration with another optimization. */
    public TrainConfig withOptimization(Optimization value) {
        return new TrainConfig(
                model, steps, seed, samples, loss, deepSupervision, value, numerics, validation, machine);
    }

    /** Returns this configuration with other numerics. */
    public TrainConfig withNumerics(Numerics value) {
        return new TrainConfig(
                model, steps, seed, samples, loss, deepSupervision, optimization, value, validation, machine);
    }

    /** Returns this configuration with another validation. */
    public TrainConfig withValidation(Validation value) {
        return new TrainConfig(
                model, steps, seed, samples, loss, deepSupervision, optimization, numerics, value, machine);
    }

    /** Returns this configuration for another machine. */
    public TrainConfig withMachine(Machine value) {
        return new TrainConfig(
                model, steps, seed, samples, loss, deepSupervision, optimization, numerics, validation, value);
    }

    /** Returns this configuration with another batch. */
    public TrainConfig withBatch(int value) {
        return withSamples(samples.withBatch(value));
    }

    /** Returns this configuration with the batch computed in {@code value} parts. */
    public TrainConfig withAccumulation(int value) {
        return withSamples(samples.withAccumulation(value));
    }

    /** Returns this configuration with another augmentation. */
    public TrainConfig withAugmentation(Augmentation value) {
        return withSamples(samples.withAugmentation(value));
    }

    /** Returns this configuration with another highest learning rate. */
    public TrainConfig withLearningRate(double value) {
        return withOptimization(optimization.withLearningRate(value));
    }

    /** Returns this configuration with another precision. */
    public TrainConfig withPrecision(Precision value) {
        return withNumerics(numerics.withPrecision(value));
    }

    /** Returns this configuration with another number of computing threads. */
    public TrainConfig withThreads(int value) {
        return withMachine(machine.withThreads(value));
    }

    /** Returns this configuration with a checkpoint every {@code value} steps. */
    public TrainConfig withCheckpointEvery(int value) {
        return withMachine(machine.withCheckpointEvery(value));
    }

    /** Returns this configuration with a validation every {@code value} steps. */
    public TrainConfig withValidateEvery(int value) {
        return withValidation(validation.withEvery(value));
    }
}
