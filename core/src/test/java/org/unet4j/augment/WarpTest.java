package org.unet4j.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.unet4j.torch.OneThread;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Seeds;
import org.unet4j.torch.Tensors;
import org.unet4j.volume.Box;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;

/** Both ways to follow a warp: row by row, as the processor does it, and by a grid, as a card does. */
@ExtendWith(OneThread.class)
class WarpTest {

    /** Sampling positions are float32: a voxel of 20 is off by up to about 1e-5, times a slope of up to 2. */
    private static final float SAMPLING = 1e-4f;

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
    void borderRowsThatBendBothInAndOutAreSampledVoxelByVoxel() {
        try (Scope scope = new Scope()) {
            // no larger than the patch: every row has voxels within reach of the border
            Shape shape = new Shape(9, 10, 30);
            Tensor image = Worlds.random(8, 1, shape);
            float[] from = Tensors.toFloats(image);
            Lattice bent = new Elastic(1, 4, 1.6, Axes.ALL, CUBIC)
                    .lattice(new Elastic.Draw(1.6, 9), new double[] {1, 0, 0, 0, 1, 0, 0, 0, 1}, shape);
            Warp warp = new Warp(shape, shape, new double[] {1, 0, 0, 0, 1, 0, 0, 0, 1}, Optional.of(bent), List.of());
            float[] found = Tensors.toFloats(ROWS.image(warp, image));
            float[] moved = Tensors.toFloats(WarpGrid.displacement(bent, image));
            int n = shape.arrayLength();
            for (int i = 0; i < n; i++) {
                double z = Math.floorDiv(i, 300) + moved[i];
                double y = i / 30 % 10 + moved[n + i];
                double x = i % 30 + moved[2 * n + i];
                assertThat(found[i]).isCloseTo((float) trilinear(from, shape, z, y, x), within(SAMPLING));
            }
        }
    }
}
