package org.unet4j.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** What a step of a weight is: a bias stays what it was, however small the weights are. */
class Int8NumbersTest {

    private static final float INPUT = 0.02f;

    private static float stored(float bias, float... kernel) {
        float[] scales = Int8Numbers.scales(kernel, 1, new float[] {bias}, INPUT);
        return Int8Numbers.steps(new float[] {bias}, scales, INPUT)[0] * (INPUT * scales[0]);
    }

    @Test
    void theBiasOfAKernelOfZerosIsNotRounded() {
        assertThat(stored(0.37f, 0, 0)).isCloseTo(0.37f, within(1e-6f));
        assertThat(stored(-1234.5f, 0, 0)).isCloseTo(-1234.5f, within(1e-3f));
        assertThat(stored(0, 0, 0)).isZero();
    }

    @Test
    void theBiasOfAVerySmallKernelIsNotCutOff() {
        assertThat(stored(0.37f, 1e-12f, -1e-13f)).isCloseTo(0.37f, within(1e-6f));
        assertThat(stored(-0.37f, 1e-40f)).isCloseTo(-0.37f, within(1e-6f));
    }

    @Test
    void theLargestOfOtherWeightsIsSixtyThreeSteps() {
        float[] kernel = {0.63f, -0.1f, -1.26f, 0.3f};
        assertThat(Int8Numbers.scales(kernel, 2, new float[] {0.5f, -3}, INPUT))
                .containsExactly(new float[] {0.01f, 0.02f}, within(1e-7f));
        assertThat(Int8Numbers.scales(kernel, 2, new float[0], INPUT))
                .containsExactly(new float[] {0.01f, 0.02f}, within(1e-7f));
    }
}
