package org.unet4j.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LinearSlicesTest {

    static Stream<Shape> targets() {
        return Stream.of(
                new Shape(5, 6, 7),
                new Shape(13, 11, 9),
                new Shape(2, 3, 4),
                new Shape(1, 6, 7),
                new Shape(40, 2, 9),
                new Shape(5, 6, 8));
    }

    /** The order of the axes differs, so values of about 1 may differ by a few roundings. */
    @ParameterizedTest
    @MethodSource("targets")
    void sliceBySliceIsTheSameAsTheWhole(Shape to) {
        for (Shape from : List.of(new Shape(5, 6, 7), new Shape(1, 6, 7))) {
            SplittableRandom random = new SplittableRandom(3);
            float[] first = random(from, random);
            float[] second = random(from, random);
            float[] expectedFirst = Resample.image(first, from, to, Order.LINEAR);
            float[] expectedSecond = Resample.image(second, from, to, Order.LINEAR);
            List<Integer> order = new ArrayList<>();
            int plane = to.y() * to.x();
            LinearSlices slices = new LinearSlices(2, from, to, (z, slice) -> {
                order.add(z);
                for (int i = 0; i < plane; i++) {
                    assertThat(slice[i]).isCloseTo(expectedFirst[z * plane + i], within(1e-6f));
                    assertThat(slice[plane + i]).isCloseTo(expectedSecond[z * plane + i], within(1e-6f));
                }
            });
            int old = from.y() * from.x();
            for (int z = 0; z < from.z(); z++) {
                float[] slice = Arrays.copyOf(Arrays.copyOfRange(first, z * old, (z + 1) * old), 2 * old);
                System.arraycopy(second, z * old, slice, old, old);
                slices.add(slice);
            }
            assertThat(order).isEqualTo(IntStream.range(0, to.z()).boxed().toList());
        }
    }

    private static float[] random(Shape shape, SplittableRandom random) {
        float[] values = new float[shape.arrayLength()];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat();
        }
        return values;
    }
}
