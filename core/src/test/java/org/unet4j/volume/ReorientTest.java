package org.unet4j.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ReorientTest {

    private static final Shape SHAPE = new Shape(2, 3, 4);

    /** All 48 ways in which voxel axes can lie in the patient, with unequal spacing and a shift. */
    static Stream<Grid> allOrientations() {
        List<Grid> grids = new ArrayList<>();
        int[][] permutations = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
        for (int[] row : permutations) {
            for (int signs = 0; signs < 8; signs++) {
                double[][] rows = {{0, 0, 0, 10}, {0, 0, 0, -20}, {0, 0, 0, 30}};
                for (int column = 0; column < 3; column++) {
                    rows[row[column]][column] = ((signs >> column & 1) == 0 ? 1 : -1) * (column + 1.5);
                }
                grids.add(new Grid(SHAPE, Affine.of(rows)));
            }
        }
        return grids.stream();
    }

    @ParameterizedTest
    @MethodSource("allOrientations")
    void everyVoxelStaysWhereItIsInSpace(Grid from) {
        Reorient reorient = Reorient.toRas(from);
        Volume before = Volume.of(from, counting());
        Volume after = reorient.apply(before);
        assertThat(Orientation.of(after.grid().affine())).isEqualTo(Orientation.RAS);
        Affine toOld = from.affine().inverse();
        Shape shape = after.grid().shape();
        for (int z = 0; z < shape.z(); z++) {
            for (int y = 0; y < shape.y(); y++) {
                for (int x = 0; x < shape.x(); x++) {
                    double[] mm = after.grid().affine().apply(x, y, z);
                    double[] old = toOld.apply(mm[0], mm[1], mm[2]);
                    int index = SHAPE.index((int) Math.rint(old[2]), (int) Math.rint(old[1]), (int) Math.rint(old[0]));
                    assertThat(after.get(shape.index(z, y, x))).isEqualTo(before.get(index));
                    assertThat(old[0]).isCloseTo(Math.rint(old[0]), within(1e-9));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("allOrientations")
    void aViewIsTheCopy(Grid from) {
        Box box = new Box(0, 1, 1, new Shape(2, 2, 3));
        Volume whole = Volume.of(from, counting());
        Reorient reorient = Reorient.toRas(from.crop(box));
        float[] copy = reorient.apply(Crop.crop(whole, box)).toFloats();
        Voxels view = reorient.view(whole, box);
        assertThat(view.toArray(copy.length)).isEqualTo(copy);
        for (int at = 0; at < copy.length; at++) {
            for (int length = 1; at + length <= copy.length; length++) {
                float[] run = new float[length + 2];
                view.copyTo(at, run, 1, length);
                assertThat(Arrays.copyOfRange(run, 1, length + 1)).isEqualTo(Arrays.copyOfRange(copy, at, at + length));
                assertThat(new float[] {run[0], run[length + 1]}).containsOnly(0);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("allOrientations")
    void undoBringsBackEveryVoxelAndTheGridItself(Grid from) {
        Reorient reorient = Reorient.toRas(from);
        byte[] classes = new byte[24];
        for (int i = 0; i < classes.length; i++) {
            classes[i] = (byte) (i + 200);
        }
        Labels back = reorient.undo(reorient.apply(new Labels(from, classes)));
        assertThat(back.grid()).isEqualTo(from);
        assertThat(back.bytes()).isEqualTo(classes);
        float[] voxels = Volume.of(from, counting()).toFloats();
        assertThat(reorient.undo(reorient.apply(voxels))).isEqualTo(voxels);
    }

    @ParameterizedTest
    @EnumSource(VoxelType.class)
    void voxelsKeepTheirType(VoxelType type) {
        Grid from = new Grid(SHAPE, new Affine(-1, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0));
        Volume before = new Volume(from, type, type.newArray(24), 2, 1);
        Volume after = Reorient.toRas(from).apply(before);
        assertThat(after.type()).isEqualTo(type);
        assertThat(after.get(23)).isEqualTo(1);
        assertThat(after.slope()).isEqualTo(2);
        assertThat(after.grid().shape()).isEqualTo(new Shape(3, 2, 4));
    }

    @Test
    void anImageInRasOrderIsPassedOn() {
        Grid ras = Grid.of(SHAPE, new Spacing(1, 2, 3));
        Volume volume = Volume.of(ras, counting());
        Reorient reorient = Reorient.toRas(ras);
        assertThat(reorient.isIdentity()).isTrue();
        assertThat(reorient.apply(volume).array()).isSameAs(volume.array());
    }

    @Test
    void anotherShapeIsRejected() {
        Reorient reorient = Reorient.toRas(new Grid(SHAPE, new Affine(-1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0)));
        Volume other = Volume.of(Grid.of(new Shape(4, 3, 2), new Spacing(1, 1, 1)), new short[24]);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> reorient.apply(other))
                .withMessageContaining("(4, 3, 2)")
                .withMessageContaining("(2, 3, 4)");
        assertThatIllegalArgumentException().isThrownBy(() -> reorient.apply(new float[23]));
    }

    private static short[] counting() {
        short[] voxels = new short[24];
        for (int i = 0; i < voxels.length; i++) {
            voxels[i] = (short) i;
        }
        return voxels;
    }
}
