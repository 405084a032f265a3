package org.unet4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.unet4j.loss.Loss;
import org.unet4j.torch.Autocast;
import org.unet4j.torch.Device;
import org.unet4j.torch.Gradients;
import org.unet4j.torch.Precision;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;
import org.unet4j.torch.Torch;
import org.unet4j.volume.Shape;

class BatchGradientTest {

    private static final Shape PATCH = new Shape(8, 16, 8);
    private static final int SAMPLES = 3;

    private Scope scope;
    private Network network;
    private Tensor image;
    private Tensor target;

    @BeforeEach
    void open() {
        Torch.start(2, true);
        scope = new Scope();
        network = new AttentionResUNet(1, 3, Topologies.cubes(8, 16, 32)).build(3);
        image = NetworkContractTest.image(SAMPLES, 1, PATCH);
        target = image.squeeze(1).gt(new Scalar(0.3)).to(ScalarType.Long);
    }

    @AfterEach
    void close() {
        network.close();
        scope.close();
        Torch.start(1, true);
    }

    private Tensor loss(Tensor logits) {
        return Loss.diceCrossEntropy().of(logits, target);
    }

    private List<float[]> gradients() {
        List<float[]> gradients = network.parameters().stream()
                .map(p -> Tensors.toFloats(p.grad()))
                .toList();
        Gradients.drop(network.parameters());
        return gradients;
    }

    private static double norm(float[] values) {
        double squares = 0;
        for (float value : values) {
            squares += (double) value * value;
        }
        return Math.sqrt(squares);
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void itIsTheGradientOfForwardAndBackward(Precision precision) {
        Tensor logits;
        try (Autocast autocast = precision.autocast(Device.cpu())) {
            logits = network.forward(image);
        }
        Tensor expected = loss(logits);
        expected.backward();
        List<float[]> reference = gradients();
        try (BatchGradient gradient = new BatchGradient(network, Device.cpu(), precision)) {
            Tensor value = gradient.add(image, this::loss, loss -> loss);
            // One thread a sample sums a norm in another order than two: now and then a bfloat16 is rounded the other
            // way.
            assertThat(value.item_float()).isCloseTo(expected.item_float(), within(1e-3f));
        }
        List<float[]> given = gradients();
        for (int i = 0; i < reference.size(); i++) {
            float[] difference = new float[reference.get(i).length];
            for (int j = 0; j < difference.length; j++) {
                difference[j] = given.get(i)[j] - reference.get(i)[j];
            }
            // Samples are added in float32 here, in bfloat16 (2^-8) there; biases before a norm have nothing but
            // rounding.
            assertThat(norm(difference)).isLessThan(0.02 * norm(reference.get(i)) + 2e-3);
        }
    }

    @Test
    void gradientsAddUpAndScale() {
        try (BatchGradient gradient = new BatchGradient(network, Device.cpu(), Precision.BF16)) {
            gradient.add(image, this::loss, loss -> loss);
            List<float[]> once = gradients();
            UnaryOperator<Tensor> half = loss -> loss.mul(new Scalar(0.5));
            Tensor first = gradient.add(image, this::loss, half);
            Tensor second = gradient.add(image, this::loss, half);
            assertThat(first.item_float()).isEqualTo(second.item_float());
            List<float[]> halves = gradients();
            for (int i = 0; i < once.size(); i++) {
                assertThat(halves.get(i)).containsExactly(once.get(i), within(1e-7f));
            }
        }
    }

    @Test
    void theBitsAreTheSameEachTime() {
        List<float[]> first = null;
        for (int run = 0; run < 5; run++) {
            try (BatchGradient gradient = new BatchGradient(network, Device.cpu(), Precision.BF16)) {
                gradient.add(image, this::loss, loss -> loss);
            }
            List<float[]> gradients = gradients();
            first = first == null ? gradients : first;
            for (int i = 0; i < first.size(); i++) {
                assertThat(gradients.get(i)).containsExactly(first.get(i));
            }
        }
    }

    @Test
    void aSampleThatFailsIsReportedAndTheNextBatchWorks() {
        try (BatchGradient gradient = new BatchGradient(network, Device.cpu(), Precision.BF16)) {
            Tensor odd = NetworkContractTest.image(2, 1, new Shape(7, 16, 8));
            assertThatThrownBy(() -> gradient.add(odd, this::loss, loss -> loss))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("2 of 2 samples failed: ");
            assertThat(gradient.add(image, this::loss, loss -> loss).item_float())
                    .isFinite();
        }
    }

    @Test
    void theCallersThreadsStayAsTheyWere() {
        try (BatchGradient gradient = new BatchGradient(network, Device.cpu(), Precision.BF16)) {
            gradient.add(image, this::loss, loss -> loss);
        }
        assertThat(Torch.threads()).isEqualTo(2);
    }
}
