package org.unet4j.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.unet4j.torch.OneThread;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Seeds;
import org.unet4j.torch.Tensors;
import org.unet4j.volume.Box;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;

@ExtendWith(OneThread.class)
class SpatialTransformTest {

    /** Sampling positions are float32: a voxel of 20 is off by up to about 1e-5, times a slope of up to 2. */
    private static final float SAMPLING = 1e-4f;

    private static final double[] IDENTITY = {1, 0, 0, 0, 1, 0, 0, 0, 1};

    private static final Spacing CUBIC = new Spacing(1, 1, 1);

    /** Returns the value at a position in voxels, trilinearly, 0 outside: written apart from torch. */
    private static double trilinear(float[] values, Shape shape, double z, double y, double x) {
        int z0 = (int) Math.floor(z);
        int y0 = (int) Math.floor(y);
        int x0 = (int) Math.floor(x);
        double sum = 0;
        for (int corner = 0; corner < 8; corner++) {
            int cz = z0 + (corner >> 2);
            int cy = y0 + (corner >> 1 & 1);
            int cx = x0 + (corner & 1);
            if (cz >= 0 && cy >= 0 && cx >= 0 && cz < shape.z() && cy < shape.y() && cx < shape.x()) {
                sum += values[shape.index(cz, cy, cx)]
                        * (1 - Math.abs(z - cz))
                        * (1 - Math.abs(y - cy))
                        * (1 - Math.abs(x - cx));
            }
        }
        return sum;
    }

    @Test
    void theReferenceSamplerHasTorchsConventions() throws IOException {
        var golden = Worlds.golden();
        float[] theta = Worlds.numbers(golden.get("theta")); // rows x, y, z; columns x, y, z, 1
        float[] input = Worlds.numbers(golden.get("input"));
        float[] expected = Worlds.numbers(golden.get("gridSampleZeros"));
        Shape shape = new Shape(4, 5, 6);
        for (int i = 0; i < expected.length; i++) {
            double[] at = {
                (2.0 * (i % 6) + 1) / 6 - 1, (2.0 * (i / 6 % 5) + 1) / 5 - 1, (2.0 * Math.floorDiv(i, 30) + 1) / 4 - 1
            };
            double[] source = new double[3];
            for (int row = 0; row < 3; row++) {
                double normalised = theta[4 * row] * at[0]
                        + theta[4 * row + 1] * at[1]
                        + theta[4 * row + 2] * at[2]
                        + theta[4 * row + 3];
                source[row] = ((normalised + 1) * shape.get(2 - row) - 1) / 2;
            }
            assertThat(trilinear(input, shape, source[2], source[1], source[0])).isCloseTo(expected[i], within(1e-5));
        }
    }

    /** Follows a warp. */
    private interface Follow {
        Tensor image(Warp warp, Tensor image);

        Tensor labels(Warp warp, Tensor labels);
    }

    private static final Follow ROWS = new Follow() {
        @Override
        public Tensor image(Warp warp, Tensor image) {
            return WarpRows.image(warp, image);
        }

        @Override
        public Tensor labels(Warp warp, Tensor labels) {
            return WarpRows.labels(warp, labels);
        }
    };

    private static final Follow GRID = new Follow() {
        @Override
        public Tensor image(Warp warp, Tensor image) {
            return new WarpGrid(warp, image).image(image);
        }

        @Override
        public Tensor labels(Warp warp, Tensor labels) {
            return new WarpGrid(warp, labels).labels(labels);
        }
    };

    private static final Shape SOURCE = new Shape(7, 10, 9); // odd and even sizes around the patch
    private static final Shape PATCH = new Shape(6, 7, 8);
    private static final double[] MATRIX = {0.9, 0.2, -0.1, 0.3, 1.1, 0.15, -0.2, 0.1, 0.8};
    private static final Lattice BENT =
            new Elastic(1, 3, 1.2, Axes.ALL, CUBIC).lattice(new Elastic.Draw(1.2, 5), MATRIX, PATCH);

    static List<Follow> bothWays() {
        return List.of(ROWS, GRID);
    }

    static List<Arguments> bothWaysInEveryMirror() {
        return bothWays().stream()
                .flatMap(way -> Stream.of(List.<Integer>of(), List.of(2), List.of(0, 1), Axes.ALL)
                        .map(axes -> Arguments.of(way, axes)))
                .toList();
    }

