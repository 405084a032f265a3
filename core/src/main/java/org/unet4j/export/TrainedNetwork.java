package org.unet4j.export;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.unet4j.model.ModelFile;
import org.unet4j.model.ModelSpec;
import org.unet4j.model.Network;
import org.unet4j.prep.Plan;

/**
 * A network with its weights, and the plan that its scans are prepared by.
 *
 * @param network on the processor
 * @param spec which network
 * @param plan that it was trained with
 */
public record TrainedNetwork(Network network, ModelSpec spec, Plan plan) implements AutoCloseable {

    private static final String PLAN = "plan.yaml";

    /**
     * Returns the network of a run folder. Close it to free the weights.
     *
     * @param weights the name of the file of its weights, {@code last.safetensors} or {@code best.safetensors}
     * @throws IOException if the folder is none of a run, has no such weights, or they do not fit the plan beside them
     */
    public static TrainedNetwork read(Path runFolder, String weights) throws IOException {
        if (!Files.exists(runFolder.resolve(PLAN))) {
            throw new IOException("[" + runFolder + "] is not the folder of a training run: it has no " + PLAN
                    + "; give the folder that train wrote, such as work/runs/<dataset>-unet-0");
        }
        Path file = runFolder.resolve(weights);
        if (!Files.exists(file)) {
            throw new IOException("[" + runFolder + "] holds no " + weights
                    + ": best.safetensors comes with the first validation, last.safetensors with the first checkpoint");
        }
        Plan plan = Plan.read(runFolder.resolve(PLAN));
        ModelSpec spec = ModelFile.spec(file);
        requireFit(file, spec, plan);
        ModelFile.requirePlan(file, plan);
        return new TrainedNetwork(ModelFile.load(file), spec, plan);
    }

    /**
     * Checks that the network that {@code file} holds is one of {@code plan}.
     *
     * @throws IOException naming what differs
     */
    public static void requireFit(Path file, ModelSpec spec, Plan plan) throws IOException {
        if (spec.channels() != plan.channels().size()
                || spec.classes() != plan.classCount()
                || !spec.topology().equals(plan.topology())) {
            throw new IOException("[" + file + "] is a network of " + spec.channels() + " channels, " + spec.classes()
                    + " classes and strides " + spec.topology().strides() + "; the plan beside it has "
                    + plan.channels().size() + ", " + plan.classCount() + " and "
                    + plan.topology().strides() + ": restore the plan that it was trained with");
        }
    }

    @Override
    public void close() {
        network.close();
    }
}
