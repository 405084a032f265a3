package org.unet4j.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.unet4j.torch.OneThread;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Seeds;
import org.unet4j.torch.Tensors;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;

/** What turns, scales and flips; see {@link ElasticTest} for what bends. */
@ExtendWith(OneThread.class)
class SpatialTransformTest {

    /** Sampling positions are float32: a voxel of 20 is off by up to about 1e-5, times a slope of up to 2. */
    private static final float SAMPLING = 1e-4f;

    private static final Spacing CUBIC = new Spacing(1, 1, 1);

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
