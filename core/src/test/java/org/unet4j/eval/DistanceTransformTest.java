package org.unet4j.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.InputStream;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DistanceTransformTest {

    /** Sums of three squares in another order. */
    private static final double ROUNDING = 1e-12;

    @Test
    void equalsScipyOnEveryPoint() throws Exception {
        JsonNode golden;
        try (InputStream in = DistanceTransformTest.class.getResourceAsStream("/golden/distances.json")) {
            golden = JsonMapper.shared().readTree(in);
        }
        assertThat(golden.get("cases")).hasSize(7);
        for (JsonNode one : golden.get("cases")) {
            int[] size = JsonMapper.shared().convertValue(one.get("shape"), int[].class);
            double[] mm = JsonMapper.shared().convertValue(one.get("spacing"), double[].class);
            int[] points = JsonMapper.shared().convertValue(one.get("points"), int[].class);
            double[] distances = JsonMapper.shared().convertValue(one.get("distances"), double[].class);
            Shape shape = Shape.of(size);
            assertThat(DistanceTransform.to(points, shape, Spacing.of(mm)).at(all(shape)))
                    .as(one.get("shape") + " " + one.get("spacing"))
                    .containsExactly(distances, within(ROUNDING));
        }
    }

    @Test
    void equalsTheNearestOfAllPointsWhateverTheSpacing() {
        for (int seed = 0; seed < 40; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Shape shape = new Shape(1 + random.nextInt(9), 1 + random.nextInt(9), 1 + random.nextInt(9));
            Spacing spacing = new Spacing(
                    0.1 + 5 * random.nextDouble(), 0.1 + 5 * random.nextDouble(), 0.1 + 5 * random.nextDouble());
            int[] points =
                    random.ints(1 + random.nextInt(6), 0, (int) shape.voxels()).toArray();
            double[] distances = DistanceTransform.to(points, shape, spacing).at(all(shape));
            for (int i = 0; i < distances.length; i++) {
                int at = i;
                double nearest = IntStream.of(points)
                        .mapToDouble(point -> distance(at, point, shape, spacing))
                        .min()
                        .orElseThrow();
                assertThat(distances[i]).as("seed " + seed).isCloseTo(nearest, within(ROUNDING));
            }
        }
    }

    @Test
    void pointsMayBeAskedForInAnyOrder() {
        Shape shape = new Shape(2, 2, 3);
        DistanceTransform transform = DistanceTransform.to(new int[] {0}, shape, new Spacing(4, 3, 1));
        assertThat(transform.at(new int[] {11, 0, 3, 1, 6}))
                .containsExactly(new double[] {Math.sqrt(29), 0, 3, 1, 4}, within(ROUNDING));
    }

    @Test
    void everythingIsInfinitelyFarFromNothing() {
        Shape shape = new Shape(1, 2, 2);
        assertThat(DistanceTransform.to(new int[0], shape, new Spacing(1, 1, 1)).at(all(shape)))
                .containsOnly(Double.POSITIVE_INFINITY);
    }

    @Test
    void tooManySlicesAreRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DistanceTransform.to(new int[0], new Shape(65_535, 1, 1), new Spacing(1, 1, 1)))
                .withMessageContaining("65535 slices");
    }

    private static int[] all(Shape shape) {
        return IntStream.range(0, (int) shape.voxels()).toArray();
    }

    private static double distance(int one, int other, Shape shape, Spacing spacing) {
        double z = (one / shape.x() / shape.y() - other / shape.x() / shape.y()) * spacing.z();
        double y = (one / shape.x() % shape.y() - other / shape.x() % shape.y()) * spacing.y();
        double x = (one % shape.x() - other % shape.x()) * spacing.x();
        return Math.sqrt(z * z + y * y + x * x);
    }
}
