package org.unet4j.export;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.unet4j.model.ModelFile;
import org.unet4j.model.ModelSpec;
import org.unet4j.model.Network;
import org.unet4j.prep.Plan;
import org.unet4j.prep.TrainingRanges;

/**
 * A network with its weights, and the plan that its scans are prepared by.
 *
 * @param network on the processor
 * @param spec which network
 * @param plan that it was trained with
 * @param postProcessing the YAML of what is done to labels after it; empty for nothing
 * @param ranges what it has seen; empty where that is not known
 */
public record TrainedNetwork(
        Network network, ModelSpec spec, Plan plan, Optional<String> postProcessing, Optional<TrainingRanges> ranges)
        implements AutoCloseable {

    /**
     * Returns the network of {@code files}. Close it to free the weights.
     *
     * @throws IOException if a file cannot be read
     */
    public static TrainedNetwork read(TrainedFiles files) throws IOException {
        Optional<String> after = Files.exists(files.postProcessing())
                ? Optional.of(Files.readString(files.postProcessing()))
                : Optional.empty();
        Optional<TrainingRanges> ranges = TrainingRanges.read(files.folder(), files.plan());
        return new TrainedNetwork(ModelFile.load(files.weights()), files.spec(), files.plan(), after, ranges);
    }

    /**
     * Returns the network of a run folder, as {@link TrainedFiles#in} finds it. Close it to free the weights.
     *
     * @param weights the name of the file of its weights, {@code last.safetensors} or {@code best.safetensors}
     * @throws IOException if the folder is none of a run, has no such weights, or they do not fit the plan beside them
     */
    public static TrainedNetwork read(Path runFolder, String weights) throws IOException {
        return read(TrainedFiles.in(runFolder, runFolder, weights));
    }

    @Override
    public void close() {
        network.close();
    }
}
