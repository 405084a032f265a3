package org.unet4j.export;

import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/** float32, and beside the logits the least and the largest number that each convolution of eight bits reads and gives. */
record RangeNumbers() implements OnnxNumbers {

    @Override
    public String kernel(OnnxGraph onnx, String name, Tensor kernel) {
        return onnx.constant(OnnxGraph.floats(name, kernel));
    }

    @Override
    public void convolution(OnnxGraph onnx, OnnxConvolution convolution) {
        OnnxNumbers.super.convolution(onnx, convolution);
        if (convolution.paysInEightBits()) {
            extremes(onnx, convolution.input(), input(convolution.output()));
            extremes(onnx, convolution.output(), output(convolution.output()));
        }
    }

    private static void extremes(OnnxGraph onnx, String value, String name) {
        Map<String, Object> toOneNumber = Map.of("keepdims", 0L);
        onnx.output(onnx.add("ReduceMin", least(name), List.of(value), toOneNumber));
        onnx.output(onnx.add("ReduceMax", largest(name), List.of(value), toOneNumber));
    }

    /** Returns the name of what a convolution reads. */
    static String input(String convolution) {
        return convolution + ".in";
    }

    /** Returns the name of what a convolution gives. */
    static String output(String convolution) {
        return convolution + ".out";
    }

    static String least(String name) {
        return name + ".min";
    }

    static String largest(String name) {
        return name + ".max";
    }
}
