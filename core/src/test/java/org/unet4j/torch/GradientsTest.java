package org.unet4j.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(OneThread.class)
class GradientsTest {

    private final Scope scope = new Scope();
    private final Tensor a = Tensors.of(new float[3], 3);
    private final Tensor b = Tensors.of(new float[1], 1);
    private final List<Tensor> parameters = List.of(a, b);

    @AfterEach
    void close() {
        scope.close();
    }

    private void give(float[] first, float second) {
        a.mutable_grad().put(Tensors.of(first, 3));
        b.mutable_grad().put(Tensors.of(new float[] {second}, 1));
    }

    private double clip(double maximum) {
        return Gradients.clip(parameters, maximum).item_double();
    }

    @Test
    void gradientsAreClippedToOneNormTogether() {
        give(new float[] {3, 0, 0}, 4);
        assertThat(clip(1)).isEqualTo(5);
        assertThat(Tensors.toFloats(a.grad())).containsExactly(new float[] {0.6f, 0, 0}, within(1e-6f));
        assertThat(Tensors.toFloats(b.grad())).containsExactly(new float[] {0.8f}, within(1e-6f));
    }

    @Test
    void clippedGradientsHaveTheLargestNorm() {
        give(new float[] {3, 4, 12}, 84);
        assertThat(clip(7)).isEqualTo(85);
        assertThat(clip(7)).isCloseTo(7, within(1e-5));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void gradientsWithinTheNormKeepTheirBits(int seed) {
        Random random = new Random(seed);
        float[] first = {random.nextFloat() - 0.5f, -0.0f, Float.MIN_VALUE};
        give(first, random.nextFloat());
        double norm = clip(Double.POSITIVE_INFINITY);
        float[] second = Tensors.toFloats(b.grad());
        clip(norm);
        clip(12);
        assertThat(Tensors.toFloats(a.grad())).containsExactly(first);
        assertThat(Tensors.toFloats(b.grad())).containsExactly(second);
    }

    @Test
    void infinityClipsNothing() {
        give(new float[] {1e10f, -3, 0}, 5);
        assertThat(clip(Double.POSITIVE_INFINITY)).isCloseTo(1e10, within(1e3));
        assertThat(Tensors.toFloats(a.grad())).containsExactly(1e10f, -3, 0);
    }

    @Test
    void gradientsOfZeroStayZero() {
        give(new float[3], 0);
        assertThat(clip(1)).isZero();
        assertThat(Tensors.toFloats(a.grad())).containsExactly(0, 0, 0);
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void whatIsNotFiniteStaysSo(float value) {
        give(new float[] {1, value, 0}, 5);
        assertThat(clip(1))
                .isNotEqualTo(0)
                .satisfies(norm -> assertThat(Double.isFinite(norm)).isFalse());
        assertThat(Tensors.toFloats(a.grad())[1]).isNaN();
    }

    @Test
    void parametersWithoutGradientAreLeftOut() {
        b.mutable_grad().put(Tensors.of(new float[] {2}, 1));
        assertThat(clip(1)).isEqualTo(2);
        assertThat(Tensors.toFloats(b.grad())).containsExactly(1);
        assertThat(a.grad().defined()).isFalse();
    }

    @Test
    void droppedGradientsAreGone() {
        give(new float[3], 1);
        Gradients.drop(parameters);
        assertThat(a.grad().defined()).isFalse();
        assertThat(clip(1)).isZero();
        assertThat(Gradients.clip(List.of(), 1).item_double()).isZero();
    }

    @Test
    void aNormOfNothingIsRefused() {
        assertThatThrownBy(() -> clip(0)).hasMessage("the largest gradient norm 0.0 must be above 0");
        assertThatThrownBy(() -> clip(Double.NaN)).hasMessageContaining("must be above 0");
    }
}
