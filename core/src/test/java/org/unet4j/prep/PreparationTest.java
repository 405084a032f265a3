package org.unet4j.prep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.unet4j.volume.Affine;
import org.unet4j.volume.Box;
import org.unet4j.volume.Crop;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Order;
import org.unet4j.volume.Reorient;
import org.unet4j.volume.Scan;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
import org.unet4j.volume.Volume;
import org.unet4j.volume.Voxels;

class PreparationTest {

    private static final Grid GRID = Grid.of(new Shape(6, 8, 10), new Spacing(1, 1, 1));

    @Test
    void aScanThatFitsThePlanIsOnlyNormalised() {
        Scan scan = Worlds.scan("a", GRID, 1);
        Labels labels = Worlds.labels(GRID);
        PreparedScan prepared = Preparation.apply(Worlds.plan(), scan, Optional.of(labels));
        float[] expected = scan.channels().get(0).toFloats();
        new Normalization.ZScore().apply(expected);
        assertThat(prepared.channels().get(0)).isEqualTo(expected);
        assertThat(prepared.labels().orElseThrow().bytes()).isEqualTo(labels.bytes());
        assertThat(prepared.recipe().prepared()).isEqualTo(GRID);
    }

    /** What is fused into one reading equals one step after the other to the last bit. */
    @ParameterizedTest
    @ValueSource(ints = {1, -1})
    void stepsOneAfterTheOtherGiveTheSame(int xDirection) {
        Shape shape = new Shape(9, 20, 30);
        Grid grid = new Grid(shape, new Affine(0.8 * xDirection, 0, 0, 3, 0, -0.7, 0, 0, 0, 0, 2, 0));
        short[] hu = new short[shape.arrayLength()];
        Random random = new Random(4);
        for (int i = 0; i < hu.length; i++) {
            hu[i] = (short) (random.nextInt(400) - 200);
        }
        Volume volume = Volume.of(grid, hu);
        Normalization window = new Normalization.CtWindow(-100, 150, 20, 60);
        Box box = new Box(1, 2, 3, new Shape(7, 15, 22));
        Spacing target = new Spacing(1.5, 1.5, 1.5);
        for (Resampling resampling : List.of(
                Resampling.standard(),
                new Resampling(Order.CUBIC, 2, Order.NEAREST),
                new Resampling(Order.CUBIC, 2, Order.LINEAR),
                new Resampling(Order.LINEAR, 3, Order.LINEAR),
                new Resampling(Order.NEAREST, 3, Order.LINEAR))) {
            Reorient reorient = Reorient.toRas(grid.crop(box));
            float[] cropped = reorient.apply(Crop.crop(volume, box)).toFloats();
            window.apply(cropped);
            Shape to = Preparation.resampledShape(
                    reorient.grid().shape(), reorient.grid().spacing(), target);
            float[] expected = resampling.apply(Voxels.of(cropped), reorient.grid(), to, target);
            Voxels fused = window.of(reorient.view(volume, box), cropped.length);
            assertThat(resampling.apply(fused, reorient.grid(), to, target)).isEqualTo(expected);
        }
    }

    @Test
    void theScanItselfIsNotChanged() {
        Scan scan = Worlds.scan("a", GRID, 1);
        float[] before = scan.channels().get(0).toFloats();
        Preparation.apply(Worlds.plan(), scan, Optional.empty());
        assertThat(scan.channels().get(0).toFloats()).isEqualTo(before);
    }

    @Test
    void aLeftHandedScanComesOutInRasOrder() {
        Shape shape = new Shape(1, 1, 4);
        Grid las = new Grid(shape, new Affine(-1, 0, 0, 3, 0, 1, 0, 0, 0, 0, 1, 0));
        Scan scan = new Scan("las", List.of(Volume.of(las, new float[] {4, 3, 2, 1})));
        PreparedScan prepared =
                Preparation.apply(Worlds.plan(), scan, Optional.of(new Labels(las, new byte[] {2, 1, 0, 0})));
        assertThat(prepared.channels().get(0)).isSorted();
        assertThat(prepared.labels().get().bytes()).containsExactly(0, 0, 1, 2);
        assertThat(prepared.recipe().prepared()).isEqualTo(Grid.of(shape, new Spacing(1, 1, 1)));
    }

