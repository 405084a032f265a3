package org.unet4j.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.unet4j.torch.Seeds;

class NormalNumbersTest {

    @Test
    void bitsChooseTheQuantile() {
        // scipy.stats.norm.ppf((i + 0.5) / 65536)
        long first = 0x8000L << 48 | 0x7fffL << 32 | 0x4000L << 16;
        float[] numbers = new float[4];
        NormalNumbers.add(always(first), 1, numbers, 4);
        assertThat(numbers[0]).isCloseTo(1.9124056e-5f, within(1e-10f));
        assertThat(numbers[1]).isCloseTo(0.67451376f, within(1e-6f));
        assertThat(numbers[2]).isCloseTo(4.324919f, within(1e-5f));
        assertThat(numbers[3]).isCloseTo(-1.9124056e-5f, within(1e-10f));
    }

    @Test
    void areDistributedNormally() {
        float[] numbers = new float[1 << 20];
        NormalNumbers.add(Seeds.random(5), 1, numbers, numbers.length);
        Arrays.sort(numbers);
        // scipy.stats.norm.ppf of 0.001, 0.01, 0.25, 0.5, 0.75, 0.99, 0.999; within five standard errors
        double[] shares = {0.001, 0.01, 0.25, 0.5, 0.75, 0.99, 0.999};
        double[] quantiles = {-3.090232, -2.326348, -0.674490, 0, 0.674490, 2.326348, 3.090232};
        double[] tolerances = {0.046, 0.019, 0.0067, 0.0062, 0.0067, 0.019, 0.046};
        for (int i = 0; i < shares.length; i++) {
            assertThat(numbers[(int) (shares[i] * numbers.length)])
                    .isCloseTo((float) quantiles[i], within((float) tolerances[i]));
        }
    }

    @Test
    void neighboursAreIndependent() {
        float[] numbers = new float[1 << 20];
        NormalNumbers.add(Seeds.random(6), 1, numbers, numbers.length);
        for (int distance : List.of(1, 2, 3, 4, 96, 96 * 96)) {
            double sum = 0;
            for (int i = distance; i < numbers.length; i++) {
                sum += numbers[i] * numbers[i - distance];
            }
            assertThat(sum / numbers.length)
                    .as("at distance %d", distance)
                    .isCloseTo(0, within(0.005)); // 5 standard errors
        }
    }

    @Test
    void partsOfFourGiveWhatTheWholeGives() {
        float[] whole = new float[10];
        NormalNumbers.add(Seeds.random(7), 0.5f, whole, 10);
        RandomGenerator random = Seeds.random(7);
        float[] first = new float[8];
        NormalNumbers.add(random, 0.5f, first, 8);
        float[] last = new float[8];
        NormalNumbers.add(random, 0.5f, last, 2);
        assertThat(Arrays.copyOf(whole, 8)).isEqualTo(first);
        assertThat(Arrays.copyOfRange(whole, 8, 10)).isEqualTo(Arrays.copyOf(last, 2));
        assertThat(Arrays.copyOfRange(last, 2, 8)).containsOnly(0);
    }

    private static RandomGenerator always(long... values) {
        Iterator<Long> next = LongStream.of(values).iterator();
        return next::next;
    }
}
