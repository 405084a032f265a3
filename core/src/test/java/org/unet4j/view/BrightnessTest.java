package org.unet4j.view;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
import org.unet4j.volume.Volume;

class BrightnessTest {
    /** A million voxels, of which every fifth is a sample. */
    private static final Grid GRID = Grid.of(Shape.cube(100), new Spacing(1, 1, 1));

    private static float[] ramp() {
        float[] voxels = new float[GRID.shape().arrayLength()];
        for (int i = 0; i < voxels.length; i++) {
            voxels[i] = 10 + i % 1000;
        }
        return voxels;
    }

    @Test
    void theLeastAndTheGreatestAreThoseOfAllVoxels() {
        for (int place = 500_001; place < 500_007; place++) {
            float[] voxels = ramp();
            voxels[place] = 5000;
            voxels[place + 7] = -40;
            voxels[place + 20] = Float.NaN;
            voxels[place + 21] = Float.POSITIVE_INFINITY;
            Brightness brightness = Brightness.of(Volume.of(GRID, voxels));
            assertThat(brightness.most()).isEqualTo(5000);
            assertThat(brightness.least()).isEqualTo(-40);
            // The ramp's own percentiles, to a step of the samples.
            assertThat(brightness.low()).isBetween(15.0, 25.0);
            assertThat(brightness.high()).isBetween(1000.0, 1009.0);
        }
    }

    @Test
    void nothingFiniteIsBetweenNoughtAndOne() {
        float[] voxels = new float[GRID.shape().arrayLength()];
        java.util.Arrays.fill(voxels, Float.NaN);
        assertThat(Brightness.of(Volume.of(GRID, voxels))).isEqualTo(new Brightness(0, 1, 0, 1, false));
        voxels[500_001] = 3;
        assertThat(Brightness.of(Volume.of(GRID, voxels))).isEqualTo(new Brightness(3, 3, 3, 4, false));
    }
}
