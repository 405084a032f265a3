package org.unet4j.export;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/** What a network can be written as. */
public sealed interface Format permits Onnx, OnnxInt8, TorchScript {

    /**
     * Writes the network, and returns the files: the model, then that of its weights if they are not inside.
     *
     * @throws IOException if it cannot be written
     */
    List<Path> write(TrainedNetwork trained, Path file) throws IOException;

    /**
     * Returns how near what lies in {@code file} is to {@code trained} on {@code imagesNCDHW}.
     *
     * @throws IOException if the file cannot be read
     */
    Parity parity(TrainedNetwork trained, Path file, List<Tensor> imagesNCDHW) throws IOException;

    /** Returns the images to compare on, in the open scope: noise in three sizes where a format has no better ones. */
    default List<Tensor> trials(TrainedNetwork trained) {
        return Trials.images(trained.spec(), trained.plan().patch());
    }

    /** Returns why a file that is so near to the network may not be given away, and what to do; empty where it may. */
    Optional<String> refusal(Parity parity);
}
