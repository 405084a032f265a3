package org.unet4j.export;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.unet4j.model.ModelFile;
import org.unet4j.model.ModelSpec;
import org.unet4j.prep.Plan;

/**
 * The files of a trained network in the folder of its run, which were found to belong together.
 *
 * @param weights the network's
 * @param spec which network
 * @param plan that it was trained with
 * @param postProcessing what is done to labels after it; need not exist
 */
public record TrainedFiles(Path weights, ModelSpec spec, Plan plan, Path postProcessing) {

    /** The name of the plan in a run folder. */
    public static final String PLAN = "plan.yaml";

    /** The name of the file in a run folder that says what is done to labels after the network. */
    public static final String POST_PROCESSING = "postprocessing.yaml";

    private static final String LAST = "last.safetensors";

    /**
     * Returns the files of a run folder.
     *
     * @param shown what people call the folder, for messages: that of a package is a temporary one
     * @param weights the name of the file of the weights, {@code last.safetensors} or {@code best.safetensors}
     * @throws IOException if the folder is none of a run, has no such weights, or they do not fit the plan beside them
     */
    public static TrainedFiles in(Path folder, Path shown, String weights) throws IOException {
        if (!Files.exists(folder.resolve(PLAN))) {
            throw new IOException("[" + shown + "] is not the folder of a training run: it has no " + PLAN
                    + "; give the folder that train wrote, such as work/runs/<dataset>-unet-0, or a package of one");
        }
        Path file = folder.resolve(weights);
        if (!Files.exists(file)) {
            throw new IOException("[" + shown + "] holds no " + weights + ": "
                    + (weights.equals(LAST)
                            ? "the run has not saved any weights yet; let it train on"
                            : "the run was never validated, or the weights were chosen when it was packed; use the"
                                    + " last weights"));
        }
        Plan plan = Plan.read(folder.resolve(PLAN));
        ModelSpec spec = ModelFile.spec(file);
        requireFit(file, spec, plan);
        ModelFile.requirePlan(file, plan);
        return new TrainedFiles(file, spec, plan, folder.resolve(POST_PROCESSING));
    }

    /** Returns the folder that the files lie in. */
    public Path folder() {
        return weights.toAbsolutePath().getParent();
    }

    private static void requireFit(Path file, ModelSpec spec, Plan plan) throws IOException {
        if (spec.channels() != plan.channels().size()
                || spec.classes() != plan.classCount()
                || !spec.topology().equals(plan.topology())) {
            throw new IOException("[" + file + "] is a network of " + spec.channels() + " channels, " + spec.classes()
                    + " classes and strides " + spec.topology().strides() + "; the plan beside it has "
                    + plan.channels().size() + ", " + plan.classCount() + " and "
                    + plan.topology().strides() + ": restore the plan that it was trained with");
        }
    }
}