    /** Returns where voxel {@code i} of the patch, before it is mirrored, lies in the source: written apart from both. */
    private static double[] place(int i) {
        int[] voxel = {i / 56, i / 8 % 7, i % 8};
        double[] at = new double[3];
        for (int row = 0; row < 3; row++) {
            at[row] = Warp.centreCropStart(SOURCE, PATCH, row) + (PATCH.get(row) - 1) / 2.0;
            for (int axis = 0; axis < 3; axis++) {
                at[row] += MATRIX[3 * row + axis] * (voxel[axis] - (PATCH.get(axis) - 1) / 2.0);
            }
            at[row] += bentBy(row, voxel);
        }
        return at;
    }

    private static double bentBy(int row, int... voxel) {
        double[][][] weights = new double[3][][];
        for (int axis = 0; axis < 3; axis++) {
            weights[axis] = BENT.axes()[axis].matrix();
        }
        int points = BENT.moved().length / 3;
        double sum = 0;
        for (int point = 0; point < points; point++) {
            int x = point % BENT.axes()[2].points();
            int y = point / BENT.axes()[2].points() % BENT.axes()[1].points();
            int z = point / BENT.axes()[2].points() / BENT.axes()[1].points();
            sum += BENT.moved()[row * points + point]
                    * weights[0][voxel[0]][z]
                    * weights[1][voxel[1]][y]
                    * weights[2][voxel[2]][x];
        }
        return sum;
    }

    @ParameterizedTest
    @MethodSource("bothWaysInEveryMirror")
    void aWarpSamplesWhereItSays(Follow way, List<Integer> mirrored) {
        try (Scope scope = new Scope()) {
            Warp warp = new Warp(SOURCE, PATCH, MATRIX, Optional.of(BENT), mirrored);
            Tensor image = Worlds.random(4, 2, SOURCE);
            Tensor labels = image.select(0, 1).mul(new Scalar(100f)).to(ScalarType.Int);
            float[] from = Tensors.toFloats(image.select(0, 1));
            float[] classes = Tensors.toFloats(labels);
            Tensor warped = way.image(warp, image);
            assertThat(Tensors.shape(warped)).containsExactly(2, 6, 7, 8);
            float[] found = Tensors.toFloats(Mirroring.flip(mirrored, warped, 1).select(0, 1));
            Tensor moved = way.labels(warp, labels);
            assertThat(moved.scalar_type().intern()).isEqualTo(ScalarType.Int);
            float[] foundLabels = Tensors.toFloats(Mirroring.flip(mirrored, moved, 0));
            int outside = 0;
            for (int i = 0; i < found.length; i++) {
                double[] at = place(i);
                assertThat(found[i]).isCloseTo((float) trilinear(from, SOURCE, at[0], at[1], at[2]), within(SAMPLING));
                int z = (int) Math.round(at[0]);
                int y = (int) Math.round(at[1]);
                int x = (int) Math.round(at[2]);
                boolean inside = Box.between(z, y, x, z + 1, y + 1, x + 1).isInside(SOURCE);
                assertThat(foundLabels[i]).isEqualTo(inside ? classes[SOURCE.index(z, y, x)] : 0);
                outside += inside ? 0 : 1;
            }
            assertThat(outside).isBetween(1, found.length / 2); // else the border was not looked at
        }
    }

    @Test
    void theProcessorsWayEqualsTheDevices() {
        try (Scope scope = new Scope()) {
            Shape patch = new Shape(20, 24, 22);
            Augmentation standard = Augmentation.standard(CUBIC, patch);
            Shape source = standard.sourceShape(patch);
            Tensor image = smooth(source);
            Tensor labels = image.select(0, 0).gt(new Scalar(0f)).to(ScalarType.Byte);
            int differ = 0;
            for (long seed = 0; seed < 20; seed++) {
                double[] matrix = Warp.product(
                        new Rotation(1, 30, 30, 30, CUBIC)
                                .matrix(new Rotation(1, 30, 30, 30, CUBIC).sample(Seeds.random(seed))),
                        new double[] {0.8, 0, 0, 0, 1.1, 0, 0, 0, 1.3});
                Lattice bent = standard.elastic().lattice(new Elastic.Draw(1.6, seed), matrix, patch);
                Warp warp = new Warp(source, patch, matrix, Optional.of(bent), List.of((int) (seed % 3)));
                Warp.Sample both = warp.sample(image, labels);
                float[] device = Tensors.toFloats(GRID.image(warp, image));
                // A place of libtorch's grid is off by up to 1e-5 voxels, along which this image changes by up to 0.3.
                assertThat(Tensors.toFloats(both.imageCDHW())).containsExactly(device, within(1e-5f));
                float[] nearest = Tensors.toFloats(GRID.labels(warp, labels));
                float[] here = Tensors.toFloats(both.labelsDHW());
                for (int i = 0; i < here.length; i++) {
                    differ += here[i] == nearest[i] ? 0 : 1;
                }
            }
            // Labels differ where a place lies within that of two voxels' common face: of 2e5 voxels a handful.
            assertThat(differ).isLessThan(20);
        }
    }

