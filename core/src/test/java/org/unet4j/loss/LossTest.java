package org.unet4j.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
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

    private static final JsonNode VOXELWISE = Golden.json("voxel_losses.json");

    /** Our name for each of the golden losses; nnU-Net's value is 1 less (its Dice is negative). */
    private static final Map<String, Loss> SAME = Map.ofEntries(
            Map.entry("monai DiceLoss", Dice.perSample().withBackground()),
            Map.entry("monai DiceLoss_nobg", Dice.perSample()),
            Map.entry("monai DiceLoss_batch", Dice.overBatch().withBackground()),
            Map.entry("monai DiceCELoss", new DicePlus(Dice.perSample().withBackground(), CrossEntropy.unweighted())),
            Map.entry("monai DiceCELoss_batch_nobg", new DicePlus(Dice.overBatch(), CrossEntropy.unweighted())),
            Map.entry("monai FocalLoss_softmax", Focal.unweighted(2)),
            Map.entry("nnunet DC_and_CE batch_dice=False", Loss.diceCrossEntropy()),
            Map.entry("nnunet DC_and_CE batch_dice=True", new DicePlus(Dice.overBatch(), CrossEntropy.unweighted())),
            Map.entry("cross-entropy weighted", CrossEntropy.weighted(0.5, 2, 3)),
            Map.entry("top-k 10", TopK.hardest(0.1)),
            Map.entry("top-k 25 weighted", new TopK(0.25, List.of(0.5, 2.0, 3.0))),
            Map.entry("focal 0.5", Focal.unweighted(0.5)),
            Map.entry("focal 1.5 weighted", new Focal(1.5, List.of(0.5, 2.0, 3.0))),
            Map.entry("dice plus top-k 10", new DicePlus(Dice.perSample(), TopK.hardest(0.1))),
            Map.entry(
                    "dice plus cross-entropy weighted",
                    new DicePlus(Dice.perSample(), CrossEntropy.weighted(0.5, 2, 3))));

    private final Scope scope = new Scope();

    @AfterEach
    void close() {
        scope.close();
    }

    static Stream<String> golden() {
        return SAME.keySet().stream().sorted();
    }

    /** Returns some of every kind. */
    static Stream<Loss> losses() {
        return Stream.of(
                Dice.perSample(),
                Dice.overBatch(),
                Dice.perSample().withBackground(),
                CrossEntropy.unweighted(),
                CrossEntropy.weighted(0, 2, 0.5),
                TopK.hardest(1e-9),
                TopK.hardest(0.1),
                new TopK(1, List.of(1.0, 0.0, 2.0)),
                Focal.unweighted(0),
                Focal.unweighted(0.5),
                new Focal(2, List.of(0.25, 1.0, 4.0)),
                Loss.diceCrossEntropy(),
                new DicePlus(Dice.overBatch(), CrossEntropy.weighted(1, 2, 3)),
                new DicePlus(Dice.perSample(), Focal.unweighted(2)));
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    /** Returns (2, 3, 3, 4, 5). */
    static Tensor logits() {
        return Tensors.of(floats(Golden.numbers(GOLDEN.path("logits"))), 2, 3, 3, 4, 5)
                .set_requires_grad(true);
    }

    private static Tensor target(float... classes) {
        return Tensors.of(classes, 2, 3, 4, 5).to(ScalarType.Long);
    }

    /** Returns (2, 3, 4, 5). */
    static Tensor target() {
        return target(floats(Golden.numbers(GOLDEN.path("target"))));
    }

    @ParameterizedTest
    @MethodSource("golden")
    void valueAndGradientEqualTheReference(String name) {
        JsonNode expected = (GOLDEN.path("losses").has(name) ? GOLDEN : VOXELWISE)
                .path("losses")
                .path(name);
        assertThat(expected.isMissingNode()).isFalse();
        Tensor logits = logits();
        Tensor loss = SAME.get(name).of(logits, target());
        loss.backward();
        requireEqual(loss, logits.grad(), expected, name.startsWith("nnunet") ? 1 : 0);
    }

    /** Fails where value and gradient are not those of {@code expected}, the value plus {@code shift}. */
    static void requireEqual(Tensor loss, Tensor gradientNCDHW, JsonNode expected, double shift) {
        assertThat((double) loss.item_float())
                .isCloseTo(expected.path("value").asDouble() + shift, within(VALUE_TOLERANCE));
        float[] gradient = Tensors.toFloats(gradientNCDHW);
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
        Tensor logits = logits().detach().to(ScalarType.Double).set_requires_grad(true);
        Tensor value = loss.of(logits, target());
        assertThat(value.scalar_type().intern()).isEqualTo(ScalarType.Double);
        value.backward();
        double h = 1e-4;
        for (int i = 0; i < 360; i += 37) {
            float[] one = new float[360];
            one[i] = 1;
            Tensor step = Tensors.of(one, 2, 3, 3, 4, 5).to(ScalarType.Double).mul(new Scalar(h));
            double up = loss.of(logits.detach().add(step), target()).item_double();
            double down = loss.of(logits.detach().sub(step), target()).item_double();
            // The quotient's own error is h squared times a third derivative.
            assertThat(logits.grad().flatten().select(0, i).item_double())
                    .isCloseTo((up - down) / (2 * h), within(1e-8));
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

    @ParameterizedTest
    @MethodSource("losses")
    void bytesAreTargetsToo(Loss loss) {
        assertThat(loss.of(logits(), target().to(ScalarType.Byte)).item_float())
                .isEqualTo(loss.of(logits(), target()).item_float());
    }

    @ParameterizedTest
    @MethodSource("losses")
    void theMemoryLayoutOfTheLogitsDoesNotMatter(Loss loss) {
        Tensor channelsLast = logits().permute(0, 2, 3, 4, 1).contiguous().permute(0, 4, 1, 2, 3);
        assertThat((double) loss.of(channelsLast, target()).item_float())
                .isCloseTo(loss.of(logits(), target()).item_float(), within(VALUE_TOLERANCE));
    }

    @Test
    void theSameInputGivesTheSameBits() {
        float[] values = new float[2 * 3 * 32 * 32 * 32];
        float[] classes = new float[2 * 32 * 32 * 32];
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        for (int i = 0; i < classes.length; i++) {
            classes[i] = random.nextInt(3);
        }
        Tensor target = Tensors.of(classes, 2, 32, 32, 32).to(ScalarType.Long);
        for (Loss loss : losses().toList()) {
            float[][] gradients = new float[2][];
            for (int run = 0; run < 2; run++) {
                Tensor logits = Tensors.of(values, 2, 3, 32, 32, 32).set_requires_grad(true);
                loss.of(logits, target).backward();
                gradients[run] = Tensors.toFloats(logits.grad());
            }
            assertThat(gradients[1]).isEqualTo(gradients[0]);
        }
    }

    /** Of random numbers: of several equally hard voxels the card may choose another one. */
    @ParameterizedTest
    @MethodSource("losses")
    @Tag("gpu")
    void aCardComputesWhatTheProcessorDoes(Loss loss) {
        assumeThat(Device.best().isCuda()).isTrue();
        Random random = new Random(5);
        float[] values = new float[360];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        Tensor here = Tensors.of(values, 2, 3, 3, 4, 5).set_requires_grad(true);
        Tensor there = Tensors.of(values, 2, 3, 3, 4, 5).set_requires_grad(true);
        Tensor expected = loss.of(here, target());
        Tensor value = loss.of(
                Tensors.to(there, Device.best(), ScalarType.Float),
                Tensors.to(target(), Device.best(), ScalarType.Byte));
        expected.backward();
        value.backward();
        assertThat((double) value.item_float()).isCloseTo(expected.item_float(), within(VALUE_TOLERANCE));
        assertThat((double) there.grad().sub(here.grad()).abs().max().item_float())
                .isLessThan(GRADIENT_TOLERANCE);
    }

    @Test
    void aBatchWhoseClassesWeighNothingHasNoLoss() {
        Tensor logits = logits();
        Tensor value = CrossEntropy.weighted(0, 1, 1).of(logits, target(new float[120]));
        value.backward();
        assertThat(value.item_float()).isZero();
        assertThat(logits.grad().abs().max().item_float()).isZero();
    }

    @Test
    void focalOfGammaZeroIsCrossEntropyOverClasses() {
        assertThat((double) Focal.unweighted(0).of(logits(), target()).item_float())
                .isCloseTo(CrossEntropy.unweighted().of(logits(), target()).item_float() / 3, within(VALUE_TOLERANCE));
    }

    @Test
    void allVoxelsAreTheHardestOfShareOne() {
        assertThat((double) TopK.hardest(1).of(logits(), target()).item_float())
                .isCloseTo(CrossEntropy.unweighted().of(logits(), target()).item_float(), within(VALUE_TOLERANCE));
    }

    @Test
    void smoothingMustBePositive() {
        assertThatThrownBy(() -> new Dice(Dice.Pooling.BATCH, true, 0)).hasMessageContaining("smooth 0.0");
    }

    @Test
    void weightsMustBeOneForEachClassAndNotNegative() {
        assertThatThrownBy(() -> CrossEntropy.weighted(1, -1))
                .hasMessage("cross-entropy: class weight -1.0 of [1.0, -1.0] must be finite and at least 0");
        assertThatThrownBy(() -> new TopK(0.1, List.of(Double.NaN))).hasMessageContaining("top-k: class weight NaN");
        assertThatThrownBy(() -> new Focal(2, List.of(Double.POSITIVE_INFINITY)))
                .hasMessageContaining("focal: class weight Infinity");
        assertThatThrownBy(() -> CrossEntropy.weighted(0, 0)).hasMessageContaining("must not all be 0");
        assertThatThrownBy(() -> CrossEntropy.weighted(1, 2).of(logits(), target()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("class weights [1.0, 2.0] must be one for each of the 3 classes of the logits;"
                        + " [] weighs no class");
    }

    @Test
    void shareAndGammaHaveBounds() {
        assertThatThrownBy(() -> TopK.hardest(0)).hasMessageContaining("share 0.0 must be above 0 and at most 1");
        assertThatThrownBy(() -> TopK.hardest(10)).hasMessageContaining("share 10.0");
        assertThatThrownBy(() -> TopK.hardest(Double.NaN)).hasMessageContaining("share NaN");
        assertThatThrownBy(() -> Focal.unweighted(-0.5)).hasMessageContaining("gamma -0.5");
        assertThatThrownBy(() -> Focal.unweighted(Double.POSITIVE_INFINITY)).hasMessageContaining("gamma Infinity");
    }

    @ParameterizedTest
    @MethodSource("losses")
    void aLossIsAFileThatComesBack(Loss loss, @TempDir Path folder) throws IOException {
        Yaml.write(folder.resolve("loss.yaml"), loss);
        assertThat(Yaml.read(folder.resolve("loss.yaml"), Loss.class)).isEqualTo(loss);
    }
}
