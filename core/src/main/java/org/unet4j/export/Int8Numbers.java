package org.unet4j.export;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.unet4j.export.OnnxModel.Constant;
import org.unet4j.torch.Tensors;

/**
 * Convolutions in eight bits where that pays, the rest in float32: ONNX's QuantizeLinear and DequantizeLinear around them, which ONNX
 * Runtime turns into integer convolutions. What they read and give is in unsigned bytes, by the ranges of patches; kernels
 * are symmetric, one scale a feature, in seven bits, so that no processor's sums of pairs overflow 16 bits.
 *
 * @param extremes by the names that {@link RangeNumbers} gives them
 */
record Int8Numbers(Map<String, Float> extremes) implements OnnxNumbers {

    private static final int MOST = 255;
    private static final int LARGEST_WEIGHT = 63;

    /** Half of what 32 bits hold, so that sums have room. */
    private static final float MOST_STEPS_OF_BIAS = 1 << 30;

    @Override
    public String kernel(OnnxGraph onnx, String name, Tensor kernel) {
        return onnx.constant(OnnxGraph.floats(name, kernel));
    }

    @Override
    public void convolution(OnnxGraph onnx, OnnxConvolution convolution) {
        if (!convolution.paysInEightBits()) {
            OnnxNumbers.super.convolution(onnx, convolution);
            return;
        }
        String in = RangeNumbers.input(convolution.output());
        String out = RangeNumbers.output(convolution.output());
        float[] biases = convolution.bias().map(Tensors::toFloats).orElseGet(() -> new float[0]);
        int features = Math.toIntExact(convolution.kernel().size(0));
        float[] scales = scales(Tensors.toFloats(convolution.kernel()), features, biases, step(in));
        List<String> read = new ArrayList<>();
        read.add(rounded(onnx, convolution.input(), in, in + ".float"));
        read.add(weights(onnx, convolution, scales));
        if (biases.length > 0) {
            read.add(bias(onnx, convolution.biasName(), biases, step(in), scales));
        }
        String exact = onnx.add("Conv", convolution.output() + ".exact", read, convolution.attributes());
        rounded(onnx, exact, out, convolution.output());
    }

    /** Adds {@code value} rounded to a byte and back, as {@code result}. */
    private String rounded(OnnxGraph onnx, String value, String name, String result) {
        float step = step(name);
        int zero = Math.round(-Math.min(0, extremes.get(RangeNumbers.least(name))) / step);
        byte[] zeroByte = {(byte) Math.min(MOST, zero)};
        String scale =
                onnx.constant(new Constant(name + ".scale", OnnxModel.Type.FLOAT, List.of(), OnnxGraph.floats(step)));
        String offset =
                onnx.constant(new Constant(name + ".zero", OnnxModel.Type.UINT8, List.of(), ByteBuffer.wrap(zeroByte)));
        String bytes = onnx.add("QuantizeLinear", name + ".byte", List.of(value, scale, offset), Map.of());
        return onnx.add("DequantizeLinear", result, List.of(bytes, scale, offset), Map.of());
    }

    /** Returns what one step of a byte is; zero is always a step, for borders are padded with it. */
    private float step(String name) {
        float least = Math.min(0, extremes.get(RangeNumbers.least(name)));
        float largest = Math.max(0, extremes.get(RangeNumbers.largest(name)));
        return largest > least ? (largest - least) / MOST : 1;
    }

    private static String weights(OnnxGraph onnx, OnnxConvolution convolution, float[] scales) {
        float[] values = Tensors.toFloats(convolution.kernel());
        int length = values.length / scales.length;
        ByteBuffer bytes = ByteBuffer.allocate(values.length);
        for (int i = 0; i < values.length; i++) {
            bytes.put((byte) Math.round(values[i] / scales[i / length]));
        }
        String name = convolution.kernelName();
        String stored = onnx.constant(
                new Constant(name, OnnxModel.Type.INT8, OnnxGraph.shape(convolution.kernel()), bytes.flip()));
        return dequantized(onnx, stored, scales, OnnxModel.Type.INT8);
    }

    private static String bias(OnnxGraph onnx, String name, float[] biases, float input, float[] scales) {
        float[] products = new float[scales.length];
        for (int i = 0; i < scales.length; i++) {
            products[i] = input * scales[i];
        }
        ByteBuffer whole = ByteBuffer.allocate(biases.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        whole.asIntBuffer().put(steps(biases, scales, input));
        String stored = onnx.constant(new Constant(name, OnnxModel.Type.INT32, List.of((long) biases.length), whole));
        return dequantized(onnx, stored, products, OnnxModel.Type.INT32);
    }

    private static String dequantized(OnnxGraph onnx, String stored, float[] scales, OnnxModel.Type type) {
        List<Long> shape = List.of((long) scales.length);
        int bytes = type == OnnxModel.Type.INT8 ? Byte.BYTES : Integer.BYTES;
        String scale =
                onnx.constant(new Constant(stored + ".scale", OnnxModel.Type.FLOAT, shape, OnnxGraph.floats(scales)));
        String zero =
                onnx.constant(new Constant(stored + ".zero", type, shape, ByteBuffer.allocate(scales.length * bytes)));
        return onnx.add("DequantizeLinear", stored + ".float", List.of(stored, scale, zero), Map.of("axis", 0L));
    }

    /**
     * Returns one scale for each feature that a kernel gives: what one step of a weight is. A bias is counted in steps of weight and
     * {@code input} together, so where weights are very small, or zero, it is the bias that says how small a step may be.
     *
     * @param kernel the weights of one feature after those of the other
     * @param biases one a feature, or none
     * @param input what one step of what the convolution reads is
     */
    static float[] scales(float[] kernel, int features, float[] biases, float input) {
        float[] scales = new float[features];
        int length = kernel.length / features;
        for (int i = 0; i < kernel.length; i++) {
            scales[i / length] = Math.max(scales[i / length], Math.abs(kernel[i]) / LARGEST_WEIGHT);
        }
        for (int i = 0; i < biases.length; i++) {
            scales[i] = Math.max(scales[i], Math.abs(biases[i]) / MOST_STEPS_OF_BIAS / input);
        }
        for (int i = 0; i < features; i++) {
            scales[i] = scales[i] > 0 ? scales[i] : 1;
        }
        return scales;
    }

    /** Returns a bias in whole steps of {@code input} and of the feature's scale. */
    static int[] steps(float[] biases, float[] scales, float input) {
        int[] steps = new int[biases.length];
        for (int i = 0; i < biases.length; i++) {
            steps[i] = Math.round(biases[i] / (input * scales[i]));
        }
        return steps;
    }
}