    private static Tensor smooth(Shape shape) {
        float[] values = new float[2 * shape.arrayLength()];
        for (int i = 0; i < values.length; i++) {
            int z = i / (shape.y() * shape.x()) % shape.z();
            int y = i / shape.x() % shape.y();
            int x = i % shape.x();
            int channel = i / shape.arrayLength();
            values[i] = (float) (Math.sin(0.2 * z + channel) * Math.cos(0.15 * y) + Math.sin(0.1 * x));
        }
        return Tensors.of(values, 2, shape.z(), shape.y(), shape.x());
    }

    @Test
    void pointsThatMoveAlikeMoveEveryVoxelSo() {
        for (int size : new int[] {1, 2, 9, 33, 96}) {
            for (double control : new double[] {0.7, 3, 16, 40}) {
                double[][] weights = Lattice.Axis.over(size, control).matrix();
                for (int voxel = 0; voxel < size; voxel++) {
                    double sum = 0;
                    double linear = 0;
                    for (int point = 0; point < weights[voxel].length; point++) {
                        sum += weights[voxel][point];
                        linear += weights[voxel][point] * control * (point - (weights[voxel].length - 1) / 2.0);
                    }
                    assertThat(sum).isCloseTo(1, within(1e-12));
                    // A cubic B-spline carries on a straight line: every voxel lies where it lies.
                    assertThat(linear).isCloseTo(voxel - (size - 1) / 2.0, within(1e-9));
                }
            }
        }
        // de Boor 1978: 1, 4, 1 sixths on a point, 1, 23, 23, 1 forty-eighths half way
        assertThat(Lattice.Axis.over(3, 2).matrix()[1])
                .containsExactly(new double[] {0, 1 / 6., 4 / 6., 1 / 6., 0}, within(1e-12));
        assertThat(Lattice.Axis.over(3, 2).matrix()[2])
                .containsExactly(new double[] {0, 1 / 48., 23 / 48., 23 / 48., 1 / 48.}, within(1e-12));
    }

    @ParameterizedTest
    @CsvSource({"0, 1, 2", "1, 0, 2", "2, 0, 1"})
    void aQuarterTurnIsATranspositionAndAFlip(int about, int first, int second) {
        try (Scope scope = new Scope()) {
            Tensor image = Worlds.random(6, 2, Shape.cube(9));
            double[] degrees = new double[3];
            degrees[about] = 90;
            Tensor turned = new Rotation(1, 180, 180, 180, CUBIC)
                    .apply(new Rotation.Draw(degrees[0], degrees[1], degrees[2]), image);
            // patch voxel (first, second) is taken from (second, -first)
            Tensor expected = image.transpose(1 + first, 1 + second).flip(1 + first);
            assertThat(Tensors.toFloats(turned)).containsExactly(Tensors.toFloats(expected), within(SAMPLING));
        }
    }

    @Test
    void whatTurnsIsMillimetres() {
        // 3 voxels of 2 mm along z become 6 voxels of 1 mm along x
        Rotation rotation = new Rotation(1, 0, 90, 0, new Spacing(2, 1, 1));
        double[] matrix = rotation.matrix(new Rotation.Draw(0, 90, 0));
        assertThat(Math.abs(matrix[6] * 3)).isCloseTo(6, within(1e-9));
        assertThat(Math.abs(matrix[2] * 6)).isCloseTo(3, within(1e-9));
    }

    @Test
    void anglesLieWithinTheirBounds() {
        Rotation rotation = new Rotation(1, 30, 10, 0, CUBIC);
        double most = 0;
        for (long seed = 0; seed < 200; seed++) {
            Rotation.Draw draw = rotation.sample(Seeds.random(seed));
            assertThat(Math.abs(draw.z())).isLessThanOrEqualTo(30);
            assertThat(Math.abs(draw.y())).isLessThanOrEqualTo(10);
            assertThat(draw.x()).isZero();
            most = Math.max(most, Math.abs(draw.z()));
        }
        assertThat(most).isGreaterThan(25);
    }

