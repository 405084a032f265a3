package org.unet4j.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.unet4j.Golden;
import tools.jackson.databind.JsonNode;

class ResampleTest {

    /** skimage computes in 64 bits, this in 32: 1e-6 of the golden input's range, 3. */
    private static final double GOLDEN_TOLERANCE = 3e-6;

    private static final JsonNode GOLDEN = Golden.json("resample.json");
    private static final Shape FROM = new Shape(7, 6, 5);

    static Stream<Arguments> goldenCases() {
        List<Arguments> cases = new ArrayList<>();
        for (JsonNode one : GOLDEN.get("cases")) {
            String name =
                    one.get("fn").asString() + " order " + one.get("order").asInt() + " to "
                            + (one.has("new_shape") ? one.get("new_shape") : one.get("out_shape"))
                            + (one.path("is_seg").asBoolean(false) ? " labels" : "");
            cases.add(Arguments.of(name, one));
        }
        return cases.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("goldenCases")
    void equalsSkimageAndNnUNet(String name, JsonNode golden) {
        double[] expected = Golden.numbers(golden.get("out"));
        if (golden.has("new_shape")) {
            Shape to = shape(golden.get("new_shape"));
            OptionalInt axis = Resample.throughPlane(spacing(golden, "spacing"), spacing(golden, "new_spacing"), 3);
            if (golden.get("is_seg").asBoolean()) {
                Labels in = new Labels(Grid.of(FROM, spacing(golden, "spacing")), goldenLabels());
                Labels out = axis.isPresent()
                        ? Resample.anisotropic(in, to, axis.getAsInt(), Order.NEAREST)
                        : Resample.labels(in, to);
                for (int i = 0; i < expected.length; i++) {
                    assertThat(out.get(i)).as("voxel %d", i).isEqualTo((int) expected[i]);
                }
                assertThat(out.grid()).isEqualTo(in.grid().resized(to));
            } else {
                assertClose(
                        axis.isPresent()
                                ? Resample.anisotropic(
                                        Voxels.of(goldenInput()), FROM, to, axis.getAsInt(), Order.CUBIC, Order.NEAREST)
                                : Resample.image(goldenInput(), FROM, to, Order.CUBIC),
                        expected);
            }
        } else {
            assertClose(Resample.image(goldenInput(), FROM, shape(golden.get("out_shape")), order(golden)), expected);
        }
    }

    static Stream<Arguments> scipyCases() {
        List<Arguments> cases = new ArrayList<>();
        for (JsonNode one : Golden.json("resample_scipy.json").get("cases")) {
            String order = one.has("order") ? " order " + one.get("order").asInt() : "";
            cases.add(Arguments.of(one.get("fn").asString() + order + " to " + one.get("out_shape"), one));
        }
        return cases.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("scipyCases")
    void equalsScipy(String name, JsonNode golden) {
        double[] expected = Golden.numbers(golden.get("out"));
        Shape to = shape(golden.get("out_shape"));
        switch (golden.get("fn").asString()) {
            case "thick image" ->
                assertClose(
                        Resample.anisotropic(Voxels.of(goldenInput()), FROM, to, 0, Order.CUBIC, Order.LINEAR),
                        expected);
            case "thick labels" -> {
                Labels in = new Labels(Grid.of(FROM, new Spacing(5, 1, 1)), goldenLabels());
                Labels out = Resample.anisotropic(in, to, 0, Order.LINEAR);
                for (int i = 0; i < expected.length; i++) {
                    assertThat(out.get(i)).as("voxel %d", i).isEqualTo((int) expected[i]);
                }
                assertThat(out.grid()).isEqualTo(in.grid().resized(to));
            }
            default -> assertClose(Resample.image(goldenInput(), FROM, to, order(golden)), expected);
        }
    }

    private static Order order(JsonNode golden) {
        return switch (golden.get("order").asInt()) {
            case 0 -> Order.NEAREST;
            case 1 -> Order.LINEAR;
            default -> Order.CUBIC;
        };
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void throughThickSlicesIsLinearWhereThePlanSaysSo(int axis) {
        Random random = new Random(axis);
        Shape from = new Shape(5, 6, 7);
        Shape to = new Shape(9, 8, 10).with(axis, 12);
        float[] in = noise(from, random);
        Shape between = to.with(axis, from.get(axis));
        // As many slices as before: the closest slice is the slice itself.
        float[] slices = Resample.anisotropic(Voxels.of(in), from, between, axis, Order.CUBIC, Order.NEAREST);
        assertThat(Resample.anisotropic(Voxels.of(in), from, to, axis, Order.CUBIC, Order.LINEAR))
                .isEqualTo(Resample.image(slices, between, to, Order.LINEAR));
        assertThat(Resample.anisotropic(Voxels.of(in), from, to, axis, Order.LINEAR, Order.LINEAR))
                .usingComparatorWithPrecision(1e-6f)
                .containsExactly(Resample.image(in, from, to, Order.LINEAR));
    }

    @Test
    void throughThickSlicesIsNeverCubic() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Resample.anisotropic(
                        Voxels.of(goldenInput()), FROM, new Shape(9, 9, 9), 0, Order.CUBIC, Order.CUBIC))
                .withMessageContaining("must be nearest or linear");
    }

    @Test
    void theGoldenFileHoldsAThickSlicedCase() {
        long thick = goldenCases()
                .map(arguments -> (JsonNode) arguments.get()[1])
                .filter(golden -> golden.has("new_shape"))
                .filter(golden -> Resample.throughPlane(spacing(golden, "spacing"), spacing(golden, "new_spacing"), 3)
                        .isPresent())
                .count();
        assertThat(thick).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(Order.class)
    void aConstantStaysConstant(Order order) {
        float[] in = new float[4 * 1 * 3];
        Arrays.fill(in, 7.5f);
        float[] out = Resample.image(in, new Shape(4, 1, 3), new Shape(9, 5, 2), order);
        for (float value : out) {
            assertThat(value).isCloseTo(7.5f, within(1e-5f));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theOrderOfAxesDoesNotMatter(long seed) {
        Random random = new Random(seed);
        Shape from = new Shape(5 + random.nextInt(6), 5 + random.nextInt(6), 5 + random.nextInt(6));
        Shape to = new Shape(3 + random.nextInt(12), 3 + random.nextInt(12), 3 + random.nextInt(12));
        float[] in = noise(from, random);
        float[] turned = Resample.image(swapZx(in, from), swap(from), swap(to), Order.CUBIC);
        float[] expected = swapZx(Resample.image(in, from, to, Order.CUBIC), to);
        for (int i = 0; i < expected.length; i++) {
            assertThat(turned[i]).isCloseTo(expected[i], within(1e-5f));
        }
    }

    @Test
    void blocksOfLinesDoNotShow() {
        // 300 lines are more than one block; each must come out as it does alone
        Random random = new Random(5);
        float[] in = noise(new Shape(1, 300, 400), random);
        float[] rows = Resample.image(in, new Shape(1, 300, 400), new Shape(1, 300, 333), Order.CUBIC);
        float[] columns = Resample.image(in, new Shape(300, 1, 400), new Shape(211, 1, 400), Order.CUBIC);
        for (int row : new int[] {0, 150, 255, 256, 299}) {
            float[] alone = Resample.image(
                    Arrays.copyOfRange(in, row * 400, (row + 1) * 400),
                    new Shape(1, 1, 400),
                    new Shape(1, 1, 333),
                    Order.CUBIC);
            assertInnerEquals(alone, Arrays.copyOfRange(rows, row * 333, (row + 1) * 333));
        }
        for (int column : new int[] {0, 80, 255, 256, 399}) {
            float[] line = new float[300];
            float[] expected = new float[211];
            for (int i = 0; i < 300; i++) {
                line[i] = in[i * 400 + column];
            }
            for (int i = 0; i < 211; i++) {
                expected[i] = columns[i * 400 + column];
            }
            assertInnerEquals(Resample.image(line, new Shape(1, 1, 300), new Shape(1, 1, 211), Order.CUBIC), expected);
        }
    }

    /** Equal but where the line's own range clips it and the whole image's does not. */
    private static void assertInnerEquals(float[] alone, float[] within) {
        float min = Float.MAX_VALUE;
        float max = -Float.MAX_VALUE;
        for (float value : alone) {
            min = Math.min(min, value);
            max = Math.max(max, value);
        }
        for (int i = 0; i < alone.length; i++) {
            assertThat(alone[i]).isCloseTo(Math.min(Math.max(within[i], min), max), within(1e-6f));
        }
    }

    @Test
    void cubicStaysWithinTheRangeOfTheInput() {
        float[] step = {0, 0, 0, 0, 1, 1, 1, 1};
        float[] out = Resample.image(step, new Shape(1, 1, 8), new Shape(1, 1, 37), Order.CUBIC);
        for (float value : out) {
            assertThat(value).isBetween(0f, 1f);
        }
        assertThat(out).contains(0f, 1f);
    }

    @Test
    void theSameShapeIsPassedOn() {
        float[] in = goldenInput();
        assertThat(Resample.image(in, FROM, FROM, Order.CUBIC)).isSameAs(in);
        Labels labels = new Labels(Grid.of(FROM, new Spacing(1, 1, 1)), goldenLabels());
        assertThat(Resample.labels(labels, FROM)).isSameAs(labels);
        assertThat(Resample.anisotropic(labels, FROM, 0, Order.NEAREST)).isSameAs(labels);
    }

    @Test
    void theInputIsNotChanged() {
        float[] in = goldenInput();
        Resample.image(in, FROM, new Shape(3, 9, 5), Order.CUBIC);
        Resample.anisotropic(Voxels.of(in), FROM, new Shape(3, 9, 9), 1, Order.CUBIC, Order.NEAREST);
        assertThat(in).isEqualTo(goldenInput());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void thickSlicesAreResampledOneByOne(int axis) {
        Random random = new Random(axis);
        Shape from = new Shape(5, 6, 7);
        Shape to = new Shape(9, 8, 10).with(axis, 4);
        float[] in = noise(from, random);
        float[] out = Resample.anisotropic(Voxels.of(in), from, to, axis, Order.CUBIC, Order.NEAREST);
        int[] closest = ResampleAxis.closest(from.get(axis), to.get(axis));
        Shape oneSlice = from.with(axis, 1);
        Shape oneNew = to.with(axis, 1);
        for (int slice = 0; slice < to.get(axis); slice++) {
            int[] start = new int[3];
            start[axis] = closest[slice];
            float[] alone = Resample.image(
                    Crop.crop(in, from, new Box(start[0], start[1], start[2], oneSlice)),
                    oneSlice,
                    oneNew,
                    Order.CUBIC);
            start[axis] = slice;
            float[] cut = Crop.crop(out, to, new Box(start[0], start[1], start[2], oneNew));
            for (int i = 0; i < alone.length; i++) {
                assertThat(cut[i]).isCloseTo(alone[i], within(1e-5f));
            }
        }
    }

    @Test
    void throughPlaneNeedsOneAxisAloneToBeThick() {
        Spacing cube = new Spacing(1, 1, 1);
        assertThat(Resample.throughPlane(new Spacing(5, 1, 1), cube, 3)).hasValue(0);
        assertThat(Resample.throughPlane(new Spacing(1, 1, 3.1), cube, 3)).hasValue(2);
        assertThat(Resample.throughPlane(new Spacing(3, 1, 1), cube, 3)).isEmpty();
        assertThat(Resample.throughPlane(cube, new Spacing(1, 4, 1), 3)).hasValue(1);
        assertThat(Resample.throughPlane(new Spacing(5, 5, 1), cube, 3)).isEmpty();
    }

    @Test
    void anImageOfAnotherLengthIsRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Resample.image(new float[5], new Shape(1, 2, 3), new Shape(2, 2, 2), Order.LINEAR))
                .withMessageContaining("6")
                .withMessageContaining("given 5");
    }

    private static void assertClose(float[] actual, double[] expected) {
        assertThat(actual).hasSize(expected.length);
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) actual[i]).as("voxel %d", i).isCloseTo(expected[i], within(GOLDEN_TOLERANCE));
        }
    }

