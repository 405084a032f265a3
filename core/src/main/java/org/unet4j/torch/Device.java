package org.unet4j.torch;

import java.util.Locale;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;

/**
 * Where tensors live and networks run.
 *
 * @param kind the processor or an NVIDIA card
 * @param index which card, from 0; 0 for the processor
 */
public record Device(Kind kind, int index) {

    /** The kinds of device. */
    public enum Kind {
        /** The processor. */
        CPU,
        /** An NVIDIA graphics card. */
        CUDA
    }

    /** Checks the index. */
    public Device {
        if (index < 0 || (kind == Kind.CPU && index != 0)) {
            throw new IllegalArgumentException("device index " + index + " of " + kind
                    + " is not valid: cards count from 0, the processor is always 0");
        }
    }

    /** Returns the processor. */
    public static Device cpu() {
        return new Device(Kind.CPU, 0);
    }

    /** Returns card {@code index}. */
    public static Device cuda(int index) {
        return new Device(Kind.CUDA, index);
    }

    /**
     * Returns the first card where libtorch can use one, else the processor.
     *
     * @throws NativesException if libtorch cannot be loaded
     */
    public static Device best() {
        Natives.load();
        return torch.cuda_is_available() ? cuda(0) : cpu();
    }

    /** Returns where {@code tensor} lives. */
    public static Device of(Tensor tensor) {
        return tensor.is_cuda() ? cuda(tensor.device().index()) : cpu();
    }

    /** Returns whether this is an NVIDIA card. */
    public boolean isCuda() {
        return kind == Kind.CUDA;
    }

    /** Returns a new libtorch handle, freed by the open {@link Scope}. */
    public org.bytedeco.pytorch.Device toTorch() {
        return isCuda()
                ? new org.bytedeco.pytorch.Device(DeviceType.CUDA, (byte) index)
                : new org.bytedeco.pytorch.Device(DeviceType.CPU);
    }

    /** Returns what libtorch's own functions take. */
    DeviceType type() {
        return isCuda() ? DeviceType.CUDA : DeviceType.CPU;
    }

    /**
     * Returns a line for people, such as {@code "CPU, 2 threads, AVX512, bf16"} or {@code "CUDA 0, NVIDIA H200, driver 580.95.05"}; of a
     * card no more than {@code "CUDA 0"} where nvidia-smi says nothing, or the machine's cards differ.
     */
    public String describe() {
        if (isCuda()) {
            return "CUDA " + index
                    + NvidiaSmi.ofEveryCard("name,driver_version")
                            .map(line -> ", " + line.replaceFirst(", *", ", driver "))
                            .orElse("");
        }
        int threads = torch.get_num_threads();
        return "CPU, " + threads + (threads == 1 ? " thread, " : " threads, ") + Processor.instructionSet()
                + (Processor.computesBfloat16() ? ", bf16" : "");
    }

    @Override
    public String toString() {
        return isCuda() ? "cuda:" + index : kind.name().toLowerCase(Locale.ROOT);
    }
}
