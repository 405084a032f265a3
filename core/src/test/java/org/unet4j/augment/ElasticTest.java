package org.unet4j.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.unet4j.torch.OneThread;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;

@ExtendWith(OneThread.class)
class ElasticTest {

    private static final double[] IDENTITY = {1, 0, 0, 0, 1, 0, 0, 0, 1};

    private static final Spacing CUBIC = new Spacing(1, 1, 1);

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
}
