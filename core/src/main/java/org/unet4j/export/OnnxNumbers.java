package org.unet4j.export;

import org.bytedeco.pytorch.Tensor;

/** How the kernels of a model are stored, and what its convolutions are computed in. */
interface OnnxNumbers {

    /**
     * Adds what a convolution reads in place of {@code value}, if anything, and returns its name.
     *
     * @param convolution the name of the convolution
     */
    String activation(OnnxGraph onnx, String value, String convolution);

    /**
     * Adds a kernel (out, in, z, y, x) and returns the name of the value that a convolution reads.
     *
     * @param name of the weights
     */
    String kernel(OnnxGraph onnx, String name, Tensor kernel);

    /** Adds a kernel (in, out, z, y, x) of a transposed convolution as {@link #kernel} does. */
    String transposedKernel(OnnxGraph onnx, String name, Tensor kernel);
}
