package org.unet4j.export;

import org.bytedeco.pytorch.Tensor;

/** Everything as it was learnt, in float32. */
record FloatNumbers() implements OnnxNumbers {

    @Override
    public String kernel(OnnxGraph onnx, String name, Tensor kernel) {
        return onnx.constant(OnnxGraph.floats(name, kernel));
    }
}
