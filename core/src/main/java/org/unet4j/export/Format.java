package org.unet4j.export;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** What a network can be written as. */
public sealed interface Format permits Onnx, TorchScript {

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

    /** Returns by what share of the largest logit, or by how much if that is below 1, logits may differ. */
    double tolerance();
}
