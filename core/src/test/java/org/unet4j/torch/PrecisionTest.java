package org.unet4j.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PrecisionTest {

    private final Scope scope = new Scope();

    @AfterEach
    void close() {
        scope.close();
    }

    private static ScalarType productType() {
        Tensor matrix = Tensors.of(new float[] {1, 2, 3, 4}, 2, 2);
        return matrix.mm(matrix).scalar_type().intern();
    }

    @ParameterizedTest
    @EnumSource(
            value = Precision.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = "FP64") // its parameters are doubles already
    void productsComputeInThePrecisionAndOnlyInside(Precision precision) {
        try (Autocast autocast = precision.autocast(Device.cpu())) {
            assertThat(productType()).isEqualTo(precision.scalarType());
            try (Autocast off = Autocast.off(Device.cpu())) {
                assertThat(productType()).isEqualTo(ScalarType.Float);
            }
            assertThat(productType()).isEqualTo(precision.scalarType());
        }
        assertThat(productType()).isEqualTo(ScalarType.Float);
    }

    @Test
    void castsOfWeightsAreForgottenAtTheEnd() {
        Tensor weight = Tensors.of(new float[] {1, 2, 3, 4}, 2, 2).set_requires_grad(true);
        Tensor one = Tensors.of(new float[] {1, 0, 0, 1}, 2, 2);
        for (int step = 1; step <= 2; step++) {
            try (Autocast autocast = Precision.BF16.autocast(Device.cpu())) {
                assertThat(Tensors.toFloats(one.mm(weight))[0]).isEqualTo(step);
            }
            weight.detach().add_(one);
        }
    }

    @Test
    void onlyFp16ScalesGradients() {
        assertThat(Precision.FP16.scalesGradients()).isTrue();
        assertThat(Precision.BF16.scalesGradients()).isFalse();
        assertThat(Precision.FP32.scalesGradients()).isFalse();
        assertThat(Precision.TF32.scalesGradients()).isFalse();
    }

    @Test
    void theBestOnAProcessorIsWhatItComputesItself() {
        assertThat(Precision.best(Device.cpu()))
                .isEqualTo(Processor.computesBfloat16() ? Precision.BF16 : Precision.FP32);
    }

    @Test
    void startSetsThreadsAndDeterminism() {
        Torch.start(2, true);
        assertThat(Torch.threads()).isEqualTo(2);
        assertThat(torch.globalContext().deterministicAlgorithms()).isTrue();
        Torch.start(1, false);
        assertThat(Torch.threads()).isEqualTo(1);
        assertThat(torch.globalContext().deterministicAlgorithms()).isFalse();
        assertThatThrownBy(() -> Torch.start(0, true)).hasMessage("threads 0 must be at least 1");
    }
}
