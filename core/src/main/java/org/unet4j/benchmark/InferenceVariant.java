package org.unet4j.benchmark;

import java.util.ArrayList;
import java.util.List;
import org.unet4j.report.InferenceRow;
import org.unet4j.torch.Device;
import org.unet4j.torch.Precision;

/**
 * One way to segment whose speed is measured, on the processor.
 *
 * @param engine what runs the network: {@value InferenceRow#BASELINE_ENGINE} or {@value #ONNX}
 * @param precision of libtorch's convolutions, or what ONNX Runtime's file was made as
 * @param threads that the engine has
 */
public record InferenceVariant(String engine, String precision, int threads) {

    /** ONNX Runtime. */
    static final String ONNX = "onnx";

    /** Weights stored in half precision, and computed with in float32. */
    static final String HALF_WEIGHTS = "fp16 weights";

    /** Large convolutions in eight bits. */
    static final String INT8 = "int8";

    private static final String BF16 = "bf16";

    /**
     * Returns all ways that this processor has, for each number of threads: bf16 only where it multiplies it itself.
     *
     * @param calibrated whether there are cases for the ranges that int8 needs
     */
    public static List<InferenceVariant> all(List<Integer> threads, boolean calibrated) {
        List<InferenceVariant> all = new ArrayList<>();
        for (int count : threads) {
            all.add(new InferenceVariant(InferenceRow.BASELINE_ENGINE, InferenceRow.BASELINE_PRECISION, count));
            if (Precision.best(Device.cpu()) == Precision.BF16) {
                all.add(new InferenceVariant(InferenceRow.BASELINE_ENGINE, BF16, count));
            }
            all.add(new InferenceVariant(ONNX, InferenceRow.BASELINE_PRECISION, count));
            all.add(new InferenceVariant(ONNX, HALF_WEIGHTS, count));
            if (calibrated) {
                all.add(new InferenceVariant(ONNX, INT8, count));
            }
        }
        return all;
    }

    /** Returns whether large convolutions are computed in eight bits. */
    boolean isInt8() {
        return precision.equals(INT8);
    }

    /** Returns libtorch's precision. */
    Precision torchPrecision() {
        return precision.equals(BF16) ? Precision.BF16 : Precision.FP32;
    }

    /** Returns a line for people, such as {@code onnx fp32 2}. */
    @Override
    public String toString() {
        return String.join(" ", engine, precision, Integer.toString(threads));
    }
}