    @Test
    void scalingByTwoIsResizingTheMiddle() {
        try (Scope scope = new Scope()) {
            Tensor image = Worlds.random(7, 1, Shape.cube(16));
            Tensor scaled = new Scaling(1, new Range(2, 2), 0, Axes.ALL).apply(new Scaling.Draw(2, 2, 2), image);
            Tensor resized = torch.upsample_trilinear3d(
                    Warp.centreCrop(image, Shape.cube(8)).unsqueeze(0), new long[] {16, 16, 16}, false);
            // the outermost voxels look beyond the cropped middle
            Shape inside = Shape.cube(14);
            assertThat(Tensors.toFloats(Warp.centreCrop(scaled, inside)))
                    .containsExactly(Tensors.toFloats(Warp.centreCrop(resized.squeeze(0), inside)), within(SAMPLING));
        }
    }

    @Test
    void scalingLeavesOtherAxesAlone() {
        Scaling.Draw draw = new Scaling(1, new Range(0.5, 0.5), 0, List.of(1, 2)).sample(Seeds.random(1));
        assertThat(new Scaling(1, new Range(0.5, 0.5), 0, List.of(1, 2)).matrix(draw))
                .containsExactly(1, 0, 0, 0, 2, 0, 0, 0, 2);
    }

    @Test
    void axesAreScaledAlikeOrEachOnItsOwnAsOftenAsSet() {
        Scaling scaling = new Scaling(1, new Range(0.7, 1.4), 0.3, Axes.ALL);
        int own = 0;
        for (long seed = 0; seed < 1000; seed++) {
            Scaling.Draw draw = scaling.sample(Seeds.random(seed));
            assertThat(List.of(draw.z(), draw.y(), draw.x())).allMatch(factor -> factor >= 0.7 && factor <= 1.4);
            assertThat(draw.z() == draw.y()).isEqualTo(draw.y() == draw.x());
            own += draw.z() == draw.y() ? 0 : 1;
        }
        assertThat(own).isBetween(250, 350);
    }

