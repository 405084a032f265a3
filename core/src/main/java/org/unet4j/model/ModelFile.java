package org.unet4j.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.bytedeco.pytorch.Tensor;
import org.unet4j.io.Json;
import org.unet4j.io.Yaml;
import org.unet4j.prep.Plan;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;

/**
 * A network on disk: its weights as safetensors, which also say what network they are of; and its spec as YAML, for people.
 */
public final class ModelFile {

    private static final String SPEC = "unet4j.model";
    private static final String PLAN = "unet4j.plan";

    private ModelFile() {}

    /**
     * Writes the weights of {@code network}, which was built from {@code spec}, without those of auxiliary heads, which prediction does
     * not need. The file appears whole or not at all.
     *
     * @throws IOException if it cannot be written
     */
    public static void save(Path safetensors, Network network, ModelSpec spec) throws IOException {
        Safetensors.write(safetensors, network.predictionState(), Map.of(SPEC, Json.line(spec)));
    }

    /**
     * Writes the weights of {@code network} as {@link #save(Path, Network, ModelSpec)} does, and the hash of the plan by which
     * its scans were prepared, so that another plan beside them is noticed.
     */
    public static void save(Path safetensors, Network network, ModelSpec spec, Plan plan) throws IOException {
        save(safetensors, network, spec, plan, Map.of());
    }

    /** Writes the weights as {@link #save(Path, Network, ModelSpec, Plan)} does, and {@code more} texts beside them. */
    public static void save(Path safetensors, Network network, ModelSpec spec, Plan plan, Map<String, String> more)
            throws IOException {
        Map<String, String> texts = new HashMap<>(more);
        texts.put(SPEC, Json.line(spec));
        texts.put(PLAN, plan.hash());
        Safetensors.write(safetensors, network.predictionState(), texts);
    }

    /**
     * Checks that {@code plan} is the one that the weights were saved with, where the file says which.
     *
     * @throws IOException if it is another one
     */
    public static void requirePlan(Path safetensors, Plan plan) throws IOException {
        String hash = Safetensors.metadata(safetensors).getOrDefault(PLAN, plan.hash());
        if (!hash.equals(plan.hash())) {
            throw new IOException("[" + safetensors + "] was trained by a plan with the hash " + hash
                    + "; that of the plan beside it is " + plan.hash()
                    + ": it was changed since, and scans may be prepared otherwise. Restore it");
        }
    }

    /**
     * Returns the network that {@code safetensors} holds, on the processor.
     *
     * @throws IOException if it is not a file of {@link #save}, or damaged
     */
    public static Network load(Path safetensors) throws IOException {
        return load(safetensors, spec(safetensors));
    }

    /**
     * Returns a network of {@code spec} with the weights of {@code safetensors}, on the processor.
     *
     * @throws IOException if the file is damaged, or holds the weights of another network; the message names the first
     *     tensor that differs
     */
    public static Network load(Path safetensors, ModelSpec spec) throws IOException {
        Network network = spec.build(0);
        try {
            load(safetensors, network);
        } catch (IOException e) {
            network.close();
            throw e;
        }
        return network;
    }

    /**
     * Sets the weights of {@code network} to those of {@code safetensors}; those of auxiliary heads stay.
     *
     * @throws IOException as {@link #load(Path, ModelSpec)}; the network is then as it was
     */
    public static void load(Path safetensors, Network network) throws IOException {
        try (Scope scope = new Scope()) {
            SortedMap<String, Tensor> state = Safetensors.read(safetensors);
            Optional<String> difference = Tensors.difference(network.predictionState(), state);
            if (difference.isPresent()) {
                throw new IOException(
                        "[" + safetensors.getFileName() + "] holds the weights of another network or plan: "
                                + difference.get() + "; load it with the spec it was saved with");
            }
            network.loadForPrediction(state);
        }
    }

    /**
     * Returns the spec of the network whose weights {@code safetensors} holds.
     *
     * @throws IOException if it does not say
     */
    public static ModelSpec spec(Path safetensors) throws IOException {
        String line = Safetensors.metadata(safetensors).get(SPEC);
        if (line == null) {
            throw new IOException("[" + safetensors.getFileName() + "] does not say which network it is of (no '" + SPEC
                    + "' in its metadata): give the spec");
        }
        return Json.parse(safetensors, line, ModelSpec.class);
    }

    /**
     * Writes {@code spec} as YAML.
     *
     * @throws IOException if it cannot be written
     */
    public static void writeSpec(Path yaml, ModelSpec spec) throws IOException {
        Yaml.write(yaml, spec);
    }

    /**
     * Returns the spec that {@code yaml} holds.
     *
     * @throws IOException if it holds none
     */
    public static ModelSpec readSpec(Path yaml) throws IOException {
        return Yaml.read(yaml, ModelSpec.class);
    }
}
