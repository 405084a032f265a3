package org.unet4j.export;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.bytedeco.pytorch.Tensor;
import org.unet4j.io.Build;
import org.unet4j.model.ModelSpec;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;
import org.unet4j.torch.Torch;

/** ONNX: for ONNX Runtime, OpenVINO, TensorRT and others. Any batch, and any size that the network takes. */
public final class Onnx implements Format {

    private final OnnxNumbers numbers;
    private final double tolerance;
    private final long mostInside;

    private Onnx(OnnxNumbers numbers, double tolerance, long mostInside) {
        this.numbers = numbers;
        this.tolerance = tolerance;
        this.mostInside = mostInside;
    }

    /** Returns the format with weights as they were learnt. */
    public static Onnx float32() {
        return new Onnx(new FloatNumbers(), Parity.TOLERANCE, OnnxFile.MOST_INSIDE);
    }

    /** Returns the format with kernels stored in half precision, half as large, and computed with in float32. */
    public static Onnx halfWeights() {
        return new Onnx(new HalfNumbers(), Parity.HALF_TOLERANCE, OnnxFile.MOST_INSIDE);
    }

    /** Returns the format with these numbers, whose logits are not compared. */
    static Onnx with(OnnxNumbers numbers) {
        return new Onnx(numbers, Double.POSITIVE_INFINITY, OnnxFile.MOST_INSIDE);
    }

    /** Returns this with weights in a file of their own where there are more than {@code bytes}. */
    Onnx withMostInside(long bytes) {
        return new Onnx(numbers, tolerance, bytes);
    }

    @Override
    public List<Path> write(TrainedNetwork trained, Path file) throws IOException {
        ModelSpec spec = trained.spec();
        OnnxText text =
                new OnnxText(Metadata.description(trained), spec.channels(), spec.classes(), Metadata.of(trained));
        try (Scope scope = new Scope()) {
            SortedMap<String, Tensor> weights = trained.network().predictionState();
            OnnxModel model = OnnxGraph.of(trained.network().graph(), weights, numbers, text);
            return OnnxFile.write(file, model, Build.here().version(), mostInside);
        }
    }

    @Override
    public Parity parity(TrainedNetwork trained, Path file, List<Tensor> imagesNCDHW) throws IOException {
        try (OnnxNetwork network = OnnxNetwork.open(file, Torch.threads())) {
            return Parity.of(trained, image -> logits(network, image), imagesNCDHW);
        }
    }

    @Override
    public Optional<String> refusal(Parity parity) {
        return parity.refusal(tolerance);
    }

    private static float[] logits(OnnxNetwork network, Tensor imageNCDHW) {
        Tensor contiguous = imageNCDHW.contiguous();
        long features = imageNCDHW.numel() / imageNCDHW.size(1);
        FloatBuffer logits = OnnxNetwork.buffer(features * network.classes());
        network.run(Tensors.floatBuffer(contiguous), Tensors.shape(contiguous), logits);
        float[] values = new float[logits.remaining()];
        logits.get(values);
        return values;
    }
}
