package org.unet4j.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.ExtraFilesMap;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Torch;

/** What an exported file holds beside the operators, and what ONNX Runtime is asked. */
class OnnxTest {

    @TempDir
    Path folder;

    @BeforeAll
    static void start() {
        Torch.start(1, true);
    }

    @Test
    void theFileSaysHowScansArePrepared() throws IOException {
        try (TrainedNetwork trained = Networks.slices("unet")) {
            Path file = folder.resolve("network.onnx");
            Onnx.float32().write(trained, file);
            try (OnnxNetwork network = OnnxNetwork.open(file, 1)) {
                assertThat(Metadata.plan(file, network.metadata())).isEqualTo(trained.plan());
                assertThat(network.metadata())
                        .containsEntry("unet4j.labels", "{\"0\":\"class 0\",\"1\":\"class 1\"}")
                        .containsKeys("unet4j.model", "unet4j.version");
                assertThat(network.classes()).isEqualTo(2);
            }
        }
    }

    @Test
    void torchscriptSaysTheSame() throws IOException {
        try (TrainedNetwork trained = Networks.slices("unet");
                Scope scope = new Scope()) {
            Path file = folder.resolve("network.pt");
            new TorchScript().write(trained, file);
            BytePointer plan = new BytePointer("unet4j.plan");
            ExtraFilesMap texts = new ExtraFilesMap().put(plan, "");
            torch.load(file.toString(), new DeviceOptional(), texts, true);
            assertThat(texts.get(plan).getString())
                    .isEqualTo(Metadata.of(trained).get("unet4j.plan"));
        }
    }

    @Test
    void theSameNetworkGivesTheSameBytes() throws IOException {
        try (TrainedNetwork trained = Networks.slices("attention-unet")) {
            Onnx.float32().write(trained, folder.resolve("one"));
            Onnx.float32().write(trained, folder.resolve("two"));
            assertThat(folder.resolve("one")).hasSameBinaryContentAs(folder.resolve("two"));
        }
    }

    @Test
    void manyWeightsLieBesideTheModel() throws IOException {
        try (TrainedNetwork trained = Networks.cubes("resunet")) {
            Path file = folder.resolve("network.onnx");
            Export export = Export.write(trained, Onnx.float32().withMostInside(1000), file);
            Path weights = folder.resolve("network.onnx.weights");
            assertThat(export.files()).containsExactly(file, weights);
            assertThat(export.parity().within(Parity.TOLERANCE)).isTrue();
            long bytes = trained.network().parameterCount() * Float.BYTES;
            assertThat(Files.size(weights)).isGreaterThan(bytes);
            assertThat(Files.size(file)).isLessThan(bytes / 4);
        }
    }

    @Test
    void kernelsInHalfPrecisionTakeHalfTheRoom() throws IOException {
        try (TrainedNetwork trained = Networks.cubes("attention-resunet")) {
            Onnx.float32().write(trained, folder.resolve("whole"));
            Export half = Export.write(trained, Onnx.halfWeights(), folder.resolve("half"));
            assertThat((double) Files.size(half.files().get(0))).isLessThan(0.6 * Files.size(folder.resolve("whole")));
            // They are rounded, so the logits are others; by how much at most the format says.
            assertThat(half.parity().largestDifference()).isGreaterThan(1e-4);
        }
    }

    @Test
    void whatIsNoModelIsRefusedByName() throws IOException {
        assertThatThrownBy(() -> OnnxNetwork.open(folder.resolve("missing"), 1))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("missing");
        Path text = Files.writeString(folder.resolve("text.onnx"), "no model");
        assertThatThrownBy(() -> OnnxNetwork.open(text, 1))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("[" + text + "] is no model that ONNX Runtime can run: ");
    }

    @Test
    void aBufferOfAnotherSizeIsRefused() throws IOException {
        try (TrainedNetwork trained = Networks.cubes("unet")) {
            Path file = folder.resolve("network.onnx");
            Onnx.float32().write(trained, file);
            long[] shape = {1, 1, 4, 4, 4};
            try (OnnxNetwork network = OnnxNetwork.open(file, 1)) {
                FloatBuffer image = OnnxNetwork.buffer(64);
                assertThatThrownBy(() -> network.run(image, shape, OnnxNetwork.buffer(64)))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("with 192 numbers is needed; given 64");
                assertThatThrownBy(() -> network.run(FloatBuffer.allocate(64), shape, OnnxNetwork.buffer(192)))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("on the heap");
            }
        }
    }

    @Test
    void aSizeThatTheNetworkCannotTakeIsAnError() throws IOException {
        try (TrainedNetwork trained = Networks.cubes("unet")) {
            Path file = folder.resolve("network.onnx");
            Onnx.float32().write(trained, file);
            try (OnnxNetwork network = OnnxNetwork.open(file, 1)) {
                long[] odd = {1, 1, 5, 4, 4};
                assertThatThrownBy(() -> network.run(OnnxNetwork.buffer(80), odd, OnnxNetwork.buffer(240)))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("network.onnx");
            }
        }
    }
}
