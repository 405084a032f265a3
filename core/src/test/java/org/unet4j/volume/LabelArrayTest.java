package org.unet4j.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Classes in bytes and in shorts: what is done to label maps does not depend on their width. */
class LabelArrayTest {

    /** Spreads classes 0 to 255 over those that shorts hold; their order stays. */
    private static final int WIDEN = 257;

    /** Long runs and short ones, of all classes, in arrays that eight divides or not. */
    @ParameterizedTest
    @CsvSource({"1, 256", "2, 256", "3, 256", "4, 65536", "5, 65536", "6, 300"})
    void countsAreThoseOfOneByOne(long seed, int classes) {
        Random random = new Random(seed);
        LabelArray labels = LabelArray.background(5000 + random.nextInt(20), classes);
        long[] expected = new long[classes <= 256 ? 256 : 65_536];
        for (int i = 0, left = 0, cls = 0; i < labels.length(); i++, left--) {
            if (left == 0) {
                left = 1 + random.nextInt(random.nextBoolean() ? 3 : 40);
                cls = random.nextInt(3) == 0 ? 0 : random.nextInt(classes);
            }
            labels.set(i, cls);
            expected[cls]++;
        }
        assertThat(labels.counts()).isEqualTo(expected);
    }

    @Test
    void aRunEndsWhereAnotherClassBeginsOrAtTheEnd() {
        LabelArray bytes = LabelArray.of(new byte[] {4, 4, 4, 1, 1, 7});
        LabelArray shorts = LabelArray.of(new short[] {4, 4, 4, 1, 1, 7});
        for (LabelArray labels : new LabelArray[] {bytes, shorts}) {
            assertThat(labels.run(0, 6)).isEqualTo(3);
            assertThat(labels.run(1, 6)).isEqualTo(2);
            assertThat(labels.run(3, 5)).isEqualTo(2);
            assertThat(labels.run(0, 2)).isEqualTo(2);
            assertThat(labels.run(5, 6)).isEqualTo(1);
        }
    }

    @Test
    void widthFollowsTheNumberOfClasses() {
        assertThat(LabelArray.background(1, 256).isWide()).isFalse();
        LabelArray wide = LabelArray.background(3, 257);
        assertThat(wide.isWide()).isTrue();
        wide.set(1, 65_535);
        wide.fill(2, 3, 40_000);
        assertThat(IntStream.range(0, 3).map(wide::get)).containsExactly(0, 65_535, 40_000);
        assertThatIllegalStateException().isThrownBy(wide::bytes).withMessageContaining("256 classes");
    }

    private static Labels narrow(Grid grid, long seed) {
        Random random = new Random(seed);
        byte[] classes = new byte[grid.shape().arrayLength()];
        for (int from = 0; from < classes.length; ) {
            int to = Math.min(classes.length, from + 1 + random.nextInt(4));
            Arrays.fill(classes, from, to, (byte) random.nextInt(256));
            from = to;
        }
        return new Labels(grid, classes);
    }

    private static Labels widened(Labels labels) {
        short[] classes = new short[labels.voxels().length()];
        for (int i = 0; i < classes.length; i++) {
            classes[i] = (short) (labels.get(i) * WIDEN);
        }
        return new Labels(labels.grid(), LabelArray.of(classes));
    }

    private static void requireSame(Labels wide, Labels narrow) {
        assertThat(wide.grid()).isEqualTo(narrow.grid());
        assertThat((short[]) wide.voxels().array())
                .isEqualTo((short[]) widened(narrow).voxels().array());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void wideLabelsAreCroppedTurnedAndResampledAsNarrowOnes(long seed) {
        Grid grid = new Grid(new Shape(5, 6, 7), new Affine(0, -2, 0, 3, 1, 0, 0, 4, 0, 0, -1, 5));
        Labels narrow = narrow(grid, seed);
        Labels wide = widened(narrow);
        Box box = Box.between(1, 0, 2, 5, 5, 7);
        requireSame(Crop.crop(wide, box), Crop.crop(narrow, box));
        requireSame(Crop.paste(Crop.crop(wide, box), box, grid), Crop.paste(Crop.crop(narrow, box), box, grid));
        Reorient reorient = Reorient.toRas(grid);
        requireSame(reorient.apply(wide), reorient.apply(narrow));
        requireSame(reorient.undo(reorient.apply(wide)), narrow);
        Shape finer = new Shape(9, 4, 11);
        requireSame(Resample.labels(wide, finer), Resample.labels(narrow, finer));
        for (Order order : new Order[] {Order.NEAREST, Order.LINEAR}) {
            requireSame(Resample.anisotropic(wide, finer, 0, order), Resample.anisotropic(narrow, finer, 0, order));
        }
    }
}
