package org.unet4j.export;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** How the kernels of a model are stored, and what its convolutions are computed in. */
interface OnnxNumbers {

    /**
     * Adds the kernel of a convolution, transposed or not, and returns the name of the value that it reads.
     *
     * @param name of the weights
     */
    String kernel(OnnxGraph onnx, String name, Tensor kernel);

    /** Adds a convolution whose result has the name {@link OnnxConvolution#output}. */
    default void convolution(OnnxGraph onnx, OnnxConvolution convolution) {
        List<String> read = new ArrayList<>();
        read.add(convolution.input());
        read.add(kernel(onnx, convolution.kernelName(), convolution.kernel()));
        convolution.bias().ifPresent(bias -> read.add(onnx.constant(OnnxGraph.floats(convolution.biasName(), bias))));
        onnx.add("Conv", convolution.output(), read, convolution.attributes());
    }
}