    @Test
    void theResultHasThePlansSpacing() {
        Grid coarse = Grid.of(new Shape(5, 8, 10), new Spacing(2, 1.5, 1));
        PreparedScan prepared =
                Preparation.apply(Worlds.plan(), Worlds.scan("a", coarse, 2), Optional.of(Worlds.labels(coarse)));
        assertThat(prepared.shape()).isEqualTo(new Shape(10, 12, 10));
        assertThat(prepared.recipe().prepared().spacing()).isEqualTo(new Spacing(1, 1, 1));
        assertThat(prepared.labels().get().bytes()).hasSize(1200).contains((byte) 1, (byte) 2);
    }

    @Test
    void sizesRoundHalvesToEvenAsNumpyDoes() {
        Spacing one = new Spacing(1, 1, 1);
        assertThat(Preparation.resampledShape(new Shape(5, 7, 1), one, new Spacing(2, 2, 9)))
                .isEqualTo(new Shape(2, 4, 1));
    }

    @Test
    void metalIsClippedBeforeItIsResampled() {
        Grid coarse = Grid.of(new Shape(8, 8, 8), new Spacing(2, 2, 2));
        short[] hu = new short[512];
        hu[coarse.shape().index(4, 4, 4)] = 30_000;
        Plan plan = Worlds.plan(new Spacing(1, 1, 1), CropRule.NONE, new Normalization.CtWindow(-100, 200, 50, 50));
        PreparedScan prepared =
                Preparation.apply(plan, new Scan("ct", List.of(Volume.of(coarse, hu))), Optional.empty());
        for (float voxel : prepared.channels().get(0)) {
            assertThat(voxel).isBetween(-1f, 3f);
        }
        assertThat(prepared.channels().get(0)[0]).isCloseTo(-1, within(0.01f));
    }

    @Test
    void voxelsThatAreNotFiniteAreCounted() {
        float[] voxels = new float[GRID.shape().arrayLength()];
        Arrays.fill(voxels, 1);
        voxels[3] = Float.NaN;
        voxels[5] = Float.NEGATIVE_INFINITY;
        Scan scan = new Scan("case_7", List.of(Volume.of(GRID, voxels)));
        assertThatThrownBy(() -> Preparation.apply(Worlds.plan(), scan, Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("[case_7] channel 0: 2 of 480 voxels are NaN or infinite; replace them, for example by the "
                        + "value of air, and try again");
    }

    @Test
    void anotherNumberOfChannelsIsRejected() {
        Normalization zScore = new Normalization.ZScore();
        Plan two = Worlds.plan(new Spacing(1, 1, 1), CropRule.NON_ZERO, zScore, zScore);
        assertThatThrownBy(() -> Preparation.apply(two, Worlds.scan("a", GRID, 1), Optional.empty()))
                .hasMessageContaining("[a] has 1 channels, the plan of world has 2");
    }

    @Test
    void labelsElsewhereAreRejected() {
        Labels moved = Worlds.labels(new Grid(GRID.shape(), new Affine(1, 0, 0, 5, 0, 1, 0, 0, 0, 0, 1, 0)));
        assertThatThrownBy(() -> Preparation.apply(Worlds.plan(), Worlds.scan("a", GRID, 1), Optional.of(moved)))
                .hasMessageContaining("[a] the labels lie on another grid");
    }

    @Test
    void aLabelOutsideThePlanIsRejected() {
        byte[] classes = new byte[GRID.shape().arrayLength()];
        classes[9] = 7;
        assertThatThrownBy(() -> Preparation.apply(
                        Worlds.plan(), Worlds.scan("a", GRID, 1), Optional.of(new Labels(GRID, classes))))
                .hasMessageContaining("[a] 1 voxels have the label 7");
    }
}
