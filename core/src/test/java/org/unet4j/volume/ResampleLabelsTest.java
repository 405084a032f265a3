package org.unet4j.volume;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rule by which label maps are resampled, in worlds small enough to draw; {@link ResampleTest} has the golden values. */
class ResampleLabelsTest {

    /** The rule voxel by voxel, as it is written, against the one that skips what is of one class. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void labelsAreThoseOfTheClassesOneByOne(long seed) {
        Random random = new Random(seed);
        Shape from = new Shape(2 + random.nextInt(5), 2 + random.nextInt(5), 3 + random.nextInt(20));
        Shape to = new Shape(1 + random.nextInt(9), 1 + random.nextInt(9), 1 + random.nextInt(40));
        byte[] classes = new byte[from.arrayLength()];
        for (int i = 0, left = 0, cls = 0; i < classes.length; i++, left--) {
            if (left == 0) {
                left = 1 + random.nextInt(12);
                cls = random.nextInt(4);
            }
            classes[i] = (byte) cls;
        }
        classes[0] = 0;
        Labels out = Resample.labels(new Labels(Grid.of(from, new Spacing(1, 1, 1)), classes), to);
        byte[] expected = new byte[to.arrayLength()];
        for (int cls = 1; cls < 4; cls++) {
            float[] mask = new float[classes.length];
            for (int i = 0; i < mask.length; i++) {
                mask[i] = classes[i] == cls ? 1 : 0;
            }
            float[] share = Resample.image(mask, from, to, Order.LINEAR);
            for (int i = 0; i < share.length; i++) {
                if (Math.abs(share[i] - 0.5f) < 1e-5f) {
                    share[i] = out.get(i) == cls ? 1 : 0; // A tie to rounding: either is right.
                }
                expected[i] = share[i] >= 0.5f ? (byte) cls : expected[i];
            }
        }
        assertThat(out.bytes()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void labelsInventNoClass(long seed) {
        Random random = new Random(seed);
        Shape from = new Shape(6, 7, 8);
        byte[] classes = new byte[from.arrayLength()];
        for (int i = 0; i < classes.length; i++) {
            classes[i] = (byte) new int[] {3, 100, 250}[random.nextInt(3)];
        }
        Labels out = Resample.labels(new Labels(Grid.of(from, new Spacing(1, 1, 1)), classes), new Shape(11, 5, 13));
        long[] counts = out.counts();
        assertThat(counts[3] + counts[100] + counts[250])
                .isEqualTo(out.grid().shape().voxels());
    }

    @Test
    void aVoxelThatNoClassClaimsIsBackgroundWhereThereIsSome() {
        // three classes meet between the voxels: none has half of it
        byte[] classes = {1, 2, 3, 3, 0, 0};
        Grid grid = Grid.of(new Shape(1, 3, 2), new Spacing(1, 1, 1));
        Labels withBackground = Resample.labels(new Labels(grid, classes), new Shape(1, 3, 1));
        assertThat(withBackground.bytes()).containsExactly(2, 3, 0);
        byte[] three = {1, 2, 3, 1, 1, 1, 2, 2, 0, 0, 0, 0};
        Labels corner = Resample.labels(
                new Labels(Grid.of(new Shape(3, 2, 2), new Spacing(1, 1, 1)), three), new Shape(3, 1, 1));
        assertThat(corner.bytes()).containsExactly(1, 2, 0);
        byte[] four = {1, 2, 3, 4, 0, 0, 0, 0};
        Labels none = Resample.labels(
                new Labels(Grid.of(new Shape(2, 2, 2), new Spacing(1, 1, 1)), four), new Shape(2, 1, 1));
        assertThat(none.bytes()).containsExactly(0, 0);
        byte[] noBackground = {1, 2, 3, 4, 5, 5, 5, 5};
        Labels some = Resample.labels(
                new Labels(Grid.of(new Shape(2, 2, 2), new Spacing(1, 1, 1)), noBackground), new Shape(2, 1, 1));
        assertThat(some.bytes()).containsExactly(4, 5);
    }
}
