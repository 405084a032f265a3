package org.unet4j.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.unet4j.torch.OneThread;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Seeds;
import org.unet4j.torch.Tensors;
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

    @Test
    void aWarpSamplesWhereItSays() {
        try (Scope scope = new Scope()) {
            Shape source = new Shape(11, 14, 13); // odd and even sizes around the patch
            Shape patch = new Shape(6, 7, 8);
            Tensor image = Worlds.random(4, 1, source);
            double[] matrix = {0.9, 0.2, -0.1, 0.3, 1.1, 0.15, -0.2, 0.1, 0.8};
            Tensor offset = Worlds.random(5, 3, patch);
            Warp warp = new Warp(matrix, Optional.of(offset));
            float[] warped = Tensors.toFloats(warp.image(image, warp.grid(source, patch, image)));
            float[] from = Tensors.toFloats(image);
            float[] moved = Tensors.toFloats(offset);
            for (int i = 0; i < warped.length; i++) {
                int[] voxel = {i / 56, i / 8 % 7, i % 8};
                double[] p = new double[3];
                for (int axis = 0; axis < 3; axis++) {
                    p[axis] = voxel[axis] - (patch.get(axis) - 1) / 2.0;
                }
                double[] at = new double[3];
                for (int row = 0; row < 3; row++) {
                    at[row] = matrix[3 * row] * p[0]
                            + matrix[3 * row + 1] * p[1]
                            + matrix[3 * row + 2] * p[2]
                            + moved[row * warped.length + i]
                            + Warp.centreCropStart(source, patch, row)
                            + (patch.get(row) - 1) / 2.0;
                }
                assertThat(warped[i]).isCloseTo((float) trilinear(from, source, at[0], at[1], at[2]), within(SAMPLING));
            }
        }
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
            Tensor scaled = new Scaling(1, new Range(2, 2), Axes.ALL).apply(new Scaling.Draw(2), image);
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
        double[] matrix = new Scaling(1, new Range(0.7, 1.4), List.of(1, 2)).matrix(new Scaling.Draw(0.5));
        assertThat(matrix).containsExactly(1, 0, 0, 0, 2, 0, 0, 0, 2);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void theStrongestElasticDeformationFoldsNowhere(long seed) {
        try (Scope scope = new Scope()) {
            // voxels are an eighth of the lattice's spacing: fine enough for differences to be derivatives
            Elastic elastic = new Elastic(1, 8, Elastic.MOST_MOVEMENT * 8, Axes.ALL, CUBIC);
            Shape shape = new Shape(40, 44, 36);
            Tensor field = elastic.displacement(
                    new Elastic.Draw(elastic.magnitudeMm(), seed), IDENTITY, shape, Tensors.of(new float[1], 1));
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
            Tensor field =
                    elastic.displacement(new Elastic.Draw(3, 1), IDENTITY, Shape.cube(12), Tensors.of(new float[1], 1));
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
        assertThatThrownBy(() -> new Scaling(1, new Range(0, 1), Axes.ALL)).hasMessageContaining("above 0");
        assertThatThrownBy(() -> new Mirroring(1, List.of(0, 3))).hasMessageContaining("mirroring axes [0, 3]");
        assertThatThrownBy(() -> new Mirroring.Draw(List.of(0, 0))).hasMessageContaining("different");
        assertThatThrownBy(() -> new Range(2, 1)).hasMessageContaining("range 2.0 to 1.0");
        assertThatThrownBy(() -> new Range(0, Double.POSITIVE_INFINITY)).hasMessageContaining("finite");
        assertThatThrownBy(() -> new Noise(Double.NaN, new Range(0, 1))).hasMessageContaining("NaN");
        assertThatThrownBy(() -> new LowResolution(1, 1, new Range(0.5, 1.5), Axes.ALL))
                .hasMessageContaining("(0, 1]");
    }
}
