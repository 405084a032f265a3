package org.unet4j.train;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.unet4j.io.Split;
import org.unet4j.prep.Store;
import org.unet4j.torch.Device;

/**
 * What {@link Trainer} is asked for.
 *
 * @param config how to train
 * @param store the prepared cases and their plan
 * @param split which of them are learned from and which are only scored; the latter may be none
 * @param out the run folder
 * @param device where to compute
 * @param listener hears how it goes
 * @param stop asked before each step and each validation case; once true, a checkpoint is saved and the run ends
 * @param init a run folder, whose last weights are begun from, or a safetensors file: those tensors that fit by name and shape. Which
 *     weights they were is part of what the run is. Empty to draw all weights from the seed
 * @param command what a person types to do this again, for the provenance; empty where nobody typed
 */
public record TrainRequest(
        TrainConfig config,
        Store store,
        Split split,
        Path out,
        Device device,
        TrainListener listener,
        BooleanSupplier stop,
        Optional<Path> init,
        Optional<String> command) {

    /** Returns what asks for a run whose weights are drawn from the seed, and that nobody typed a command for. */
    public static TrainRequest of(
            TrainConfig config,
            Store store,
            Split split,
            Path out,
            Device device,
            TrainListener listener,
            BooleanSupplier stop) {
        return new TrainRequest(config, store, split, out, device, listener, stop, Optional.empty(), Optional.empty());
    }

    /** Returns this with a run or a file to begin from. */
    public TrainRequest withInit(Path weights) {
        return new TrainRequest(config, store, split, out, device, listener, stop, Optional.of(weights), command);
    }

    /** Returns this with what a person types to do it again. */
    public TrainRequest withCommand(String typed) {
        return new TrainRequest(config, store, split, out, device, listener, stop, init, Optional.of(typed));
    }

    /** Returns the job of a process alone. */
    Job job() {
        return new Job(config, store, split, new RunFolder(out), device, listener, stop).commanded(command);
    }
}
