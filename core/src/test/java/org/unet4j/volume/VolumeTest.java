package org.unet4j.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VolumeTest {

    private static final Grid GRID = Grid.of(new Shape(1, 1, 2), new Spacing(1, 1, 1));

    @Test
    void unsignedTypesUseAllBits() {
        assertThat(new Volume(GRID, VoxelType.UINT8, new byte[] {-1, 1}, 1, 0).get(0))
                .isEqualTo(255);
        assertThat(new Volume(GRID, VoxelType.INT8, new byte[] {-1, 1}, 1, 0).get(0))
                .isEqualTo(-1);
        assertThat(new Volume(GRID, VoxelType.UINT16, new short[] {-1, 1}, 1, 0).get(0))
                .isEqualTo(65535);
        assertThat(new Volume(GRID, VoxelType.UINT32, new int[] {-1, 1}, 1, 0).get(0))
                .isEqualTo(4294967295.0);
        assertThat(new Volume(GRID, VoxelType.UINT64, new long[] {-1, 1}, 1, 0).get(0))
                .isEqualTo(0x1p64);
        assertThat(new Volume(GRID, VoxelType.INT64, new long[] {-1, 1}, 1, 0).get(0))
                .isEqualTo(-1);
    }

    @ParameterizedTest
    @EnumSource(VoxelType.class)
    void floatsEqualTheValuesOneByOne(VoxelType type) {
        Shape shape = new Shape(2, 3, 5);
        Object array = type.newArray(30);
        Random random = new Random(7);
        for (int i = 0; i < 30; i++) {
            long bits = random.nextLong();
            switch (type) {
                case INT8, UINT8 -> ((byte[]) array)[i] = (byte) bits;
                case INT16, UINT16 -> ((short[]) array)[i] = (short) bits;
                case INT32, UINT32 -> ((int[]) array)[i] = (int) bits;
                case INT64, UINT64 -> ((long[]) array)[i] = bits;
                case FLOAT32 -> ((float[]) array)[i] = random.nextFloat();
                case FLOAT64 -> ((double[]) array)[i] = random.nextDouble();
            }
        }
        Grid grid = Grid.of(shape, new Spacing(1, 1, 1));
        for (double slope : new double[] {1, 0.25}) {
            Volume volume = new Volume(grid, type, array, slope, slope - 1);
            float[] all = volume.toFloats();
            float[] some = new float[12];
            volume.copyTo(9, some, 2, 10);
            for (int i = 0; i < 30; i++) {
                assertThat(all[i]).isEqualTo((float) volume.get(i));
            }
            for (int i = 0; i < 10; i++) {
                assertThat(some[i + 2]).isEqualTo(all[i + 9]);
            }
        }
    }

    @Test
    void anArrayOfAnotherTypeOrLengthIsRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Volume(GRID, VoxelType.INT16, new int[2], 1, 0))
                .withMessageContaining("INT16 voxels need short[], given int[]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Volume.of(GRID, new short[3]))
                .withMessageContaining("needs 2 voxels, given 3");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Labels(GRID, new byte[1]))
                .withMessageContaining("need 2 voxels, given 1");
    }

    @Test
    void resizingKeepsTheOuterFaces() {
        Grid grid = new Grid(new Shape(4, 6, 10), new Affine(-0.5, 0, 0, 5, 0, 0, 2, -3, 0, 1.5, 0, 8));
        Grid finer = grid.resized(new Shape(7, 3, 20));
        assertThat(finer.affine().apply(-0.5, -0.5, -0.5))
                .containsExactly(grid.affine().apply(-0.5, -0.5, -0.5), within(1e-12));
        assertThat(finer.affine().apply(19.5, 2.5, 6.5))
                .containsExactly(grid.affine().apply(9.5, 5.5, 3.5), within(1e-12));
        assertThat(finer.spacing().x()).isCloseTo(0.25, within(1e-12));
    }

    @Test
    void inverseUndoesAnAffine() {
        Affine affine = new Affine(1, 0.2, -0.3, 5, 0.1, -2, 0.4, 6, 0, 0.5, 3, 7);
        double[][] product = affine.after(affine.inverse()).toArray();
        for (int i = 0; i < 4; i++) {
            for (int j = 0; j < 4; j++) {
                assertThat(product[i][j]).isCloseTo(i == j ? 1 : 0, within(1e-12));
            }
        }
    }

    @Test
    void gridsMatchWhenNoCornerLiesFartherThanTheTolerance() {
        Grid grid = Grid.of(new Shape(10, 10, 10), new Spacing(1, 1, 1));
        Grid stretched = Grid.of(new Shape(10, 10, 10), new Spacing(1, 1, 1.001));
        assertThat(grid.matches(stretched, 0.0091)).isTrue();
        assertThat(grid.matches(stretched, 0.0089)).isFalse();
        assertThat(grid.matches(Grid.of(new Shape(10, 10, 9), new Spacing(1, 1, 1)), 100))
                .isFalse();
    }

    @Test
    void uselessGeometryIsRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Grid(new Shape(1, 1, 1), new Affine(1, 2, 0, 0, 1, 2, 0, 0, 0, 0, 1, 0)))
                .withMessageContaining("singular");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new Grid(new Shape(1, 1, 1), new Affine(Double.NaN, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Spacing(1, 0, 1))
                .withMessageContaining("positive");
        assertThatIllegalArgumentException().isThrownBy(() -> new Spacing(1, Double.POSITIVE_INFINITY, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Shape(1, 0, 1))
                .withMessageContaining("(1, 0, 1)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Shape(2000, 2000, 2000).arrayLength())
                .withMessageContaining("8000000000");
    }

    @Test
    void channelsOfAScanShareOneGrid() {
        Volume here = Volume.of(GRID, new short[2]);
        Volume there = Volume.of(Grid.of(new Shape(1, 1, 2), new Spacing(1, 1, 1.5)), new short[2]);
        assertThat(new Scan("case", List.of(here, here)).grid()).isEqualTo(GRID);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Scan("case_7", List.of(here, there)))
                .withMessageContaining("[case_7] channel 1");
        assertThatIllegalArgumentException().isThrownBy(() -> new Scan("case_7", List.of()));
    }
}