    @Test
    void scalingOneAxisStretchesThatOne() {
        try (Scope scope = new Scope()) {
            Tensor image = Worlds.random(7, 1, new Shape(8, 16, 8));
            Tensor scaled = new Scaling(1, new Range(1, 2), 1, Axes.ALL).apply(new Scaling.Draw(1, 2, 1), image);
            Tensor resized = torch.upsample_trilinear3d(
                    Warp.centreCrop(image, new Shape(8, 8, 8)).unsqueeze(0), new long[] {8, 16, 8}, false);
            // the outermost rows look beyond the cropped middle
            Shape inside = new Shape(8, 14, 8);
            assertThat(Tensors.toFloats(Warp.centreCrop(scaled, inside)))
                    .containsExactly(Tensors.toFloats(Warp.centreCrop(resized.squeeze(0), inside)), within(SAMPLING));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void theStrongestElasticDeformationFoldsNowhere(long seed) {
        try (Scope scope = new Scope()) {
            // voxels are an eighth of the lattice's spacing: fine enough for differences to be derivatives
            Elastic elastic = new Elastic(1, 8, Elastic.MOST_MOVEMENT * 8, Axes.ALL, CUBIC);
            Shape shape = new Shape(40, 44, 36);
            Tensor field = WarpGrid.displacement(
                    elastic.lattice(new Elastic.Draw(elastic.magnitudeMm(), seed), IDENTITY, shape),
                    Tensors.of(new float[1], 1));
            float[] moved = Tensors.toFloats(field);
            int n = shape.arrayLength();
            int[] stride = {shape.y() * shape.x(), shape.x(), 1};
            double smallest = Double.MAX_VALUE;
            double largestMove = 0;
            for (int z = 0; z < shape.z() - 1; z++) {
                for (int y = 0; y < shape.y() - 1; y++) {
                    for (int x = 0; x < shape.x() - 1; x++) {
                        int at = shape.index(z, y, x);
                        double[][] j = new double[3][3];
                        for (int row = 0; row < 3; row++) {
                            largestMove = Math.max(largestMove, Math.abs(moved[row * n + at]));
                            for (int column = 0; column < 3; column++) {
                                j[row][column] = (row == column ? 1 : 0)
                                        + moved[row * n + at + stride[column]]
                                        - moved[row * n + at];
                            }
                        }
                        smallest = Math.min(
                                smallest,
                                j[0][0] * (j[1][1] * j[2][2] - j[1][2] * j[2][1])
                                        - j[0][1] * (j[1][0] * j[2][2] - j[1][2] * j[2][0])
                                        + j[0][2] * (j[1][0] * j[2][1] - j[1][1] * j[2][0]));
                    }
                }
            }
            assertThat(smallest).isPositive().isLessThan(0.9);
            assertThat(largestMove).isBetween(0.5, elastic.magnitudeMm());
        }
    }

    @Test
    void elasticDeformationThatCouldFoldIsRefused() {
        assertThatThrownBy(() -> new Elastic(0.1, 10, 4.1, Axes.ALL, CUBIC))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("magnitudeMm 4.1 must lie in [0, 4.0]")
                .hasMessageContaining("fold");
        assertThatThrownBy(() -> new Elastic(0.1, 0, 0, Axes.ALL, CUBIC)).hasMessageContaining("controlMm 0.0");
    }

    @Test
    void elasticDeformationMovesAlongItsAxesOnly() {
        try (Scope scope = new Scope()) {
            Elastic elastic = new Elastic(1, 8, 3, List.of(1, 2), CUBIC);
            Tensor field = WarpGrid.displacement(
                    elastic.lattice(new Elastic.Draw(3, 1), IDENTITY, Shape.cube(12)), Tensors.of(new float[1], 1));
            assertThat(Tensors.toFloats(field.select(0, 0))).containsOnly(0);
            assertThat(Tensors.toFloats(field.select(0, 1))).doesNotContain(0);
        }
    }

    @Test
    void mirroringIsExactAndKeepsToItsAxes() {
        try (Scope scope = new Scope()) {
            Tensor image = Tensors.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 1, 2, 2, 2);
            Mirroring mirroring = new Mirroring(0.5, List.of(0, 1));
            assertThat(Tensors.toFloats(mirroring.apply(new Mirroring.Draw(List.of(0)), image)))
                    .containsExactly(5, 6, 7, 8, 1, 2, 3, 4);
            assertThat(Tensors.toFloats(mirroring.apply(new Mirroring.Draw(List.of(1, 2)), image)))
                    .containsExactly(4, 3, 2, 1, 8, 7, 6, 5);
            int[] drawn = new int[3];
            for (long seed = 0; seed < 1000; seed++) {
                mirroring.sample(Seeds.random(seed)).axes().forEach(axis -> drawn[axis]++);
            }
            assertThat(drawn[2]).isZero(); // left and right stay where they are
            assertThat(drawn[0]).isBetween(450, 550);
            assertThat(drawn[1]).isBetween(450, 550);
        }
    }

    @Test
    void badSettingsAreRefused() {
        assertThatThrownBy(() -> new Rotation(1.1, 0, 0, 0, CUBIC))
                .hasMessage("rotation probability 1.1 must lie in [0, 1]");
        assertThatThrownBy(() -> new Rotation(1, 0, -5, 0, CUBIC)).hasMessageContaining("-5.0 degrees");
        assertThatThrownBy(() -> new Scaling(1, new Range(0, 1), 0, Axes.ALL)).hasMessageContaining("above 0");
        assertThatThrownBy(() -> new Scaling(1, new Range(1, 2), 2, Axes.ALL)).hasMessageContaining("perAxis");
        assertThatThrownBy(() -> new Blur(1, 1, new Range(1, 2), -1)).hasMessageContaining("blur perAxis");
        assertThatThrownBy(() -> new Gamma(1, new Range(0, 1), false))
                .hasMessage("gamma exponent 0.0 must be above 0, such as 0.7");
        assertThatThrownBy(() -> new Mirroring(1, List.of(0, 3))).hasMessageContaining("mirroring axes [0, 3]");
        assertThatThrownBy(() -> new Mirroring.Draw(List.of(0, 0))).hasMessageContaining("different");
        assertThatThrownBy(() -> new Range(2, 1)).hasMessageContaining("range 2.0 to 1.0");
        assertThatThrownBy(() -> new Range(0, Double.POSITIVE_INFINITY)).hasMessageContaining("finite");
        assertThatThrownBy(() -> new Noise(Double.NaN, new Range(0, 1))).hasMessageContaining("NaN");
        assertThatThrownBy(() -> new LowResolution(1, 1, new Range(0.5, 1.5), Axes.ALL))
                .hasMessageContaining("(0, 1]");
    }
}
