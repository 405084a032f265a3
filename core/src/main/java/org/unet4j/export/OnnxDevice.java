package org.unet4j.export;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** What ONNX Runtime computes on. What a card's provider has no kernel for is computed on the processor. */
public enum OnnxDevice {
    /** The processor; in every build. */
    CPU(OrtProvider.CPU),
    /** The first NVIDIA card, by CUDA and cuDNN: in the build for cards. */
    CUDA(OrtProvider.CUDA),
    /** The first NVIDIA card, by TensorRT, which must be installed, and else by CUDA: in the build for cards. */
    TENSORRT(OrtProvider.TENSOR_RT);

    private static final int FIRST_CARD = 0;

    private final OrtProvider provider;

    OnnxDevice(OrtProvider provider) {
        this.provider = provider;
    }

    /**
     * Checks that this build of ONNX Runtime knows the device; whether there is a card shows when a network is opened.
     *
     * @throws IllegalArgumentException if it does not, with what to do
     */
    public void requireBuilt() {
        OnnxNatives.provide();
        requireBuilt(OrtEnvironment.getAvailableProviders());
    }

    /** Checks that the device is among {@code built}. */
    void requireBuilt(Set<OrtProvider> built) {
        if (!built.contains(provider)) {
            throw new IllegalArgumentException("this build of ONNX Runtime has no " + this + ", only "
                    + built.stream()
                            .map(known -> known.getName().replace("ExecutionProvider", ""))
                            .sorted()
                            .collect(Collectors.joining(", "))
                    + ": start ./unet4j with UNET4J_NATIVES=cuda on a machine with an NVIDIA card, or use cpu");
        }
    }

    /** Lets networks with these options be computed on the device. */
    void choose(OrtSession.SessionOptions options) throws OrtException {
        if (this == TENSORRT) {
            options.addTensorrt(FIRST_CARD);
        }
        if (this != CPU) {
            options.addCUDA(FIRST_CARD); // also for what TensorRT cannot do
        }
    }

    /** Returns in words where it computes. */
    public String describe() {
        return this == CPU ? "on the processor" : "on a card with " + this;
    }

    @Override
    public String toString() {
        return this == TENSORRT ? "TensorRT" : name().toUpperCase(Locale.ROOT);
    }
}
