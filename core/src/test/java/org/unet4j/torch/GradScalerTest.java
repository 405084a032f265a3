package org.unet4j.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GradScalerTest {

    private final Scope scope = new Scope();
    private final GradScaler scaler = new GradScaler(Device.cpu());
    private final Tensor parameter = Tensors.of(new float[] {2, 3}, 2).set_requires_grad(true);

    @AfterEach
    void close() {
        scaler.close();
        scope.close();
    }

    private boolean overflows() {
        scaler.unscale(List.of(parameter));
        return scaler.overflowed();
    }

    @Test
    void scalingAndUnscalingGiveTheGradient() {
        scaler.scale(parameter.mul(parameter).sum()).backward();
        assertThat(Tensors.toFloats(parameter.grad())).containsExactly(4 * 65536f, 6 * 65536f);
        assertThat(overflows()).isFalse();
        assertThat(Tensors.toFloats(parameter.grad())).containsExactly(4, 6);
        scaler.update();
        assertThat(scaler.scale()).isEqualTo(65536);
        assertThat(scaler.growth()).isEqualTo(1);
    }

    @Test
    void anOverflowHalvesTheScale() {
        parameter.mutable_grad().put(Tensors.of(new float[] {1, Float.POSITIVE_INFINITY}, 2));
        assertThat(overflows()).isTrue();
        scaler.update();
        assertThat(scaler.scale()).isEqualTo(32768);
        assertThat(scaler.growth()).isZero();
        parameter.mutable_grad().put(Tensors.of(new float[] {1, 1}, 2));
        assertThat(overflows()).isFalse();
    }

    @Test
    void after2000GoodStepsTheScaleDoubles() {
        scaler.load(1024, 1999);
        parameter.mutable_grad().put(Tensors.of(new float[] {1, 1}, 2));
        scaler.unscale(List.of(parameter));
        scaler.update();
        assertThat(scaler.scale()).isEqualTo(2048);
        assertThat(scaler.growth()).isZero();
    }

    @Test
    void anOverflowLeavesTheStepOutWithoutTheHostLooking() {
        SortedMap<String, Tensor> parameters = new TreeMap<>(Map.of("p", parameter));
        try (Descent descent = Optimizer.adam().over(parameters)) {
            parameter.mutable_grad().put(Tensors.of(new float[] {1, Float.NaN}, 2));
            step(descent);
            assertThat(scaler.overflowed()).isTrue(); // after the update as well
            assertThat(Tensors.toFloats(parameter)).containsExactly(2, 3);
            descent.state()
                    .forEach((name, tensor) ->
                            assertThat(Tensors.toFloats(tensor)).as(name).containsOnly(0));
            parameter.mutable_grad().put(Tensors.of(new float[] {32768, 32768}, 2));
            step(descent);
            assertThat(scaler.overflowed()).isFalse();
            assertThat(Tensors.toFloats(parameter)[0]).isCloseTo(1.9f, within(1e-6f));
            assertThat(descent.state().get("step/p").item_float()).isEqualTo(1);
        }
    }

    private void step(Descent descent) {
        Tensor overflow = scaler.unscale(List.of(parameter));
        descent.step(0.1, overflow);
        scaler.update();
    }

    @Test
    void eachStepIsUnscaledOnce() {
        assertThatThrownBy(scaler::update)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("update was called without unscale");
        scaler.unscale(List.of(parameter));
        assertThatThrownBy(() -> scaler.unscale(List.of(parameter)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("unscale was called twice");
        scaler.update();
        scaler.unscale(List.of(parameter));
    }

    @Test
    void parametersWithoutGradientAreLeftOut() {
        assertThat(overflows()).isFalse();
    }

    @Test
    void aScaleOfNothingIsRefused() {
        assertThatThrownBy(() -> scaler.load(0, 0)).hasMessageContaining("must be above 0");
        assertThatThrownBy(() -> scaler.load(1, -1)).hasMessageContaining("at least 0");
    }
}
