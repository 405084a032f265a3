package org.unet4j.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.unet4j.model.ModelSpec;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;
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

    private static Patches noise(TrainedNetwork trained, double... scales) {
        List<FloatBuffer> images = new ArrayList<>();
        Random random = new Random(5);
        for (double scale : scales) {
            FloatBuffer image = OnnxNetwork.buffer(trained.plan().patch().arrayLength());
            for (int i = 0; i < image.capacity(); i++) {
                image.put(i, (float) (scale * random.nextGaussian()));
            }
            images.add(image);
        }
        return new Patches(trained.plan().patch(), images);
    }

    @ParameterizedTest
    @MethodSource("names")
    void labelsAreThoseOfTheNetwork(String name) throws IOException {
        try (TrainedNetwork trained = Networks.cubes(name)) {
            Export whole = Export.write(trained, Onnx.float32(), folder.resolve("whole.onnx"));
            Export eight = Export.write(trained, new OnnxInt8(noise(trained, 1)), folder.resolve("eight.onnx"));
            // Untrained, so classes are near each other in many voxels.
            assertThat(eight.parity().sameLabels()).isBetween(0.9, 0.99999);
            assertThat(eight.parity().largestDifference()).isGreaterThan(1e-3);
            assertThat(whole.parity().sameLabels()).isGreaterThan(0.999);
            assertThat(Files.size(folder.resolve("eight.onnx")))
                    .isLessThan((long) (0.6 * Files.size(folder.resolve("whole.onnx"))));
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void rangesThatDoNotHoldForTheImageHeldOutAreNoticed(String name) throws IOException {
        try (TrainedNetwork trained = Networks.cubes(name)) {
            Patches patches = noise(trained, 0, 0, 0, 1);
            Path file = folder.resolve("wrong.onnx");
            assertThatThrownBy(() -> Export.write(trained, new OnnxInt8(patches), file))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("[" + file + "] is not written: only ")
                    .hasMessageEndingWith(
                            " % of the foreground's voxels keep their label; export with --weights fp32 or fp16");
            assertThat(folder).isEmptyDirectory();
        }
    }

    @Test
    void everyFourthPatchIsHeldOut() {
        try (TrainedNetwork trained = Networks.cubes("unet")) {
            Patches nine = noise(trained, 1, 2, 3, 4, 5, 6, 7, 8, 9);
            List<FloatBuffer> images = nine.images();
            assertThat(nine.heldOut()).containsExactly(images.get(3), images.get(7));
            assertThat(nine.calibration()).hasSize(7).doesNotContainAnyElementsOf(nine.heldOut());
            Patches three = noise(trained, 1, 2, 3);
            assertThat(three.calibration()).isEqualTo(three.images()).isEqualTo(three.heldOut());
        }
    }

    /** Class 2 is few voxels of the foreground, and foreground is a small part of all: neither share shows that it is lost. */
    @Test
    void aRareClassThatVanishesIsRefused() {
        try (TrainedNetwork trained = Networks.cubes("unet");
                Scope scope = new Scope()) {
            OnnxInt8 format = new OnnxInt8(noise(trained, 1));
            List<Tensor> images = format.trials(trained);
            makeRare(trained, images.get(0), 2, 0.002);
            makeRare(trained, images.get(0), 1, 0.2);
            Parity equal = Parity.of(trained, image -> logits(trained, image), images);
            assertThat(format.refusal(equal)).isEmpty();
            Parity lost = Parity.of(trained, image -> without(2, logits(trained, image)), images);
            assertThat(lost.worstClass()).isEqualTo(2);
            assertThat(lost.worstDice()).isZero();
            assertThat(lost.sameLabels()).isBetween(0.95, 0.9999);
            assertThat(format.refusal(lost))
                    .contains("the voxels of class 2 have a Dice of only 0.00 with the"
                            + " network's; export with --weights fp32 or fp16");
            Parity organ = Parity.of(trained, image -> without(1, logits(trained, image)), images);
            assertThat(organ.sameLabels()).isLessThan(0.1);
            assertThat(format.refusal(organ))
                    .hasValueSatisfying(
                            why -> assertThat(why).startsWith("only ").contains("keep their label"));
        }
    }

    @Test
    void logitsThatAreNoNumbersAreRefused() {
        try (TrainedNetwork trained = Networks.cubes("unet");
                Scope scope = new Scope()) {
            OnnxInt8 format = new OnnxInt8(noise(trained, 1));
            for (float odd : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
                Parity parity = Parity.of(
                        trained,
                        image -> {
                            float[] logits = logits(trained, image);
                            logits[7] = odd;
                            return logits;
                        },
                        format.trials(trained));
                assertThat(format.refusal(parity))
                        .contains("some of its logits would be no numbers; export with --weights fp32 or fp16");
            }
        }
    }

    private static float[] logits(TrainedNetwork trained, Tensor image) {
        return Tensors.toFloats(trained.network().forward(image));
    }

    private static float[] without(int label, float[] logits) {
        int voxels = logits.length / 3;
        Arrays.fill(logits, label * voxels, (label + 1) * voxels, -1e6f);
        return logits;
    }

    /** Shifts the bias of a class so that about {@code share} of the voxels of {@code image} have its label. */
    private static void makeRare(TrainedNetwork trained, Tensor image, int label, double share) {
        float[] logits = logits(trained, image);
        int voxels = logits.length / 3;
        float[] margins = new float[voxels];
        for (int i = 0; i < voxels; i++) {
            float others = Math.max(logits[(label + 1) % 3 * voxels + i], logits[(label + 2) % 3 * voxels + i]);
            margins[i] = others - logits[label * voxels + i];
        }
        Arrays.sort(margins);
        float shift = margins[(int) (share * voxels)];
        // Only what gives logits has as many biases as there are classes.
        trained.network().state().forEach((name, weights) -> {
            if (weights.dim() == 1 && weights.size(0) == 3) {
                float[] biases = Tensors.toFloats(weights);
                biases[label] += shift;
                weights.detach().copy_(Tensors.of(biases, 3));
            }
        });
    }
}
