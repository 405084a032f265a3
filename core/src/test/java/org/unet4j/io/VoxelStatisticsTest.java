package org.unet4j.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
import org.unet4j.volume.Volume;

class VoxelStatisticsTest {

    /** Several chunks: of labels only, of labels first, of any values, of the extremes. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void shortsGiveWhatTheSameFloatsGive(int kind) {
        Grid grid = Grid.of(new Shape(5, 150, 150), new Spacing(1, 1, 1));
        short[] shorts = new short[grid.shape().arrayLength()];
        Random random = new Random(kind);
        for (int i = 0; i < shorts.length; i++) {
            boolean isLabel = kind == 0 || (kind == 1 && i < 60_000);
            shorts[i] = (short) (isLabel ? random.nextInt(5) : random.nextInt(1 << 16));
        }
        if (kind == 3) {
            Arrays.fill(shorts, Short.MIN_VALUE);
        }
        float[] floats = new float[shorts.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = shorts[i];
        }
        assertThat(VoxelStatistics.of(Volume.of(grid, shorts))).isEqualTo(VoxelStatistics.of(Volume.of(grid, floats)));
    }
}
