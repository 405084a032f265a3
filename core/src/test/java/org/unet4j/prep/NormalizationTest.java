package org.unet4j.prep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NormalizationTest {

    private static float[] applied(Normalization normalization, float... voxels) {
        normalization.apply(voxels);
        return voxels;
    }

    @Test
    void ctIsClippedThenScaled() {
        assertThat(applied(new Normalization.CtWindow(-100, 200, 50, 25), -3000, -100, 50, 75, 3000))
                .containsExactly(-6, -6, 0, 1, 6);
    }

    @Test
    void aFixedWindowEndsAtOne() {
        assertThat(applied(Normalization.CtWindow.fixed(-160, 240), -1000, 40, 240))
                .containsExactly(-1, 0, 1);
    }

    /** numpy: a = float32([1, 2, 3, 10]); (a - a.mean()) / a.std(). */
    @Test
    void aZScoreHasMeanZeroAndDeviationOne() {
        float[] scored = applied(new Normalization.ZScore(), 1, 2, 3, 10);
        assertThat(scored[0]).isCloseTo(-0.8485281f, within(1e-6f));
        assertThat(scored[3]).isCloseTo(1.6970563f, within(1e-6f));
    }

    @Test
    void aFlatVolumeBecomesZero() {
        assertThat(applied(new Normalization.ZScore(), 7, 7, 7)).containsExactly(0, 0, 0);
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 0, 1, window", "2, 1, 0, 1, window", "0, 1, 0, 0, sd", "0, 1, NaN, 1, sd", "NaN, 1, 0, 1, window"
    })
    void anImpossibleWindowIsRejected(double lower, double upper, double mean, double sd, String named) {
        assertThatThrownBy(() -> new Normalization.CtWindow(lower, upper, mean, sd))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(named);
    }
}
