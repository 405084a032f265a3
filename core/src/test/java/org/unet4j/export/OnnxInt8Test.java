package org.unet4j.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.unet4j.model.ModelSpec;
import org.unet4j.torch.Torch;

/** Eight bits change logits a little and labels hardly. */
class OnnxInt8Test {

    @TempDir
    Path folder;

    @BeforeAll
    static void start() {
        Torch.start(1, true);
    }

    static List<String> names() {
        return ModelSpec.names();
    }

    private static Patches noise(TrainedNetwork trained, double scale) {
        FloatBuffer image = OnnxNetwork.buffer(trained.plan().patch().arrayLength());
        Random random = new Random(5);
        for (int i = 0; i < image.capacity(); i++) {
            image.put(i, (float) (scale * random.nextGaussian()));
        }
        return new Patches(trained.plan().patch(), List.of(image));
    }

    @ParameterizedTest
    @MethodSource("names")
    void labelsAreThoseOfTheNetwork(String name) throws IOException {
        try (TrainedNetwork trained = Networks.cubes(name)) {
            Export whole = Export.write(trained, Onnx.float32(), folder.resolve("whole.onnx"));
            Export eight = Export.write(trained, new OnnxInt8(noise(trained, 1)), folder.resolve("eight.onnx"));
            // Untrained, so classes are near each other in many voxels.
            assertThat(eight.parity().sameLabels()).isBetween(0.95, 0.99999);
            assertThat(eight.parity().largestDifference()).isGreaterThan(1e-3);
            assertThat(whole.parity().sameLabels()).isGreaterThan(0.999);
            assertThat(Files.size(folder.resolve("eight.onnx")))
                    .isLessThan((long) (0.6 * Files.size(folder.resolve("whole.onnx"))));
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void rangesOfOtherImagesAreNoticed(String name) throws IOException {
        try (TrainedNetwork trained = Networks.cubes(name)) {
            Path file = folder.resolve("wrong.onnx");
            new OnnxInt8(noise(trained, 0)).write(trained, file);
            OnnxInt8 right = new OnnxInt8(noise(trained, 1));
            assertThatThrownBy(() -> {
                        try (org.unet4j.torch.Scope scope = new org.unet4j.torch.Scope()) {
                            assertThat(right.accepts(right.parity(trained, file, right.trials(trained))))
                                    .isTrue();
                        }
                    })
                    .isInstanceOf(AssertionError.class);
        }
    }
}
