package org.unet4j.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.export.Export;
import org.unet4j.export.Networks;
import org.unet4j.export.Onnx;
import org.unet4j.export.OnnxNetwork;
import org.unet4j.export.TrainedNetwork;
import org.unet4j.prep.Preparation;
import org.unet4j.prep.PreparedScan;
import org.unet4j.prep.TrainingRanges;
import org.unet4j.torch.Device;
import org.unet4j.torch.OneThread;
import org.unet4j.torch.Precision;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Scan;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
import org.unet4j.volume.Voxels;

/** Prediction with ONNX Runtime is prediction with libtorch, but for rounding. */
@ExtendWith(OneThread.class)
class OnnxEngineTest {

    /** float32 through two dozen layers, in another order. */
    private static final float LOGITS_TOLERANCE = 1e-4f;

    private static final Scan CT = Networks.scan();

    @TempDir
    Path folder;

    private static Engine libtorch(TrainedNetwork trained) {
        int classes = trained.spec().classes();
        return LibtorchEngine.of(trained.network(), 1, classes, Device.cpu(), Precision.FP32);
    }

    @Test
    void aScanHasTheLabelsThatLibtorchGivesIt() throws IOException {
        try (TrainedNetwork trained = Networks.cubes("attention-resunet")) {
            Path file = folder.resolve("network.onnx");
            Export.write(trained, Onnx.float32(), file);
            Labels expected = Predictor.of(libtorch(trained), trained.plan()).predict(CT);
            try (OnnxEngine engine = OnnxEngine.load(file, 2);
                    Predictor predictor = Predictor.of(engine, engine.plan())) {
                assertThat(engine.plan()).isEqualTo(trained.plan());
                Labels labels = predictor.predict(CT);
                assertThat(labels.grid()).isEqualTo(expected.grid());
                int others = 0;
                for (int i = 0; i < labels.grid().shape().arrayLength(); i++) {
                    others += labels.get(i) == expected.get(i) ? 0 : 1;
                }
                // Of an untrained network whose classes are near each other everywhere, rounding decides a voxel here
                // and there.
                assertThat(others).isLessThan(labels.grid().shape().arrayLength() / 5_000);
            }
        }
    }

    @Test
    void whatIsDoneToLabelsTravelsInTheFile() throws IOException {
        try (TrainedNetwork plain = Networks.cubes("unet")) {
            String yaml = "classes: {1: {largest: true, minimumMl: 0.0, fillHoles: true}}\n";
            TrainedNetwork trained = new TrainedNetwork(
                    plain.network(), plain.spec(), plain.plan(), Optional.of(yaml), Optional.empty());
            Path file = folder.resolve("network.onnx");
            Onnx.float32().write(trained, file);
            try (Predictor predictor = Predictor.loadOnnx(file, Weights.LAST, 1)) {
                assertThat(predictor.postProcessing().classes())
                        .containsExactly(Map.entry(1, new PostProcessing.Rule(true, 0, true)));
            }
            TrainedNetwork wrong = new TrainedNetwork(
                    plain.network(),
                    plain.spec(),
                    plain.plan(),
                    Optional.of(yaml.replace("1:", "9:")),
                    Optional.empty());
            Path other = folder.resolve("wrong.onnx");
            Onnx.float32().write(wrong, other);
            assertThatThrownBy(() -> Predictor.loadOnnx(other, Weights.LAST, 1))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("wrong.onnx] names classes [9]; the network's are [1, 2]");
        }
    }

    @Test
    void whatTheNetworkHasSeenTravelsInTheFile() throws IOException {
        TrainingRanges ranges = new TrainingRanges(
                41, new Spacing(2, 1, 1), new Spacing(4, 1, 0.9), List.of(new TrainingRanges.Channel(-160.5, 240)));
        try (TrainedNetwork plain = Networks.cubes("unet")) {
            TrainedNetwork trained = new TrainedNetwork(
                    plain.network(), plain.spec(), plain.plan(), plain.postProcessing(), Optional.of(ranges));
            Path file = folder.resolve("network.onnx");
            Onnx.float32().write(trained, file);
            try (Predictor predictor = Predictor.loadOnnx(file, Weights.LAST, 1)) {
                assertThat(predictor.ranges()).contains(ranges);
            }
            Path without = folder.resolve("without.onnx");
            Onnx.float32().write(plain, without);
            try (Predictor predictor = Predictor.loadOnnx(without, Weights.LAST, 1)) {
                assertThat(predictor.ranges()).isEmpty();
            }
        }
    }

    @Test
    void batchesAndMirroredWindowsHaveTheSameLogits() throws IOException {
        try (TrainedNetwork trained = Networks.cubes("unet");
                Engine engine = OnnxEngine.of(trained, 1)) {
            PreparedScan prepared = Preparation.apply(trained.plan(), CT, Optional.empty());
            SlidingWindow window =
                    SlidingWindow.of(trained.plan().patch()).withBatch(3).withMirroring(List.of(2));
            List<Voxels> channels = List.of(Voxels.of(prepared.channels().get(0)));
            float[][] expected = WholeLogits.of(window, libtorch(trained), channels, prepared.shape());
            float[][] logits = WholeLogits.of(window, engine, channels, prepared.shape());
            for (int cls = 0; cls < expected.length; cls++) {
                assertThat(logits[cls]).containsExactly(expected[cls], within(LOGITS_TOLERANCE));
            }
        }
    }

    @Test
    void aWindowThatTheNetworkCannotTakeIsRefused() throws IOException {
        try (TrainedNetwork trained = Networks.cubes("unet");
                Engine engine = OnnxEngine.of(trained, 1)) {
            FloatBuffer windows = OnnxNetwork.buffer(4 * 4 * 6);
            assertThatThrownBy(() -> engine.run(windows, 1, new Shape(4, 4, 6), logits -> {}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("(4, 4, 6) must be divisible by (4, 4, 4)");
        }
    }

    @Test
    void aFileThatDoesNotSayHowScansArePreparedIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("run.onnx"), "nothing");
        assertThatThrownBy(() -> OnnxEngine.load(file, 1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("[" + file + "]");
    }
}
