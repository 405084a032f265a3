package org.unet4j.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.unet4j.Golden;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;
import tools.jackson.databind.JsonNode;

class DeepSupervisionTest {

    private final Scope scope = new Scope();

    @AfterEach
    void close() {
        scope.close();
    }

    static List<Loss> losses() {
        return LossTest.losses().toList();
    }

    /** Returns the logits of voxel_losses.py. */
    private static Tensor stage(int number, int d, int h, int w) {
        float[] values = new float[2 * 3 * d * h * w];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.sin(0.37 * i + number);
        }
        return Tensors.of(values, 2, 3, d, h, w);
    }

    @Test
    void valueAndGradientEqualTheReference() {
        JsonNode expected = Golden.json("voxel_losses.json").path("deep supervision");
        Tensor finest = LossTest.logits();
        List<Tensor> stages = new ArrayList<>(List.of(finest));
        for (JsonNode shape : expected.path("stages")) {
            double[] size = Golden.numbers(shape);
            stages.add(stage(stages.size(), (int) size[0], (int) size[1], (int) size[2]));
        }
        Tensor loss = new DeepSupervision(Loss.diceCrossEntropy()).of(stages, LossTest.target());
        loss.backward();
        assertThat(stages).hasSize(3);
        LossTest.requireEqual(loss, finest.grad(), expected, 0);
    }

    @ParameterizedTest
    @MethodSource("losses")
    void oneStageIsTheLossToTheBit(Loss loss) {
        Tensor plain = LossTest.logits();
        Tensor supervised = LossTest.logits();
        Tensor expected = loss.of(plain, LossTest.target());
        Tensor value = new DeepSupervision(loss).of(List.of(supervised), LossTest.target());
        expected.backward();
        value.backward();
        assertThat(value.item_float()).isEqualTo(expected.item_float());
        assertThat(Tensors.toFloats(supervised.grad())).isEqualTo(Tensors.toFloats(plain.grad()));
    }

    @Test
    void everyStageGetsItsShareOfTheGradient() {
        Tensor finest = LossTest.logits();
        Tensor coarse = stage(1, 1, 2, 5).set_requires_grad(true);
        new DeepSupervision(Loss.diceCrossEntropy())
                .of(List.of(finest, coarse), LossTest.target())
                .backward();
        assertThat(finest.grad().abs().max().item_float()).isPositive();
        assertThat(coarse.grad().abs().max().item_float()).isPositive();
    }

    @Test
    void weightsAreHalvedAndAddUpToOne() {
        double[] nnUNet = {0.571428571, 0.285714286, 0.142857143}; // of four stages, the coarsest with weight 0
        assertThat(DeepSupervision.weights(3)).containsExactly(nnUNet, within(1e-9));
        for (int stages = 1; stages < 8; stages++) {
            assertThat(Arrays.stream(DeepSupervision.weights(stages)).sum()).isCloseTo(1, within(1e-15));
        }
        assertThatThrownBy(() -> DeepSupervision.weights(0)).hasMessageContaining("at least one stage");
    }

    @Test
    void stagesThatDoNotFitAreRefused() {
        DeepSupervision supervision = new DeepSupervision(Loss.diceCrossEntropy());
        assertThatThrownBy(() -> supervision.of(List.of(LossTest.logits(), stage(1, 2, 4, 5)), LossTest.target()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("stage 1 has 2 voxels along axis z, which must divide the target's 3");
        assertThatThrownBy(() -> supervision.of(List.of(stage(0, 3, 2, 5)), LossTest.target()))
                .hasMessageContaining("given Long [2, 3, 4, 5]");
        assertThatThrownBy(() -> supervision.of(
                        List.of(LossTest.logits(), LossTest.target().to(ScalarType.Float)), LossTest.target()))
                .hasMessageContaining("(N, classes, D, H, W)");
    }
}
