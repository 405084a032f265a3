package org.unet4j.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;
import org.unet4j.io.Json;
import org.unet4j.io.Split;
import org.unet4j.model.ModelSpec;
import org.unet4j.model.Safetensors;

/**
 * Everything that training goes on from, in one safetensors file: weights, the optimizer's moments and, as metadata, what the run is
 * and how far it is. One file appears under its name by one rename, so a crash at any moment leaves the old checkpoint or
 * the new one, whole. There is no state of a random generator: draws follow from the seed and the number of the sample.
 *
 * @param identity what the run is
 * @param position how far it is
 */
record Checkpoint(Identity identity, Position position) {

    private static final String FORMAT = "unet4j-checkpoint-1";
    private static final String WEIGHTS = "weights/";
    private static final String OPTIMIZER = "optimizer/";

    /**
     * What must be the same for a run to go on.
     *
     * @param config how it trains
     * @param model what it trains
     * @param plan hash of the plan
     * @param data hash of the prepared cases of the split
     * @param split the cases it trains and is scored on
     */
    record Identity(TrainConfig config, ModelSpec model, String plan, String data, Split split) {

        /** Returns what differs, in words; nothing where a run of this identity may go on as {@code other}. */
        List<String> differences(Identity other) {
            TrainConfig same = other.config.withMachine(config.machine());
            List<String> found = new ArrayList<>(Differences.between(config, same));
            if (!model.equals(other.model)) {
                found.add("the network was " + model + " and is now " + other.model);
            }
            if (!plan.equals(other.plan)) {
                found.add("the plan had the hash " + plan + " and has now " + other.plan);
            }
            if (split.equals(other.split) && plan.equals(other.plan) && !data.equals(other.data)) {
                found.add("the prepared cases are others than the run began with: scans or labels were changed since");
            }
            if (!split.equals(other.split)) {
                found.add("the split had " + split.training().size() + " training and "
                        + split.validation().size() + " validation cases and has now "
                        + other.split.training().size() + " and "
                        + other.split.validation().size() + ", or names others");
            }
            return found;
        }
    }

    /**
     * How far a run is.
     *
     * @param step steps done
     * @param validated whether the validation that is due after that step is done
     * @param trainSeconds spent in steps
     * @param validationSeconds spent in validation
     * @param waitSeconds spent waiting for data
     * @param skippedSteps whose scaled gradients overflowed
     * @param metricsBytes length of the curves' file
     * @param lossScale of the gradient scaler, and how many steps it grew for; absent where gradients are not scaled
     * @param best the highest validation so far
     */
    record Position(
            int step,
            boolean validated,
            double trainSeconds,
            double validationSeconds,
            double waitSeconds,
            int skippedSteps,
            long metricsBytes,
            Optional<LossScale> lossScale,
            Optional<Best> best) {

        /** Returns the position of a run that has not begun. */
        static Position start() {
            return new Position(0, false, 0, 0, 0, 0, 0, Optional.empty(), Optional.empty());
        }
    }

    /** The state of a gradient scaler. */
    record LossScale(double scale, int growth) {}

    /** The validation that scored highest. */
    record Best(int step, double meanDice) {}

    /**
     * The numbers of a checkpoint.
     *
     * @param weights of the network by name
     * @param optimizer its state by name
     */
    record Numbers(SortedMap<String, Tensor> weights, SortedMap<String, Tensor> optimizer) {}

    /** Replaces {@code file} by this checkpoint. */
    void write(Path file, Numbers numbers) throws IOException {
        SortedMap<String, Tensor> tensors = new TreeMap<>();
        numbers.weights().forEach((name, tensor) -> tensors.put(WEIGHTS + name, tensor));
        numbers.optimizer().forEach((name, tensor) -> tensors.put(OPTIMIZER + name, tensor));
        Safetensors.write(
                file,
                tensors,
                Map.of("format", FORMAT, "identity", Json.line(identity), "position", Json.line(position)));
    }

    /**
     * Returns the checkpoint in {@code file} without its numbers.
     *
     * @throws IOException if it is none, or is that of a run that differs from {@code expected}, naming what differs
     */
    static Checkpoint read(Path file, Identity expected) throws IOException {
        Map<String, String> metadata = Safetensors.metadata(file);
        if (!FORMAT.equals(metadata.get("format"))) {
            throw new IOException("[" + file + "] is no checkpoint of this version: format is " + metadata.get("format")
                    + ", not " + FORMAT + "; start a new run in another folder");
        }
        Identity identity = Json.parse(file, metadata.get("identity"), Identity.class);
        List<String> differences = identity.differences(expected);
        if (!differences.isEmpty()) {
            throw new IOException("[" + file + "] belongs to a run that differs: " + String.join("; ", differences)
                    + ". Resume with the run's own configuration, plan and split, or start a new run in another folder"
                    + (identity.config().steps() == expected.config().steps()
                            ? ""
                            : " (a run's length fixes its learning rates, so it cannot be extended)"));
        }
        return new Checkpoint(identity, Json.parse(file, metadata.get("position"), Position.class));
    }

    /** Returns the numbers of the checkpoint in {@code file}; they belong to the open scope. */
    static Numbers readNumbers(Path file) throws IOException {
        SortedMap<String, Tensor> tensors = Safetensors.read(file);
        return new Numbers(under(WEIGHTS, tensors), under(OPTIMIZER, tensors));
    }

    private static SortedMap<String, Tensor> under(String prefix, SortedMap<String, Tensor> tensors) {
        SortedMap<String, Tensor> found = new TreeMap<>();
        tensors.forEach((name, tensor) -> {
            if (name.startsWith(prefix)) {
                found.put(name.substring(prefix.length()), tensor);
            }
        });
        return found;
    }
}
