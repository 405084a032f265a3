package org.unet4j.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
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

    @Test
    void scalingAndUnscalingGiveTheGradient() {
        scaler.scale(parameter.mul(parameter).sum()).backward();
        assertThat(Tensors.toFloats(parameter.grad())).containsExactly(4 * 65536f, 6 * 65536f);
        assertThat(scaler.unscale(List.of(parameter))).isFalse();
        assertThat(Tensors.toFloats(parameter.grad())).containsExactly(4, 6);
        scaler.update();
        assertThat(scaler.scale()).isEqualTo(65536);
        assertThat(scaler.growth()).isEqualTo(1);
    }

    @Test
    void anOverflowHalvesTheScale() {
        parameter.mutable_grad().put(Tensors.of(new float[] {1, Float.POSITIVE_INFINITY}, 2));
        assertThat(scaler.unscale(List.of(parameter))).isTrue();
        scaler.update();
        assertThat(scaler.scale()).isEqualTo(32768);
        assertThat(scaler.growth()).isZero();
        parameter.mutable_grad().put(Tensors.of(new float[] {1, 1}, 2));
        assertThat(scaler.unscale(List.of(parameter))).isFalse();
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
    void parametersWithoutGradientAreLeftOut() {
        assertThat(scaler.unscale(List.of(parameter))).isFalse();
    }

    @Test
    void aScaleOfNothingIsRefused() {
        assertThatThrownBy(() -> scaler.load(0, 0)).hasMessageContaining("must be above 0");
        assertThatThrownBy(() -> scaler.load(1, -1)).hasMessageContaining("at least 0");
    }
}