    private static float[] goldenInput() {
        double[] numbers = Golden.numbers(GOLDEN.get("input"));
        float[] in = new float[numbers.length];
        for (int i = 0; i < in.length; i++) {
            in[i] = (float) numbers[i];
        }
        return in;
    }

    private static byte[] goldenLabels() {
        double[] numbers = Golden.numbers(GOLDEN.get("labels"));
        byte[] labels = new byte[numbers.length];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = (byte) numbers[i];
        }
        return labels;
    }

    private static Shape shape(JsonNode sizes) {
        return new Shape(
                sizes.get(0).asInt(), sizes.get(1).asInt(), sizes.get(2).asInt());
    }

    private static Spacing spacing(JsonNode golden, String name) {
        return Spacing.of(Golden.numbers(golden.get(name)));
    }

    private static float[] noise(Shape shape, Random random) {
        float[] voxels = new float[shape.arrayLength()];
        for (int i = 0; i < voxels.length; i++) {
            voxels[i] = random.nextFloat();
        }
        return voxels;
    }

    private static Shape swap(Shape shape) {
        return new Shape(shape.x(), shape.y(), shape.z());
    }

    private static float[] swapZx(float[] in, Shape shape) {
        float[] out = new float[in.length];
        for (int z = 0; z < shape.z(); z++) {
            for (int y = 0; y < shape.y(); y++) {
                for (int x = 0; x < shape.x(); x++) {
                    out[swap(shape).index(x, y, z)] = in[shape.index(z, y, x)];
                }
            }
        }
        return out;
    }
}
