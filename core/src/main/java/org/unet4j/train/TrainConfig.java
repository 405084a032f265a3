package org.unet4j.train;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.unet4j.augment.Augmentation;
import org.unet4j.io.Yaml;
import org.unet4j.loss.Dice;
import org.unet4j.loss.DiceCrossEntropy;
import org.unet4j.loss.Loss;
import org.unet4j.model.ModelSpec;
import org.unet4j.prep.Plan;
import org.unet4j.torch.Device;
import org.unet4j.torch.Precision;

/**
 * Everything that is chosen about a training run and is not in the plan. Two runs of equal configuration, plan, split and
 * data on the same kind of machine end with the same bits.
 *
 * @param model a name of {@link ModelSpec#names()}
 * @param steps optimizer steps of the run
 * @param batch samples of an optimizer step
 * @param accumulation in how many parts the batch is computed, one after the other; divides it. More parts need less memory
 *     and give the same gradient
 * @param learningRate Adam's, at its highest
 * @param weightDecay of kernels, decoupled from the gradient as in AdamW; 0 for none
 * @param warmup share of the steps over which the learning rate rises to its highest
 * @param schedule how it falls from there
 * @param loss what is minimised
 * @param gradientClip the norm that all gradients together are scaled down to where they exceed it; nnU-Net uses 12
 * @param precision of convolutions
 * @param foregroundShare share of the samples that are cut around a voxel of a foreground class; nnU-Net uses 0.33
 * @param seed decides weights, cases, boxes and augmentation
 * @param validateEvery steps between two validations on a few cases, which choose the best checkpoint; 0 for none before the
 *     end
 * @param validationCases how many cases those validations score, spread evenly over the validation cases; the end of the
 *     run scores all of them
 * @param validationMirroring whether validation averages over copies mirrored along the axes of {@code augmentation}, which takes
 *     up to eight times as long
 * @param checkpointEvery steps between two checkpoints
 * @param augmentation what is done to every sample
 * @param threads that compute, 0 for one a physical core
 * @param prefetchThreads that cut samples while the device computes
 * @param prefetchDepth how many parts of batches may be ready ahead
 * @param deterministic whether the same seed gives the same bits; costs nothing on a CPU and some speed on a GPU
 */
