package org.unet4j.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Voxels;

class SlidingWindowTest {

    /** Sums of up to 64 float32 logits of about 1, in two orders. */
    private static final float ROUNDING = 1e-5f;

    private static final Shape WINDOW = new Shape(8, 6, 10);

    private static float[] random(long seed, int length) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (2 * random.nextDouble() - 1);
        }
        return values;
    }

    private static List<Voxels> channels(float[] image, int channels) {
        int voxels = image.length / channels;
        List<Voxels> list = new ArrayList<>();
        for (int channel = 0; channel < channels; channel++) {
            list.add(Voxels.of(Arrays.copyOfRange(image, channel * voxels, (channel + 1) * voxels)));
        }
        return list;
    }

    /** Returns the weighted averages over all windows of a padded volume, all of it in memory: the definition. */
    private static float[][] naive(SlidingWindow settings, ConvolutionEngine network, float[] image, Shape volume) {
        Shape window = settings.window();
        int[] below = new int[3];
        Shape padded = volume;
        for (int axis = 0; axis < 3; axis++) {
            int missing = Math.max(0, window.get(axis) - volume.get(axis));
            below[axis] = missing / 2;
            padded = padded.with(axis, volume.get(axis) + missing);
        }
        double[][] sum = new double[network.classes()][padded.arrayLength()];
        double[] weightSum = new double[padded.arrayLength()];
        double[] weights = WindowsTest.weights(window);
        for (int z : Windows.starts(padded.z(), window.z(), settings.overlap())) {
            for (int y : Windows.starts(padded.y(), window.y(), settings.overlap())) {
                for (int x : Windows.starts(padded.x(), window.x(), settings.overlap())) {
                    float[] tile = new float[network.channels() * weights.length];
                    for (int i = 0; i < tile.length; i++) {
                        int fromZ = z + i / (window.y() * window.x()) % window.z() - below[0];
                        int fromY = y + i / window.x() % window.y() - below[1];
                        int fromX = x + i % window.x() - below[2];
                        boolean inside = fromZ >= 0
                                && fromZ < volume.z()
                                && fromY >= 0
                                && fromY < volume.y()
                                && fromX >= 0
                                && fromX < volume.x();
                        tile[i] = inside
                                ? image[i / weights.length * volume.arrayLength() + volume.index(fromZ, fromY, fromX)]
                                : 0;
                    }
                    double[] logits = flips(settings, network, tile);
                    for (int i = 0; i < weights.length; i++) {
                        int at = padded.index(
                                z + i / (window.y() * window.x()), y + i / window.x() % window.y(), x + i % window.x());
                        weightSum[at] += weights[i];
                        for (int cls = 0; cls < sum.length; cls++) {
                            sum[cls][at] += weights[i] * logits[cls * weights.length + i];
                        }
                    }
                }
            }
        }
        float[][] average = new float[sum.length][volume.arrayLength()];
        for (int i = 0; i < volume.arrayLength(); i++) {
            int at = padded.index(
                    below[0] + i / (volume.y() * volume.x()),
                    below[1] + i / volume.x() % volume.y(),
                    below[2] + i % volume.x());
            for (int cls = 0; cls < sum.length; cls++) {
                average[cls][i] = (float) (sum[cls][at] / weightSum[at]);
            }
        }
        return average;
    }

    private static double[] flips(SlidingWindow settings, ConvolutionEngine network, float[] tile) {
        Shape window = settings.window();
        double[] mean = new double[network.classes() * window.arrayLength()];
        int combinations = 1 << settings.mirrorAxes().size();
        for (int bits = 0; bits < 8; bits++) {
            boolean asked = true;
            for (int axis = 0; axis < 3; axis++) {
                asked &= (bits >> axis & 1) == 0 || settings.mirrorAxes().contains(axis);
            }
            if (asked) {
                float[] logits = flip(network.of(flip(tile, window, bits), window), window, bits);
                for (int i = 0; i < mean.length; i++) {
                    mean[i] += (double) logits[i] / combinations;
                }
            }
        }
        return mean;
    }

    private static float[] flip(float[] values, Shape window, int bits) {
        float[] flipped = new float[values.length];
        int voxels = window.arrayLength();
        for (int i = 0; i < values.length; i++) {
            int z = i / (window.y() * window.x()) % window.z();
            int y = i / window.x() % window.y();
            int x = i % window.x();
            int from = window.index(
                    (bits & 1) == 0 ? z : window.z() - 1 - z,
                    (bits & 2) == 0 ? y : window.y() - 1 - y,
                    (bits & 4) == 0 ? x : window.x() - 1 - x);
            flipped[i] = values[i / voxels * voxels + from];
        }
        return flipped;
    }

    @ParameterizedTest
    @CsvSource({
        "21, 10, 15, 0.5, 1, ''", // several layers, rows and columns
        "21, 10, 15, 0.5, 4, ''", // four windows at a time
        "21, 10, 15, 0.75, 3, 2", // mirrored along x
        "12, 10, 15, 0.5, 3, 02", // mirrored along x and z
        "9, 7, 11, 0, 1, 012", // overlaps a voxel short of a window; all flips
        "5, 6, 23, 0.5, 2, ''", // thinner than the window
        "3, 4, 5, 0.5, 1, 01", // smaller on every axis
        "8, 6, 10, 0.5, 1, ''" // as large as the window
    })
    void averagesAreTheWeightedSumsOfAllWindows(int z, int y, int x, double overlap, int batch, String mirrored) {
        SlidingWindow settings = SlidingWindow.of(WINDOW)
                .withOverlap(overlap)
                .withBatch(batch)
                .withMirroring(mirrored.chars().mapToObj(c -> c - '0').toList());
        Shape volume = new Shape(z, y, x);
        float[] image = random(z, 2 * volume.arrayLength());
        ConvolutionEngine network = new ConvolutionEngine(3, 2, 3);
        float[][] expected = naive(settings, network, image, volume);
        float[][] logits = WholeLogits.of(settings, network, channels(image, 2), volume);
        byte[] labels = settings.labels(network, channels(image, 2), volume).bytes();
        for (int cls = 0; cls < 3; cls++) {
            assertThat(logits[cls]).containsExactly(expected[cls], within(ROUNDING));
        }
        for (int i = 0; i < labels.length; i++) {
            for (int cls = 0; cls < 3; cls++) {
                assertThat(logits[cls][i]).isLessThanOrEqualTo(logits[labels[i]][i]);
            }
        }
        assertThat(labels).contains(0, 1, 2);
        assertThat(network.batches).allMatch(count -> count <= batch).contains(batch);
    }

    @Test
    void tiledEqualsWholeForANetworkThatSeesOneVoxel() {
        Shape volume = new Shape(20, 17, 23);
        float[] image = random(1, volume.arrayLength());
        ConvolutionEngine network = new ConvolutionEngine(1, 1, 4);
        SlidingWindow settings = new SlidingWindow(WINDOW, 0.5, 2, List.of(0, 1, 2));
        float[] whole = network.of(image, volume);
        float[][] tiled = WholeLogits.of(settings, network, channels(image, 1), volume);
        int voxels = volume.arrayLength();
        for (int cls = 0; cls < 4; cls++) {
            assertThat(tiled[cls])
                    .containsExactly(Arrays.copyOfRange(whole, cls * voxels, (cls + 1) * voxels), within(ROUNDING));
        }
    }

    @Test
    void oneWindowIsTheNetworkItself() {
        float[] image = random(1, 2 * WINDOW.arrayLength());
        ConvolutionEngine network = new ConvolutionEngine(3, 2, 2);
        float[][] tiled = WholeLogits.of(SlidingWindow.of(WINDOW), network, channels(image, 2), WINDOW);
        float[] whole = network.of(image, WINDOW);
        int voxels = WINDOW.arrayLength();
        assertThat(tiled[0]).containsExactly(Arrays.copyOfRange(whole, 0, voxels));
        assertThat(tiled[1]).containsExactly(Arrays.copyOfRange(whole, voxels, 2 * voxels));
    }

    /** A body in the middle of air; two channels, of which one alone shows part of it. */
    private static float[] bodyInAir(Shape volume) {
        int voxels = volume.arrayLength();
        float[] image = new float[2 * voxels];
        Arrays.fill(image, 0, voxels, -1.5f);
        Arrays.fill(image, voxels, 2 * voxels, -0.25f);
        float[] body = random(5, voxels);
        for (int i = 0; i < voxels; i++) {
            int z = i / (volume.y() * volume.x());
            int x = i % volume.x();
            if (z >= 12 && z < 18 && x < 9) {
                image[(z < 15 ? 0 : voxels) + i] = body[i];
            }
        }
        return image;
    }

    /** Returns the logits where no window is flat: an engine sees a third channel that it leaves out. */
    private static float[][] everyWindow(SlidingWindow settings, Engine engine, float[] image, Shape volume) {
        List<Voxels> three = new ArrayList<>(channels(image, 2));
        three.add(Voxels.of(random(8, volume.arrayLength())));
        return WholeLogits.of(settings, new Blind(engine), three, volume);
    }

    /** Hides the last channel of each window from another engine; one window at a time. */
    private record Blind(Engine other) implements Engine {

        @Override
        public int channels() {
            return other.channels() + 1;
        }

        @Override
        public int classes() {
            return other.classes();
        }

        @Override
        public void run(FloatBuffer windowsNCDHW, int count, Shape window, Logits logits) {
            assertThat(count).isEqualTo(1);
            other.run(windowsNCDHW, count, window, logits);
        }

        @Override
        public void close() {}
    }

    @ParameterizedTest
    @CsvSource({"''", "2", "012"})
    void windowsOfAirAreComputedOnceAndChangeNoBit(String mirrored) {
        Shape volume = new Shape(40, 9, 31);
        float[] image = bodyInAir(volume);
        SlidingWindow settings = SlidingWindow.of(WINDOW)
                .withMirroring(mirrored.chars().mapToObj(c -> c - '0').toList());
        ConvolutionEngine network = new ConvolutionEngine(3, 2, 3);
        float[][] logits = WholeLogits.of(settings, network, channels(image, 2), volume);
        ConvolutionEngine seesAll = new ConvolutionEngine(3, 2, 3);
        float[][] expected = everyWindow(settings, seesAll, image, volume);
        int flips = 1 << mirrored.length();
        int air = 0;
        for (int z : settings.along(0, volume).starts()) {
            for (int x : settings.along(2, volume).starts()) {
                air += z + 8 <= 12 || z >= 18 || x >= 9
                        ? settings.along(1, volume).count()
                        : 0;
            }
        }
        assertThat(seesAll.batches).hasSize(Math.toIntExact(settings.windows(volume)) * flips);
        assertThat(air).isGreaterThan(20);
        assertThat(network.batches).hasSize((Math.toIntExact(settings.windows(volume)) - air) * flips + 1);
        for (int cls = 0; cls < 3; cls++) {
            assertThat(logits[cls]).containsExactly(expected[cls]);
        }
    }

    @Test
    void anotherFlatValueIsComputedAnew() {
        Shape volume = new Shape(8, 6, 20);
        float[] image = new float[volume.arrayLength()];
        for (int i = 0; i < image.length; i++) {
            image[i] = i % 20 < 10 ? 2 : 3;
        }
        SlidingWindow settings = SlidingWindow.of(WINDOW).withOverlap(0);
        float[][] logits = WholeLogits.of(settings, new ConvolutionEngine(1, 1, 2), channels(image, 1), volume);
        assertThat(logits[1][10]).isCloseTo(logits[1][0] * 1.5f, within(ROUNDING));
    }

    @Test
    void aScanOfOtherChannelsIsRefused() {
        List<Voxels> one = channels(random(1, WINDOW.arrayLength()), 1);
        assertThatThrownBy(() -> SlidingWindow.of(WINDOW).labels(new ConvolutionEngine(1, 2, 2), one, WINDOW))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the scan has 1 channels, the network takes 2");
    }

    @Test
    void countsItsWindows() {
        assertThat(SlidingWindow.of(new Shape(96, 96, 96)).windows(new Shape(256, 256, 128)))
                .isEqualTo(5 * 5 * 2);
    }

    @Test
    void badSettingsAreRefused() {
        SlidingWindow window = SlidingWindow.of(WINDOW);
        assertThatThrownBy(() -> window.withOverlap(1)).hasMessageContaining("overlap 1.0 must lie in [0, 0.99]");
        assertThatThrownBy(() -> window.withBatch(0)).hasMessageContaining("batch 0");
        assertThatThrownBy(() -> window.withMirroring(List.of(3))).hasMessageContaining("[3]");
    }
}
