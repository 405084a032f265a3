package org.unet4j.prep;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class IntensitySpreadTest {

    /** Two cases weigh half each: 0 to 40 in steps of 1, and nothing but 40. Every voxel counts once, the upper end in the last stretch. */
    @Test
    void casesWeighTheSameHoweverLarge() {
        float[] steps = new float[41];
        for (int i = 0; i < steps.length; i++) {
            steps[i] = i;
        }
        List<Intensities.OfCase> cases = List.of(
                Intensities.OfCase.of(steps),
                Intensities.OfCase.of(new float[] {40}),
                Intensities.OfCase.of(new float[0]));
        IntensitySpread spread = IntensitySpread.over(cases, new Intensities(0, 0, 0, 40, 0, 0, 40));
        assertThat(spread.low()).isZero();
        assertThat(spread.high()).isEqualTo(40);
        assertThat(spread.shares()).hasSize(40).startsWith(0.012195, 0.012195).endsWith(0.012195, 0.52439);
    }

    @Test
    void tailsAreLeftOut() {
        List<Intensities.OfCase> cases = List.of(Intensities.OfCase.of(new float[] {-1000, 1, 2, 3000}));
        IntensitySpread spread = IntensitySpread.over(cases, new Intensities(0, 0, -1000, 3000, 1, 1, 2));
        assertThat(spread.shares().stream().mapToDouble(s -> s).sum()).isEqualTo(0.5);
    }

    @Test
    void foregroundOfOneValueIsOneStretch() {
        List<Intensities.OfCase> cases = List.of(Intensities.OfCase.of(new float[] {7, 7}));
        assertThat(IntensitySpread.over(cases, Intensities.over(cases)).shares())
                .containsExactly(1.0);
        List<Intensities.OfCase> none = List.of(Intensities.OfCase.of(new float[0]));
        assertThat(IntensitySpread.over(none, Intensities.over(none)).shares()).isEmpty();
    }
}
