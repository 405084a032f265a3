package org.unet4j.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class CropTest {

    private static final Grid GRID = Grid.of(new Shape(2, 3, 4), new Spacing(3, 2, 1));
    private static final Box BOX = Box.between(1, 1, 2, 2, 3, 4);

    @Test
    void theBoxIsCutOutAtItsPlaceInSpace() {
        short[] voxels = new short[24];
        for (int i = 0; i < voxels.length; i++) {
            voxels[i] = (short) i;
        }
        Volume part = Crop.crop(Volume.of(GRID, voxels), BOX);
        assertThat((short[]) part.array()).containsExactly((short) 18, (short) 19, (short) 22, (short) 23);
        assertThat(part.type()).isEqualTo(VoxelType.INT16);
        assertThat(part.grid().affine().apply(0, 0, 0))
                .containsExactly(GRID.affine().apply(2, 1, 1));
        assertThat(Crop.crop(new float[24], GRID.shape(), BOX)).hasSize(4);
    }

    @Test
    void pastedLabelsLieWhereTheyWereCut() {
        byte[] classes = new byte[24];
        classes[18] = 1;
        classes[23] = 2;
        Labels whole = new Labels(GRID, classes);
        Labels part = Crop.crop(whole, BOX);
        assertThat(part.bytes()).containsExactly(1, 0, 0, 2);
        assertThat(Crop.paste(part, BOX, GRID).bytes()).containsExactly(classes);
    }

    @Test
    void theWholeIsNotCopied() {
        Labels whole = new Labels(GRID, new byte[24]);
        assertThat(Crop.crop(whole, Box.all(GRID.shape()))).isSameAs(whole);
        Volume volume = Volume.of(GRID, new short[24]);
        assertThat(Crop.crop(volume, Box.all(GRID.shape()))).isSameAs(volume);
    }

    @Test
    void aBoxThatReachesOutsideIsRejected() {
        Labels whole = new Labels(GRID, new byte[24]);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Crop.crop(whole, Box.between(0, 0, -1, 1, 1, 1)))
                .withMessageContaining("outside")
                .withMessageContaining("(2, 3, 4)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Crop.paste(whole, Box.between(1, 0, 0, 3, 3, 4), GRID))
                .withMessageContaining("outside");
    }

    @Test
    void labelsThatDoNotFillTheBoxAreRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Crop.paste(new Labels(GRID, new byte[24]), BOX, GRID))
                .withMessageContaining("do not fill");
    }
}
