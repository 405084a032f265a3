package org.unet4j.prep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class IntensitiesTest {

    @Test
    void casesWeighTheSameHoweverLarge() {
        Intensities.OfCase large = Intensities.OfCase.of(new float[] {0, 0, 0, 0, 0, 0, 0, 0});
        Intensities.OfCase small = Intensities.OfCase.of(new float[] {10, 10});
        Intensities both = Intensities.over(List.of(large, small));
        assertThat(both).isEqualTo(new Intensities(5, 5, 0, 10, 0, 0, 10));
    }

    @Test
    void valuesBelowZeroSortBelowIt() {
        Intensities one = Intensities.over(List.of(Intensities.OfCase.of(new float[] {3, -1000, -0.5f, 2, -7})));
        assertThat(one.min()).isEqualTo(-1000);
        assertThat(one.max()).isEqualTo(3);
        assertThat(one.median()).isEqualTo(-0.5);
    }

    @Test
    void aCaseWithoutForegroundCountsNothing() {
        Intensities.OfCase empty = Intensities.OfCase.of(new float[0]);
        Intensities.OfCase some = Intensities.OfCase.of(new float[] {4});
        assertThat(Intensities.over(List.of(empty, some))).isEqualTo(new Intensities(4, 0, 4, 4, 4, 4, 4));
        assertThat(Intensities.over(List.of(empty))).isEqualTo(new Intensities(0, 0, 0, 0, 0, 0, 0));
    }

    /** 200 000 uniform values: percentiles of 10 000 ranks are exact to two rank widths, 2e-4 of the range. */
    @Test
    void ranksOfALargeCaseStandForAllItsVoxels() {
        SplittableRandom random = new SplittableRandom(1);
        float[] values = new float[200_000];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat();
        }
        float[] sorted = values.clone();
        Arrays.sort(sorted);
        Intensities found = Intensities.over(List.of(Intensities.OfCase.of(values)));
        assertThat(found.percentile005()).isCloseTo(sorted[1_000], within(2e-4));
        assertThat(found.percentile995()).isCloseTo(sorted[199_000], within(2e-4));
        assertThat(found.min()).isEqualTo(sorted[0]);
        assertThat(found.max()).isEqualTo(sorted[sorted.length - 1]);
    }
}
