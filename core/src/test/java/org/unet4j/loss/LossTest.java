package org.unet4j.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.unet4j.Golden;
import org.unet4j.io.Yaml;
import org.unet4j.torch.Autocast;
import org.unet4j.torch.Device;
import org.unet4j.torch.Precision;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;
import tools.jackson.databind.JsonNode;

class LossTest {

    /** float32 sums of 60 voxels in another order. */
    private static final double VALUE_TOLERANCE = 1e-5;

    private static final double GRADIENT_TOLERANCE = 1e-6;
    private static final JsonNode GOLDEN = Golden.json("losses.json");

    /** Our name for each of the golden losses, and by how much nnU-Net's value differs (its Dice is negative). */
    private static final Map<String, Loss> SAME = Map.of(
            "monai DiceLoss", Dice.perSample().withBackground(),
            "monai DiceLoss_nobg", Dice.perSample(),
            "monai DiceLoss_batch", Dice.overBatch().withBackground(),
            "monai DiceCELoss", new DiceCrossEntropy(Dice.perSample().withBackground(), new CrossEntropy()),
            "monai DiceCELoss_batch_nobg", new DiceCrossEntropy(Dice.overBatch(), new CrossEntropy()),
            "nnunet DC_and_CE batch_dice=False", Loss.diceCrossEntropy(),
            "nnunet DC_and_CE batch_dice=True", new DiceCrossEntropy(Dice.overBatch(), new CrossEntropy()));

    private final Scope scope = new Scope();

    @AfterEach
    void close() {
        scope.close();
    }

    static Stream<String> golden() {
        return SAME.keySet().stream().sorted();
    }

    static Stream<Loss> losses() {
        return Stream.of(
                Dice.perSample(),
                Dice.overBatch(),
                Dice.perSample().withBackground(),
                new CrossEntropy(),
                Loss.diceCrossEntropy());
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    private static Tensor logits() {
        return Tensors.of(floats(Golden.numbers(GOLDEN.path("logits"))), 2, 3, 3, 4, 5)
                .set_requires_grad(true);
    }

    private static Tensor target(float... classes) {
        return Tensors.of(classes, 2, 3, 4, 5).to(ScalarType.Long);
    }

    private static Tensor target() {
        return target(floats(Golden.numbers(GOLDEN.path("target"))));
    }

    @ParameterizedTest
    @MethodSource("golden")
    void valueAndGradientEqualTheReference(String name) {
        JsonNode expected = GOLDEN.path("losses").path(name);
        assertThat(expected.isMissingNode()).isFalse();
        Tensor logits = logits();
        Tensor loss = SAME.get(name).of(logits, target());
        loss.backward();
        double shift = name.startsWith("nnunet") ? 1 : 0;
        assertThat((double) loss.item_float())
                .isCloseTo(expected.path("value").asDouble() + shift, within(VALUE_TOLERANCE));
        float[] gradient = Tensors.toFloats(logits.grad());
        double norm = 0;
        for (float g : gradient) {
            norm += (double) g * g;
        }
        assertThat(Math.sqrt(norm)).isCloseTo(expected.path("grad_l2").asDouble(), within(GRADIENT_TOLERANCE));
        double[] first = Golden.numbers(expected.path("grad_first8"));
        for (int i = 0; i < first.length; i++) {
            assertThat((double) gradient[i]).isCloseTo(first[i], within(GRADIENT_TOLERANCE));
        }
    }

    @ParameterizedTest
    @MethodSource("losses")
    void theGradientIsTheDifferenceQuotient(Loss loss) {
        Tensor logits = logits();
        loss.of(logits, target()).backward();
        float[] gradient = Tensors.toFloats(logits.grad());
        float[] values = Tensors.toFloats(logits);
        float h = 0.02f;
        for (int i = 0; i < values.length; i += 37) {
            float[] up = values.clone();
            float[] down = values.clone();
            up[i] += h;
            down[i] -= h;
            double quotient = (value(loss, up) - value(loss, down)) / (2 * h);
            // float32 losses near 1 differ by 1e-7: 5e-6 after the division; the rest is the quotient's own error.
            assertThat((double) gradient[i]).isCloseTo(quotient, within(2e-5));
        }
    }

    private static double value(Loss loss, float[] logits) {
        return loss.of(Tensors.of(logits, 2, 3, 3, 4, 5), target()).item_float();
    }

    @ParameterizedTest
    @MethodSource("losses")
    void aPerfectPredictionIsTheMinimum(Loss loss) {
        float[] classes = Tensors.toFloats(target());
        float[] perfect = new float[3 * classes.length];
        for (int i = 0; i < classes.length; i++) {
            int sample = i / 60;
            perfect[(sample * 3 + (int) classes[i]) * 60 + i % 60] = 60;
        }
        assertThat(value(loss, perfect)).isCloseTo(0, within(1e-5));
        assertThat(value(loss, new float[perfect.length])).isGreaterThan(0.1);
    }

    @ParameterizedTest
    @MethodSource("losses")
    void classesThatAreAbsentKeepItFinite(Loss loss) {
        Tensor logits = logits();
        Tensor value = loss.of(logits, target(new float[120]));
        value.backward();
        assertThat(value.item_float()).isFinite().isGreaterThanOrEqualTo(0);
        for (float g : Tensors.toFloats(logits.grad())) {
            assertThat(g).isFinite();
        }
    }

    @ParameterizedTest
    @MethodSource("losses")
    void hugeFp16LogitsGiveFiniteNumbersInFloat32(Loss loss) {
        float[] extreme = new float[360];
        for (int i = 0; i < extreme.length; i++) {
            extreme[i] = i % 2 == 0 ? 60000 : -60000;
        }
        Tensor logits =
                Tensors.of(extreme, 2, 3, 3, 4, 5).to(ScalarType.Half).detach().set_requires_grad(true);
        try (Autocast autocast = Precision.FP16.autocast(Device.cpu())) {
            Tensor value = loss.of(logits, target());
            assertThat(value.scalar_type().intern()).isEqualTo(ScalarType.Float);
            assertThat(value.item_float()).isFinite();
            value.backward();
        }
        for (float g : Tensors.toFloats(logits.grad())) {
            assertThat(g).isFinite();
        }
    }

    @Test
    void aTargetThatDoesNotFitIsRefused() {
        Loss loss = Loss.diceCrossEntropy();
        float[] stranger = new float[120];
        stranger[17] = 3;
        assertThatThrownBy(() -> loss.of(logits(), target(stranger)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "the target has 1 voxels that are none of the 3 classes of the logits; classes count from 0");
        assertThatThrownBy(() ->
                        loss.of(logits(), Tensors.of(new float[120], 2, 3, 5, 4).to(ScalarType.Long)))
                .hasMessageContaining("given Long [2, 3, 5, 4]");
        assertThatThrownBy(() -> loss.of(logits(), Tensors.of(new float[120], 2, 3, 4, 5)))
                .hasMessageContaining("given Float");
    }

    @Test
    void smoothingMustBePositive() {
        assertThatThrownBy(() -> new Dice(Dice.Pooling.BATCH, true, 0)).hasMessageContaining("smooth 0.0");
    }

    @ParameterizedTest
    @MethodSource("losses")
    void aLossIsAFileThatComesBack(Loss loss, @TempDir Path folder) throws IOException {
        Yaml.write(folder.resolve("loss.yaml"), loss);
        assertThat(Yaml.read(folder.resolve("loss.yaml"), Loss.class)).isEqualTo(loss);
    }
}
