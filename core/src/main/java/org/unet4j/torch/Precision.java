package org.unet4j.torch;

import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** In which numbers a network computes. Parameters, losses and optimizer state are float32 in each of them but FP64. */
public enum Precision {
    /** float64 throughout: for checks, where rounding must not hide what differs. */
    FP64(ScalarType.Double),
    /** float32 throughout. */
    FP32(ScalarType.Float),
    /** float32, with what convolutions multiply rounded to 10 bits of mantissa on cards that have TF32; on the processor the same as FP32. */
    TF32(ScalarType.Float),
    /** bfloat16 in convolutions: float32's range, 8 bits of mantissa. */
    BF16(ScalarType.BFloat16),
    /** float16 in convolutions: needs gradients scaled, see {@link GradScaler}. */
    FP16(ScalarType.Half);

    private final ScalarType type;

    Precision(ScalarType type) {
        this.type = type;
    }

    /**
     * Returns what trains well on {@code device}, usually the fastest: bf16 where it is computed natively, else fp16 on a card and
     * fp32 on the processor. Bf16 always takes less memory; on some processors with AVX512-BF16 and no AMX it is slower (docs/LOG.md).
     */
    public static Precision best(Device device) {
        if (device.isCuda()) {
            return torch.getCUDAHooks().supportsBFloat16ConvolutionWithCuDNNv8() ? BF16 : FP16;
        }
        return Processor.computesBfloat16() ? BF16 : FP32;
    }

    /** Returns whether small gradients underflow, so that the loss must be scaled. */
    public boolean scalesGradients() {
        return this == FP16;
    }

    /** Returns whether convolutions compute in fewer bits than the parameters have. */
    public boolean isReduced() {
        return this == BF16 || this == FP16;
    }

    /** Returns the type of parameters, images, losses and optimizer state. */
    public ScalarType parameterType() {
        return this == FP64 ? ScalarType.Double : ScalarType.Float;
    }

    /** Returns the type that convolutions compute in. */
    public ScalarType scalarType() {
        return type;
    }

    /**
     * Switches this thread to this precision on {@code device} until the result is closed. Only the forward pass belongs
     * inside: the backward pass computes in the types of the forward pass by itself.
     */
    public Autocast autocast(Device device) {
        if (device.isCuda()) {
            // Convolutions only: the products of augmentation, outside, would else depend on what ran before.
            torch.globalContext().setAllowTF32CuDNN(this == TF32);
        }
        return new Autocast(device, isReduced(), type);
    }
}
