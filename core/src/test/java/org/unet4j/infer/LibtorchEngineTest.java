package org.unet4j.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.model.Layout;
import org.unet4j.model.ModelFile;
import org.unet4j.model.ModelSpec;
import org.unet4j.model.Network;
import org.unet4j.prep.Topology;
import org.unet4j.torch.Device;
import org.unet4j.torch.OneThread;
import org.unet4j.torch.Precision;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;
import org.unet4j.volume.Shape;

@ExtendWith(OneThread.class)
class LibtorchEngineTest {

    private static final Device CPU = Device.cpu();
    private static final Shape WINDOW = new Shape(8, 4, 6);
    private static final ModelSpec SPEC = ModelSpec.of(
            "unet",
            2,
            3,
            new Topology(List.of(Shape.cube(1), Shape.cube(2)), List.of(Shape.cube(3), Shape.cube(3)), List.of(4, 8)));

    @TempDir
    Path folder;

    private static FloatBuffer windows(int count) {
        FloatBuffer windows = ByteBuffer.allocateDirect(count * 2 * WINDOW.arrayLength() * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        SplittableRandom random = new SplittableRandom(3);
        while (windows.hasRemaining()) {
            windows.put((float) (2 * random.nextDouble() - 1));
        }
        return windows; // its position is at its end: it shall not matter
    }

    private static float[] run(Engine engine, int count) {
        float[] values = new float[count * 3 * WINDOW.arrayLength()];
        engine.run(windows(count), count, WINDOW, logits -> logits.get(0, values));
        return values;
    }

    @Test
    void logitsAreTheNetworksAndGradientsAreAsBefore() {
        try (Network network = SPEC.build(1);
                Scope scope = new Scope()) {
            float[] image = new float[2 * 2 * WINDOW.arrayLength()];
            windows(2).get(0, image);
            float[] expected = Tensors.toFloats(network.forward(Tensors.of(image, 2, 2, 8, 4, 6)));
            boolean[] inside = {true};
            Engine engine = LibtorchEngine.of(network, 2, 3, CPU, Precision.FP32);
            assertThat(GradMode.is_enabled()).isTrue();
            engine.run(windows(2), 2, WINDOW, logits -> inside[0] = GradMode.is_enabled());
            assertThat(inside[0]).isFalse();
            assertThat(GradMode.is_enabled()).isTrue();
            assertThat(run(engine, 2)).containsExactly(expected);
            engine.close();
            assertThat(run(engine, 2)).as("the network is not the engine's").containsExactly(expected);
        }
    }

    @Test
    void theNetworkComputesInThePrecisionAskedFor() throws IOException {
        Path file = folder.resolve("weights.safetensors");
        try (Network network = SPEC.build(1)) {
            ModelFile.save(file, network, SPEC);
        }
        try (Engine exact = LibtorchEngine.load(file, CPU, Precision.FP64);
                Engine single = LibtorchEngine.load(file, CPU, Precision.FP32);
                Engine rounded = LibtorchEngine.load(file, CPU, Precision.BF16)) {
            float[] expected = run(exact, 1);
            // float32 has 24 bits of mantissa, bf16 has 8; logits of about 1 out of a few hundred products
            assertThat(run(single, 1)).containsExactly(expected, within(1e-5f));
            assertThat(run(rounded, 1))
                    .containsExactly(expected, within(0.1f))
                    .isNotEqualTo(expected)
                    .isNotEqualTo(run(single, 1));
            assertThat(torch.is_autocast_enabled(DeviceType.CPU)).isFalse();
        }
    }

    @Test
    void aNetworkThatIsOnlyRunHasFeaturesInnermostOnTheProcessor() {
        assertThat(Layout.inPrediction(CPU, Precision.FP32))
                .isEqualTo(torch.hasMKLDNN() ? Layout.CHANNELS_LAST : Layout.CONTIGUOUS);
        assertThat(Layout.inPrediction(CPU, Precision.BF16)).isEqualTo(Layout.CHANNELS_LAST);
        assertThat(Layout.inPrediction(CPU, Precision.FP64)).isEqualTo(Layout.CONTIGUOUS);
    }

    @Test
    void theLayoutOfFeaturesChangesRoundingOnly() throws IOException {
        Path file = folder.resolve("weights.safetensors");
        try (Network network = SPEC.build(1)) {
            ModelFile.save(file, network, SPEC);
            try (Engine usual = LibtorchEngine.of(network, 2, 3, CPU, Precision.FP32);
                    Engine innermost = LibtorchEngine.load(file, CPU, Precision.FP32)) {
                float[] expected = run(usual, 2);
                assertThat(run(innermost, 2)).containsExactly(expected, within(1e-5f));
                float[] one = run(innermost, 1);
                assertThat(Arrays.copyOf(run(innermost, 2), one.length))
                        .as("of a window beside another")
                        .containsExactly(one);
            }
        }
    }

    @Test
    void logitsOfAnotherShapeAreRefusedAndGradientsComeBack() {
        try (Network network = SPEC.build(1);
                Engine engine = LibtorchEngine.of(network, 2, 4, CPU, Precision.FP32)) {
            assertThatThrownBy(() -> engine.run(windows(1), 1, WINDOW, logits -> {}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("the network returned logits of shape [1, 3, 8, 4, 6]; expected [1, 4, 8, 4, 6]");
            assertThat(GradMode.is_enabled()).isTrue();
        }
    }

    @Test
    void threadsThatRunItAtOnceGetWhatOneGets() throws Exception {
        try (Network network = SPEC.build(1)) {
            Engine engine = LibtorchEngine.of(network, 2, 3, CPU, Precision.FP32);
            float[] expected = run(engine, 2);
            ExecutorService threads = Executors.newFixedThreadPool(4);
            try {
                List<Callable<float[]>> work = IntStream.range(0, 20)
                        .<Callable<float[]>>mapToObj(i -> () -> run(engine, 2))
                        .toList();
                for (Future<float[]> result : threads.invokeAll(work)) {
                    assertThat(result.get()).containsExactly(expected);
                }
            } finally {
                threads.shutdownNow();
            }
        }
    }
}
