package org.unet4j.train;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.bytedeco.pytorch.Tensor;
import org.unet4j.io.Json;
import org.unet4j.io.Split;
import org.unet4j.model.ModelSpec;
import org.unet4j.model.Safetensors;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;

/**
 * Everything that training goes on from, in one safetensors file: weights, the optimizer's state and, as metadata, what the run
 * is and how far it is. The file is there whole or not at all, and all of it is under a checksum: the values under the file's
 * own, what the rest says under one of this class. There is no state of a random generator: draws follow from the seed and the
 * number of the sample.
 *
 * @param identity what the run is
 * @param position how far it is
 */
record Checkpoint(Identity identity, Position position) {

    private static final String FORMAT = "unet4j-checkpoint-2";
    private static final String WEIGHTS = "weights/";
    private static final String OPTIMIZER = "optimizer/";
    private static final String AVERAGE = "average/";
    private static final String CHECKSUM = "unet4j.crc32c";

    /**
     * What must be the same for a run to go on.
     *
     * @param config how it trains
     * @param model what it trains
     * @param plan hash of the plan
     * @param data hash of the prepared cases of the split
     * @param split the cases it trains and is scored on
     * @param init hash of the weights it began from; absent where they were drawn from the seed
     */
    record Identity(TrainConfig config, ModelSpec model, String plan, String data, Split split, Optional<String> init) {

        /**
         * Returns what differs, in words; nothing where a run of this identity may go on as {@code other}. Its length is not
         * compared: a run may be extended.
         */
        List<String> differences(Identity other) {
            TrainConfig same = other.config.withMachine(config.machine()).withSteps(config.steps());
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
            if (!init.equals(other.init)) {
                found.add("the run began from " + words(init) + ", and its init.json now says " + words(other.init));
            }
            return found;
        }

        private static String words(Optional<String> init) {
            return init.map(hash -> "weights with the hash " + hash).orElse("weights drawn from its seed");
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
     * @param skippedSteps that left the weights as they were
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
     * @param average the average of the weights; empty where none is kept
     */
    record Numbers(
            SortedMap<String, Tensor> weights, SortedMap<String, Tensor> optimizer, SortedMap<String, Tensor> average) {

        /** Returns all of them, in one order for the same run. */
        Stream<Tensor> all() {
            return Stream.of(weights, optimizer, average).flatMap(some -> some.values().stream());
        }
    }

    /** Replaces {@code file} by this checkpoint. */
    void write(Path file, Numbers numbers) throws IOException {
        SortedMap<String, Tensor> tensors = new TreeMap<>();
        numbers.weights().forEach((name, tensor) -> tensors.put(WEIGHTS + name, tensor));
        numbers.optimizer().forEach((name, tensor) -> tensors.put(OPTIMIZER + name, tensor));
        numbers.average().forEach((name, tensor) -> tensors.put(AVERAGE + name, tensor));
        SortedMap<String, String> texts = new TreeMap<>(
                Map.of("format", FORMAT, "identity", Json.line(identity), "position", Json.line(position)));
        texts.put(CHECKSUM, checksum(texts, tensors));
        Safetensors.write(file, tensors, texts);
    }

    /**
     * Returns the checkpoint in {@code file} without its numbers, all of which were read and checked.
     *
     * @throws IOException if it is none, or damaged
     */
    static Checkpoint read(Path file) throws IOException {
        SortedMap<String, String> texts = Safetensors.metadata(file);
        if (!FORMAT.equals(texts.get("format"))) {
            throw new IOException("[" + file.getFileName() + "] is no checkpoint of this version: format is "
                    + texts.get("format") + ", not " + FORMAT);
        }
        String written = String.valueOf(texts.remove(CHECKSUM));
        try (Scope scope = new Scope()) {
            String found = checksum(texts, Safetensors.read(file));
            if (!found.equals(written)) {
                throw new IOException("[" + file.getFileName() + "] is damaged: what it says has the checksum " + found
                        + ", what was written had " + written);
            }
        }
        return new Checkpoint(
                Json.parse(file, texts.get("identity"), Identity.class),
                Json.parse(file, texts.get("position"), Position.class));
    }

    /**
     * Checks that the run of this checkpoint may go on as {@code wanted}.
     *
     * @param folder of the run, for messages
     * @throws IOException if it differs, naming what, or is to be shorter than it is already
     */
    void requireSame(Path folder, Identity wanted) throws IOException {
        List<String> differences = identity.differences(wanted);
        if (!differences.isEmpty()) {
            throw new IOException(
                    "[" + folder + "] holds a run that differs: " + String.join("; ", differences)
                            + ". Resume with the run's own configuration, plan and split, or start a new run in another folder");
        }
        if (wanted.config().steps() < position.step()) {
            throw new IOException("[" + folder + "] holds a run that has done " + position.step()
                    + " steps; it cannot end after " + wanted.config().steps() + ": give as many or more");
        }
    }

    /** Returns a checksum of everything in the file but the tensors' values. */
    private static String checksum(SortedMap<String, String> texts, SortedMap<String, Tensor> tensors) {
        StringBuilder all = new StringBuilder();
        texts.forEach((key, text) -> all.append(key).append(' ').append(text).append('\n'));
        tensors.forEach((name, tensor) -> all.append(name)
                .append(' ')
                .append(tensor.scalar_type().intern())
                .append(Arrays.toString(Tensors.shape(tensor)))
                .append('\n'));
        CRC32C checksum = new CRC32C();
        checksum.update(all.toString().getBytes(StandardCharsets.UTF_8));
        return "%08x".formatted(checksum.getValue());
    }

    /** Returns the numbers of the checkpoint in {@code file}; they belong to the open scope. */
    static Numbers readNumbers(Path file) throws IOException {
        SortedMap<String, Tensor> tensors = Safetensors.read(file);
        return new Numbers(under(WEIGHTS, tensors), under(OPTIMIZER, tensors), under(AVERAGE, tensors));
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
