package org.unet4j.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import org.unet4j.io.Json;
import org.unet4j.torch.PeakMemory;

/**
 * How a run ended.
 *
 * @param folder the run folder
 * @param step how many steps are done
 * @param interrupted whether it was stopped before its end: {@link Trainer#resume} goes on
 * @param trainSeconds spent in steps, over all parts of the run
 * @param validationSeconds spent in validation, over all parts
 * @param voxelsPerSecond patch voxels learned from a second of training
 * @param waitShare share of the training time spent waiting for data, in [0, 1]
 * @param loss mean over the last steps, at most 20; NaN where there was none
 * @param skippedSteps steps that left the weights as they were: scaled gradients overflowed (fp16), or loss or gradient were not
 *     finite
 * @param parameters trainable numbers in the network
 * @param peakMemoryBytes most resident memory of the process that ended the run; absent where the system does not say, and where the run
 *     has not ended
 * @param peakDeviceBytes most memory of its card; absent without one
 * @param scores of all validation cases; empty where the run was interrupted or no case is held out
 */
public record TrainResult(
        Path folder,
        int step,
        boolean interrupted,
        double trainSeconds,
        double validationSeconds,
        double voxelsPerSecond,
        double waitShare,
        double loss,
        int skippedSteps,
        long parameters,
        OptionalLong peakMemoryBytes,
        OptionalLong peakDeviceBytes,
        Optional<ValidationScores> scores) {

    /** Returns the result of a run that came to its end. */
    public static TrainResult read(Path folder) throws IOException {
        RunFolder run = new RunFolder(folder);
        Summary summary = Json.read(run.summary(), Summary.class);
        return new TrainResult(
                folder,
                summary.steps(),
                false,
                summary.trainSeconds(),
                summary.validationSeconds(),
                summary.voxelsPerSecond(),
                summary.waitShare(),
                summary.loss(),
                summary.skippedSteps(),
                summary.parameters(),
                summary.peakMemoryBytes(),
                summary.peakDeviceBytes(),
                Files.exists(run.validation())
                        ? Optional.of(ValidationScores.read(run.validation()))
                        : Optional.empty());
    }

    /** Returns this with the most memory so far. */
    TrainResult with(PeakMemory memory) throws IOException {
        return new TrainResult(
                folder,
                step,
                interrupted,
                trainSeconds,
                validationSeconds,
                voxelsPerSecond,
                waitShare,
                loss,
                skippedSteps,
                parameters,
                memory.residentBytes(),
                memory.deviceBytes(),
                scores);
    }

    /** Writes the scores and then, as the last file of a complete run, the summary. */
    void write() throws IOException {
        RunFolder run = new RunFolder(folder);
        if (scores.isPresent()) {
            scores.get().write(run.validation());
        }
        Json.write(
                run.summary(),
                new Summary(
                        step,
                        trainSeconds,
                        validationSeconds,
                        voxelsPerSecond,
                        waitShare,
                        loss,
                        skippedSteps,
                        parameters,
                        peakMemoryBytes,
                        peakDeviceBytes));
    }

    private record Summary(
            int steps,
            double trainSeconds,
            double validationSeconds,
            double voxelsPerSecond,
            double waitShare,
            double loss,
            int skippedSteps,
            long parameters,
            OptionalLong peakMemoryBytes,
            OptionalLong peakDeviceBytes) {}
}
