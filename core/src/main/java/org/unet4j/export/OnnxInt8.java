package org.unet4j.export;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.unet4j.io.FolderTree;
import org.unet4j.torch.Tensors;
import org.unet4j.torch.Torch;
import org.unet4j.volume.Shape;

/**
 * ONNX whose large convolutions are computed in eight bits: about twice as fast in ONNX Runtime on a processor with AVX512-VNNI. The
 * logits differ, so what is compared is labels, on patches that did not set the ranges.
 */
public final class OnnxInt8 implements Format {

    /** Of the voxels of foreground. Networks that were hardly trained waver between classes where trained ones do not. */
    private static final double LEAST_SAME_LABELS = 0.9;

    /** Of each class: the share above does not show a small one that is lost. One of a few voxels may differ by some of them. */
    private static final double LEAST_DICE = 0.8;

    private static final double PERCENT = 100;
    private static final String INSTEAD = "; export with --weights fp32 or fp16";

    private final Patches patches;

    /** Makes the format; {@code patches} say how large the network's numbers become. */
    public OnnxInt8(Patches patches) {
        this.patches = patches;
    }

    @Override
    public List<Path> write(TrainedNetwork trained, Path file) throws IOException {
        Path folder = Files.createTempDirectory("unet4j-ranges");
        try {
            Path ranges = folder.resolve("ranges.onnx");
            Onnx.with(new RangeNumbers()).write(trained, ranges);
            return Onnx.with(new Int8Numbers(extremes(ranges, trained.spec().channels())))
                    .write(trained, file);
        } finally {
            FolderTree.delete(folder);
        }
    }

    private Map<String, Float> extremes(Path ranges, int channels) throws IOException {
        Map<String, Float> extremes = new HashMap<>();
        Shape shape = patches.shape();
        try (OnnxNetwork network = OnnxNetwork.open(ranges, Torch.threads())) {
            for (FloatBuffer image : patches.calibration()) {
                network.numbers(image.duplicate(), new long[] {1, channels, shape.z(), shape.y(), shape.x()})
                        .forEach((name, number) -> extremes.merge(
                                name, number, name.endsWith(RangeNumbers.least("")) ? Math::min : Math::max));
            }
        }
        return extremes;
    }

    @Override
    public List<Tensor> trials(TrainedNetwork trained) {
        Shape shape = patches.shape();
        return patches.heldOut().stream()
                .map(image -> Tensors.view(image, 1, trained.spec().channels(), shape.z(), shape.y(), shape.x()))
                .toList();
    }

    @Override
    public Parity parity(TrainedNetwork trained, Path file, List<Tensor> imagesNCDHW) throws IOException {
        return Onnx.float32().parity(trained, file, imagesNCDHW);
    }

    @Override
    public Optional<String> refusal(Parity parity) {
        if (!Double.isFinite(parity.largestDifference())) {
            return Optional.of("some of its logits would be no numbers" + INSTEAD);
        }
        if (parity.sameLabels() < LEAST_SAME_LABELS) {
            return Optional.of("only %.1f %% of the foreground's voxels keep their label%s"
                    .formatted(PERCENT * parity.sameLabels(), INSTEAD));
        }
        if (parity.worstDice() < LEAST_DICE) {
            return Optional.of("the voxels of class %d have a Dice of only %.2f with the network's%s"
                    .formatted(parity.worstClass(), parity.worstDice(), INSTEAD));
        }
        return Optional.empty();
    }
}
