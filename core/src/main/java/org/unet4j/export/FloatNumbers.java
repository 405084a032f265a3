package org.unet4j.export;

import org.bytedeco.pytorch.Tensor;

/** Everything as it was learnt, in float32. */
record FloatNumbers() implements OnnxNumbers {

    @Override
    public String activation(OnnxGraph onnx, String value, String convolution) {
        return value;
    }

    @Override
    public String kernel(OnnxGraph onnx, String name, Tensor kernel) {
        return onnx.constant(OnnxGraph.floats(name, kernel));
    }

    @Override
    public String transposedKernel(OnnxGraph onnx, String name, Tensor kernel) {
        return kernel(onnx, name, kernel);
    }
}
