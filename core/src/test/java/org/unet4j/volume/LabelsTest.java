package org.unet4j.volume;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LabelsTest {

    /** Long runs and short ones, of all 256 classes, in arrays that eight divides or not. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void countsAreThoseOfOneByOne(long seed) {
        Random random = new Random(seed);
        byte[] classes = new byte[5000 + random.nextInt(20)];
        long[] expected = new long[Labels.MAX_CLASSES];
        for (int i = 0, left = 0, cls = 0; i < classes.length; i++, left--) {
            if (left == 0) {
                left = 1 + random.nextInt(random.nextBoolean() ? 3 : 40);
                cls = random.nextInt(3) == 0 ? 0 : random.nextInt(Labels.MAX_CLASSES);
            }
            classes[i] = (byte) cls;
            expected[cls]++;
        }
        Shape shape = new Shape(1, 1, classes.length);
        assertThat(new Labels(Grid.of(shape, new Spacing(1, 1, 1)), classes).counts())
                .isEqualTo(expected);
    }
}