public record TrainConfig(
        String model,
        int steps,
        int batch,
        int accumulation,
        double learningRate,
        double weightDecay,
        double warmup,
        Schedule schedule,
        Loss loss,
        double gradientClip,
        Precision precision,
        double foregroundShare,
        long seed,
        int validateEvery,
        int validationCases,
        boolean validationMirroring,
        int checkpointEvery,
        Augmentation augmentation,
        int threads,
        int prefetchThreads,
        int prefetchDepth,
        boolean deterministic) {

    /**
     * On the hippocampus (compact, same seed, 60 planned steps), the mean loss of steps 24 to 28 was 1.30 with 3e-3 and 1.41
     * with 2e-3. Full runs were not compared yet.
     */
    private static final double LEARNING_RATE = 3e-3;

    /** Checks every value. */
    public TrainConfig {
        if (!ModelSpec.names().contains(model)) {
            throw new IllegalArgumentException(
                    "model " + model + " is unknown; one of " + String.join(", ", ModelSpec.names()));
        }
        atLeast("steps", steps, 1);
        atLeast("batch", batch, 1);
        atLeast("accumulation", accumulation, 1);
        if (batch % accumulation != 0) {
            throw new IllegalArgumentException("accumulation " + accumulation + " must divide the batch of " + batch
                    + ": parts of one size give the gradient of the whole");
        }
        if (!(learningRate > 0 && learningRate <= 1)) {
            throw new IllegalArgumentException(
                    "learningRate " + learningRate + " must be above 0 and at most 1; 0.001 is usual for Adam");
        }
        inUnit("weightDecay", weightDecay);
        if (!(warmup >= 0 && warmup < 1)) {
            throw new IllegalArgumentException(
                    "warmup " + warmup + " must be at least 0 and less than 1: it is a share of the steps");
        }
        Objects.requireNonNull(schedule, "schedule is missing; one of cosine, polynomial, constant");
        Objects.requireNonNull(loss, "loss is missing; dice-cross-entropy is usual");
        if (accumulation > 1 && poolsOverBatch(loss)) {
            throw new IllegalArgumentException(
                    "accumulation " + accumulation + " does not go with a Dice over the batch,"
                            + " which parts cannot add up: use accumulation 1, or Dice pooling sample");
        }
        if (!(gradientClip > 0)) {
            throw new IllegalArgumentException(
                    "gradientClip " + gradientClip + " must be positive; 12 is usual, .inf clips nothing");
        }
        Objects.requireNonNull(precision, "precision is missing; one of FP32, TF32, BF16, FP16");
        inUnit("foregroundShare", foregroundShare);
        atLeast("validateEvery", validateEvery, 0);
        atLeast("validationCases", validationCases, 1);
        atLeast("checkpointEvery", checkpointEvery, 1);
        Objects.requireNonNull(augmentation, "augmentation is missing");
        if (validationMirroring && augmentation.mirroring().trainedAxes().isEmpty()) {
            throw new IllegalArgumentException("validationMirroring does not go with an augmentation without mirroring,"
                    + " which such a network never saw: set augmentation.mirroring.axes, or validationMirroring false");
        }
        atLeast("threads", threads, 0);
        atLeast("prefetchThreads", prefetchThreads, 1);
        atLeast("prefetchDepth", prefetchDepth, 2);
    }

    private static boolean poolsOverBatch(Loss loss) {
        if (loss instanceof DiceCrossEntropy sum) {
            return sum.dice().pooling() == Dice.Pooling.BATCH;
        }
        return loss instanceof Dice dice && dice.pooling() == Dice.Pooling.BATCH;
    }

    private static void atLeast(String name, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " " + value + " must be at least " + least);
        }
    }

    private static void inUnit(String name, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(name + " " + value + " must be in [0, 1]");
        }
    }

    /**
     * Returns what {@code model} is trained with where nobody chooses otherwise: on a CPU a schedule of some minutes, on a
     * GPU one of some hours.
     *
     * <p>Differs from nnU-Net on a CPU: no mirroring. All scans are turned to RAS, so no patient comes mirrored, and a run of minutes pays
     * dearly for learning what it never needs (docs/decisions/0003).
     */
    public static TrainConfig defaults(String model, Plan plan, Device device) {
        boolean gpu = device.isCuda();
        Augmentation standard = Augmentation.standard(plan.spacing(), plan.patch());
        return new TrainConfig(
                model,
                gpu ? 25_000 : 2_000,
                plan.batch(),
                1,
                LEARNING_RATE,
                0,
                0.05,
                new Schedule.Cosine(),
                Loss.diceCrossEntropy(),
                12,
                Precision.best(device),
                0.33,
                1,
                gpu ? 1_000 : 200,
                8,
                false,
                gpu ? 500 : 100,
                gpu ? standard : standard.withMirroring(List.of()),
                0,
                gpu ? 4 : 1,
                4,
                !gpu);
    }

    /**
     * Returns the configuration in a YAML file, which need not be complete: what it leaves out is taken from {@code base}.
     *
     * @throws IOException where a key is unknown or a value breaks a rule, naming file and key
     */
    public static TrainConfig read(Path yaml, TrainConfig base) throws IOException {
        return Yaml.readOver(yaml, base);
    }

    /**
     * Checks that a YAML file has only keys of a configuration. Its values can be checked when the plan is there: {@link #read}.
     *
     * @throws IOException where it cannot be read or a key is unknown, naming file and key
     */
    public static void requireKnownKeys(Path yaml) throws IOException {
        Yaml.requireKnownKeys(yaml, TrainConfig.class);
    }

    /** Writes all of it as YAML. */
    public void write(Path yaml) throws IOException {
        Yaml.write(yaml, this);
    }

    /** Returns the steps of warm-up. */
    public int warmupSteps() {
        return (int) Math.round(warmup * steps);
    }

    /** Returns the learning rate of {@code step}, counted from 0. */
    public double learningRate(int step) {
        return learningRate * schedule.factor(step, warmupSteps(), steps);
    }

    /** Returns this configuration with another network. */
    public TrainConfig withModel(String value) {
        return with("model", value);
    }

    /** Returns this configuration with another length. */
    public TrainConfig withSteps(int value) {
        return with("steps", value);
    }

    /** Returns this configuration with another batch. */
    public TrainConfig withBatch(int value) {
        return with("batch", value);
    }

    /** Returns this configuration with the batch computed in {@code value} parts. */
    public TrainConfig withAccumulation(int value) {
        return with("accumulation", value);
    }

    /** Returns this configuration with another highest learning rate. */
    public TrainConfig withLearningRate(double value) {
        return with("learningRate", value);
    }

    /** Returns this configuration with another weight decay. */
    public TrainConfig withWeightDecay(double value) {
        return with("weightDecay", value);
    }

    /** Returns this configuration with another share of warm-up. */
    public TrainConfig withWarmup(double value) {
        return with("warmup", value);
    }

    /** Returns this configuration with another schedule. */
    public TrainConfig withSchedule(Schedule value) {
        return with("schedule", value);
    }

    /** Returns this configuration with another loss. */
    public TrainConfig withLoss(Loss value) {
        return with("loss", value);
    }

    /** Returns this configuration with another gradient norm. */
    public TrainConfig withGradientClip(double value) {
        return with("gradientClip", value);
    }

    /** Returns this configuration with another precision. */
    public TrainConfig withPrecision(Precision value) {
        return with("precision", value);
    }

    /** Returns this configuration with another share of foreground. */
    public TrainConfig withForegroundShare(double value) {
        return with("foregroundShare", value);
    }

    /** Returns this configuration with another seed. */
    public TrainConfig withSeed(long value) {
        return with("seed", value);
    }

    /** Returns this configuration with a validation every {@code value} steps. */
    public TrainConfig withValidateEvery(int value) {
        return with("validateEvery", value);
    }

    /** Returns this configuration with another number of cases in intermediate validations. */
    public TrainConfig withValidationCases(int value) {
        return with("validationCases", value);
    }

    /** Returns this configuration with a checkpoint every {@code value} steps. */
    public TrainConfig withCheckpointEvery(int value) {
        return with("checkpointEvery", value);
    }

    /** Returns this configuration with another augmentation. */
    public TrainConfig withAugmentation(Augmentation value) {
        return with("augmentation", value);
    }

    /** Returns this configuration with another number of computing threads. */
    public TrainConfig withThreads(int value) {
        return with("threads", value);
    }

    /** Returns this configuration with validation with or without mirrored copies. */
    public TrainConfig withValidationMirroring(boolean value) {
        return with("validationMirroring", value);
    }

    /** Returns this configuration, deterministic or not. */
    public TrainConfig withDeterministic(boolean value) {
        return with("deterministic", value);
    }

    /** Returns this configuration with {@code newThreads} threads that keep {@code newDepth} parts of batches ready. */
    public TrainConfig withPrefetch(int newThreads, int newDepth) {
        return with("prefetchThreads", newThreads).with("prefetchDepth", newDepth);
    }

    /** Returns a copy with one component replaced: two dozen constructor calls of two dozen arguments would hide a slip. */
    private TrainConfig with(String name, Object value) {
        RecordComponent[] components = TrainConfig.class.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        Object[] values = new Object[components.length];
        boolean found = false;
        try {
            for (int i = 0; i < components.length; i++) {
                boolean replaced = components[i].getName().equals(name);
                found |= replaced;
                types[i] = components[i].getType();
                values[i] = replaced ? value : components[i].getAccessor().invoke(this);
            }
            if (!found) {
                throw new IllegalStateException("a configuration has no component " + name);
            }
            return TrainConfig.class.getDeclaredConstructor(types).newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException broken) {
                throw broken; // the compact constructor's own message
            }
            throw new IllegalStateException(e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
