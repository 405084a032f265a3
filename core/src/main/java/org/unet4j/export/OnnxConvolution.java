package org.unet4j.export;

import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * A convolution that is to be added to a model.
 *
 * @param output the name of its result
 * @param input the name of what it reads
 * @param kernelName the name of its weights
 * @param kernel its weights (out, in, z, y, x)
 * @param biasName the name of what is added to each feature; not used without one
 * @param bias what is added to each feature
 * @param attributes of ONNX's operator Conv
 */
record OnnxConvolution(
        String output,
        String input,
        String kernelName,
        Tensor kernel,
        String biasName,
        Optional<Tensor> bias,
        Map<String, Object> attributes) {

    /**
     * Returns whether computing it in eight bits pays: not for the image itself, whose values would be rounded, and not for
     * kernels of one voxel, where turning numbers into eight bits and back costs what is gained.
     */
    boolean paysInEightBits() {
        return !input.equals(OnnxGraph.IMAGE) && kernel.size(2) * kernel.size(3) * kernel.size(4) > 1;
    }
}
