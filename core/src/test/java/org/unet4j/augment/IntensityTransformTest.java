package org.unet4j.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.unet4j.torch.OneThread;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Seeds;
import org.unet4j.torch.Tensors;
import org.unet4j.volume.Shape;

@ExtendWith(OneThread.class)
class IntensityTransformTest {

    private static final float ROUNDING = 1e-5f;

    private static double mean(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    private static double standardDeviation(float[] values) {
        double mean = mean(values);
        double sum = 0;
        for (float value : values) {
            sum += (value - mean) * (value - mean);
        }
        return Math.sqrt(sum / (values.length - 1));
    }

    @Test
    void blurEqualsScipysGaussianFilter() throws IOException {
        try (Scope scope = new Scope()) {
            Tensor image = Tensors.of(Worlds.numbers(Worlds.golden().get("input")), 1, 4, 5, 6);
            Tensor blurred =
                    new Blur(1, 1, new Range(1, 1), 0).apply(new Blur.Draw(List.of(new Blur.Sigma(1, 1, 1))), image);
            assertThat(Tensors.toFloats(blurred))
                    .containsExactly(Worlds.numbers(Worlds.golden().get("gaussianSigma1")), within(ROUNDING));
        }
    }

    @Test
    void brightnessMultipliesEachChannelByItsFactor() {
        try (Scope scope = new Scope()) {
            Tensor image = Tensors.of(new float[] {1, 2, 3, 4}, 2, 1, 1, 2);
            Tensor brighter = new Brightness(1, new Range(0, 2)).apply(new Brightness.Draw(List.of(2.0, 0.5)), image);
            assertThat(Tensors.toFloats(brighter)).containsExactly(2, 4, 1.5f, 2);
        }
    }

    @Test
    void contrastStretchesAboutTheMeanAndKeepsTheRange() {
        try (Scope scope = new Scope()) {
            Tensor image = Tensors.of(new float[] {0, 4, 5, 7}, 1, 1, 1, 4);
            Contrast contrast = new Contrast(1, new Range(0.75, 2));
            assertThat(Tensors.toFloats(contrast.apply(new Contrast.Draw(List.of(0.5)), image)))
                    .containsExactly(2, 4, 4.5f, 5.5f);
            assertThat(Tensors.toFloats(contrast.apply(new Contrast.Draw(List.of(2.0)), image)))
                    .containsExactly(0, 4, 6, 7);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void gammaKeepsMeanSpreadAndOrder(boolean inverted) {
        try (Scope scope = new Scope()) {
            float[] ramp = new float[60];
            for (int i = 0; i < ramp.length; i++) {
                ramp[i] = -1 + i * 0.07f;
            }
            Tensor image = Tensors.of(ramp, 1, 3, 4, 5);
            float[] bent = Tensors.toFloats(
                    new Gamma(1, new Range(0.7, 2), inverted).apply(new Gamma.Draw(List.of(2.0)), image));
            assertThat(mean(bent)).isCloseTo(mean(ramp), within(1e-5));
            assertThat(standardDeviation(bent)).isCloseTo(standardDeviation(ramp), within(1e-5));
            for (int i = 1; i < bent.length; i++) {
                assertThat(bent[i]).isGreaterThan(bent[i - 1]);
            }
            // a power of 2 flattens the dark end; of the negative, the bright end
            double darkStep = bent[1] - bent[0];
            double brightStep = bent[59] - bent[58];
            assertThat(darkStep < brightStep).isEqualTo(!inverted);
            // (x - min)^2: steps of a ramp grow as 1, 3, 5 ...
            assertThat(Math.max(darkStep, brightStep) / Math.min(darkStep, brightStep))
                    .isCloseTo(2 * 59 - 1, within(0.1));
        }
    }

    @Test
    void noiseHasTheStandardDeviationDrawn() {
        try (Scope scope = new Scope()) {
            Tensor image = Tensors.of(new float[32 * 32 * 32], 1, 32, 32, 32);
            float[] noise = Tensors.toFloats(new Noise(1, new Range(0, 1)).apply(new Noise.Draw(0.3, 11), image));
            assertThat(mean(noise)).isCloseTo(0, within(0.01)); // 6 standard errors
            assertThat(standardDeviation(noise)).isCloseTo(0.3, within(0.007));
        }
    }

    @Test
    void noiseLeavesTheGlobalGeneratorAlone() {
        try (Scope scope = new Scope()) {
            Tensor image = Tensors.of(new float[8], 1, 2, 2, 2);
            org.bytedeco.pytorch.global.torch.manual_seed(5);
            float[] expected = Tensors.toFloats(org.bytedeco.pytorch.global.torch.randn(4));
            org.bytedeco.pytorch.global.torch.manual_seed(5);
            Tensor noisy = new Noise(1, new Range(0, 1)).apply(new Noise.Draw(0.3, 11), image);
            assertThat(Tensors.toFloats(noisy)).doesNotContain(0);
            assertThat(Tensors.toFloats(org.bytedeco.pytorch.global.torch.randn(4)))
                    .isEqualTo(expected);
        }
    }

    @Test
    void lowResolutionShowsNearestVoxelsLinearly() {
        try (Scope scope = new Scope()) {
            Tensor image = Tensors.of(new float[] {0, 1, 2, 3, 4, 5, 6, 7}, 1, 1, 1, 8);
            LowResolution coarse = new LowResolution(1, 1, new Range(0.5, 0.5), List.of(2));
            // voxels 1, 3, 5, 7 are left, their centres at 0.5, 2.5, 4.5, 6.5
            assertThat(Tensors.toFloats(coarse.apply(new LowResolution.Draw(List.of(0.5)), image)))
                    .containsExactly(new float[] {1, 1.5f, 2.5f, 3.5f, 4.5f, 5.5f, 6.5f, 7}, within(ROUNDING));
        }
    }

    @Test
    void channelsAreChangedOnTheirOwn() {
        try (Scope scope = new Scope()) {
            Tensor image = Worlds.random(1, 2, Shape.cube(8));
            Tensor blurred = new Blur(1, 0.5, new Range(1, 1), 0)
                    .apply(new Blur.Draw(List.of(Blur.Sigma.SHARP, new Blur.Sigma(1, 1, 1))), image);
            assertThat(Tensors.toFloats(blurred.select(0, 0))).isEqualTo(Tensors.toFloats(image.select(0, 0)));
            assertThat(Tensors.toFloats(blurred.select(0, 1))).isNotEqualTo(Tensors.toFloats(image.select(0, 1)));
        }
    }

    @Test
    void aDrawForOtherChannelsIsRefused() {
        try (Scope scope = new Scope()) {
            Tensor image = Worlds.random(1, 2, Shape.cube(4));
            assertThatThrownBy(() -> new Gamma(1, new Range(1, 2), false).apply(new Gamma.Draw(List.of(2.0)), image))
                    .hasMessage("a draw for 1 channels cannot be applied to an image of 2 channels");
            assertThatThrownBy(() -> new Blur(1, 1, new Range(1, 2), 0)
                            .apply(new Blur.Draw(List.of(new Blur.Sigma(2, 2, 2))), image))
                    .hasMessageContaining("1 channels");
        }
    }

    @Test
    void factorsAreAsOftenBelowOneAsAbove() {
        Brightness brightness = new Brightness(1, new Range(0.75, 3));
        int below = 0;
        for (long seed = 0; seed < 1000; seed++) {
            double factor = brightness.sample(Seeds.random(seed), 1).factors().get(0);
            assertThat(factor).isBetween(0.75, 3.0);
            below += factor < 1 ? 1 : 0;
        }
        assertThat(below).isBetween(450, 550);
    }

    @Test
    void blurAlongOneAxisLeavesTheOthersSharp() {
        try (Scope scope = new Scope()) {
            float[] point = new float[7 * 7 * 7];
            point[171] = 1; // the middle
            Tensor image = Tensors.of(point, 1, 7, 7, 7);
            float[] blurred = Tensors.toFloats(
                    new Blur(1, 1, new Range(0, 1), 1).apply(new Blur.Draw(List.of(new Blur.Sigma(0, 0.7, 0))), image));
            double sum = 0;
            for (int i = 0; i < blurred.length; i++) {
                boolean along = i / 49 == 3 && i % 7 == 3;
                assertThat(blurred[i] > 0).isEqualTo(along && Math.abs(i / 7 % 7 - 3) <= 3);
                sum += blurred[i];
            }
            assertThat(sum).isCloseTo(1, within(1e-6));
        }
    }

    @Test
    void axesAreBlurredAlikeOrEachOnItsOwn() {
        Blur own = new Blur(1, 1, new Range(0.5, 1), 1);
        Blur alike = new Blur(1, 1, new Range(0.5, 1), 0);
        for (long seed = 0; seed < 50; seed++) {
            for (Blur.Sigma sigma : own.sample(Seeds.random(seed), 2).sigmaVoxels()) {
                assertThat(List.of(sigma.z(), sigma.y(), sigma.x()))
                        .doesNotHaveDuplicates()
                        .allMatch(voxels -> voxels >= 0.5 && voxels <= 1);
            }
            for (Blur.Sigma sigma : alike.sample(Seeds.random(seed), 2).sigmaVoxels()) {
                assertThat(sigma.z()).isEqualTo(sigma.y()).isEqualTo(sigma.x());
            }
        }
    }

    @Test
    void gammaEqualsThePower() {
        try (Scope scope = new Scope()) {
            Tensor image = Worlds.random(3, 1, Shape.cube(12));
            float[] values = Tensors.toFloats(image);
            float[] bent = Tensors.toFloats(
                    new Gamma(1, new Range(0.7, 1.5), false).apply(new Gamma.Draw(List.of(0.7)), image));
            double low = Double.MAX_VALUE;
            double high = -Double.MAX_VALUE;
            for (float value : values) {
                low = Math.min(low, value);
                high = Math.max(high, value);
            }
            float[] powers = new float[values.length];
            for (int i = 0; i < values.length; i++) {
                powers[i] = (float) Math.pow((values[i] - low) / (high - low), 0.7);
            }
            double gain = standardDeviation(values) / standardDeviation(powers);
            for (int i = 0; i < values.length; i++) {
                assertThat((double) bent[i]).isCloseTo((powers[i] - mean(powers)) * gain + mean(values), within(1e-5));
            }
        }
    }
}
