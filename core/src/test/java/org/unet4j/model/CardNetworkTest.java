package org.unet4j.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.unet4j.Card;
import org.unet4j.torch.Autocast;
import org.unet4j.torch.Device;
import org.unet4j.torch.Gradients;
import org.unet4j.torch.Precision;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;
import org.unet4j.torch.Torch;
import org.unet4j.volume.Shape;

/** A card and the processor, which compute the same numbers by other kernels. */
@Tag("gpu")
class CardNetworkTest {

    private static final Shape PATCH = Shape.cube(32);

    /** float32 rounds by 6e-8, a sum of 27 * 32 products by some 1e-6: a dozen such layers, by algorithms of fewer products. */
    private static final double LOGITS_FP32 = 1e-4;

    /** As above, there and back, the gradients of kernels being sums over 65 536 voxels. */
    private static final double GRADIENTS_FP32 = 1e-3;

    /** Rounding of float64 is 1e-16: what is farther apart by a million is another formula. */
    private static final double FP64 = 1e-10;

    private static Device card;

    @BeforeAll
    static void start() {
        card = Card.required();
        Torch.start(2, true);
    }

    @AfterAll
    static void computeOnOneThread() {
        Torch.start(1, true);
    }

    /** What a network makes of a batch. */
    @SuppressWarnings("ArrayRecordComponent") // short-lived
    private record Pass(double[] logits, double loss, double[] gradients) {}

    private static ModelSpec spec(String name) {
        return ModelSpec.of(name, 1, 3, Topologies.cubes(8, 16, 32));
    }

    private static Pass pass(ModelSpec spec, Device device, Precision precision) {
        return pass(spec, device, precision, Layout.AUTO, false);
    }

    private static Pass pass(ModelSpec spec, Device device, Precision precision, Layout layout, boolean recompute) {
        try (Scope scope = new Scope();
                Network network = spec.build(3)) {
            network.arrange(layout);
            network.to(device, precision.parameterType());
            Tensor image =
                    Tensors.to(NetworkContractTest.image(2, spec.channels(), PATCH), device, precision.parameterType());
            Tensor target = image.squeeze(1).gt(new Scalar(0.3)).to(ScalarType.Long);
            double[] logits;
            try (NoGradGuard noGradients = new NoGradGuard();
                    Autocast autocast = precision.autocast(device)) {
                logits = Tensors.toDoubles(network.forward(image));
            }
            try (BatchGradient gradient = new BatchGradient(network, device, precision, recompute)) {
                Tensor loss = gradient.add(
                        new BatchGradientTest.Samples(image, target), BatchGradientTest.MEAN, value -> value);
                double[] gradients = network.parameters().stream()
                        .flatMapToDouble(parameter -> Arrays.stream(Tensors.toDoubles(parameter.grad())))
                        .toArray();
                Gradients.drop(network.parameters());
                return new Pass(logits, loss.item_double(), gradients);
            }
        }
    }

    private static void requireNear(Pass found, Pass expected, double logits, double gradients) {
        assertThat(Card.difference(found.logits(), expected.logits()))
                .as("logits")
                .isLessThan(logits);
        assertThat(Card.difference(found.gradients(), expected.gradients()))
                .as("gradients")
                .isLessThan(gradients);
    }

    static List<String> names() {
        return List.copyOf(ModelSpec.names());
    }

    @ParameterizedTest
    @MethodSource("names")
    void logitsAndGradientsAreThoseOfTheProcessor(String name) {
        Pass expected = pass(spec(name), Device.cpu(), Precision.FP32);
        Pass found = pass(spec(name), card, Precision.FP32);
        requireNear(found, expected, LOGITS_FP32, GRADIENTS_FP32);
        assertThat(Math.abs(found.loss() - expected.loss())).as("loss").isLessThan(LOGITS_FP32);
    }

    @ParameterizedTest
    @MethodSource("names")
    void inFloat64TheyAreToTenDigits(String name) {
        Pass expected = pass(spec(name), Device.cpu(), Precision.FP64);
        Pass found = pass(spec(name), card, Precision.FP64);
        requireNear(found, expected, FP64, FP64);
    }

    /** A dozen roundings to 11 or 8 bits; those of gradients double, for they go there and back. */
    @ParameterizedTest
    @CsvSource({"TF32, 0.01", "FP16, 0.01", "BF16, 0.08"})
    void fewerBitsStayNearFloat32(Precision precision, double tolerance) {
        for (String name : names()) {
            Pass expected = pass(spec(name), card, Precision.FP32);
            Pass found = pass(spec(name), card, precision);
            assertThat(Card.difference(found.logits(), expected.logits()))
                    .as(name)
                    .isLessThan(tolerance);
            assertThat(Card.difference(found.gradients(), expected.gradients()))
                    .as(name)
                    .isLessThan(2 * tolerance);
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void theLayoutOfFeaturesChangesNothingButSpeed(String name) {
        Pass expected = pass(spec(name), card, Precision.FP32, Layout.CONTIGUOUS, false);
        Pass found = pass(spec(name), card, Precision.FP32, Layout.CHANNELS_LAST, false);
        assertThat(Card.difference(found.logits(), expected.logits()))
                .as("logits")
                .isLessThan(LOGITS_FP32);
        assertThat(Card.difference(found.gradients(), expected.gradients()))
                .as("gradients")
                .isLessThan(GRADIENTS_FP32);
    }

    @ParameterizedTest
    @MethodSource("names")
    void featuresComputedAgainGiveTheSameGradient(String name) {
        Pass expected = pass(spec(name), card, Precision.BF16, Layout.CONTIGUOUS, false);
        Pass found = pass(spec(name), card, Precision.BF16, Layout.CONTIGUOUS, true);
        assertThat(found.loss()).isEqualTo(expected.loss());
        if (name.equals("unet")) {
            assertThat(found.gradients()).as("to the bit").isEqualTo(expected.gradients());
        } else { // features that go three ways are added in another order, in bfloat16
            assertThat(Card.difference(found.gradients(), expected.gradients())).isLessThan(0.02);
        }
    }

    @ParameterizedTest
    @CsvSource({"FP32", "TF32", "BF16", "FP16"})
    void theSameBatchGivesTheSameBits(Precision precision) {
        for (String name : names()) {
            Pass first = pass(spec(name), card, precision);
            Pass second = pass(spec(name), card, precision);
            assertThat(second.logits()).as(name).isEqualTo(first.logits());
            assertThat(second.gradients()).as(name).isEqualTo(first.gradients());
        }
    }
}
