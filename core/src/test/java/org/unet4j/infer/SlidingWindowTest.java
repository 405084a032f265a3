package org.unet4j.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.unet4j.torch.Device;
import org.unet4j.torch.OneThread;
import org.unet4j.torch.Precision;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;
import org.unet4j.volume.Shape;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@ExtendWith(OneThread.class)
class SlidingWindowTest {

    /** Sums of up to 64 float32 logits of about 1, in two orders. */
    private static final float ROUNDING = 1e-5f;

    private static final Device CPU = Device.cpu();
    private static final Shape WINDOW = new Shape(8, 6, 10);

    private static Tensor random(long seed, long... shape) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[Math.toIntExact(Arrays.stream(shape).reduce(1, (a, b) -> a * b))];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (2 * random.nextDouble() - 1);
        }
        return Tensors.of(values, shape);
    }

    private static UnaryOperator<Tensor> convolution(int size, int channels, int classes) {
        Tensor weight = random(99, classes, channels, size, size, size);
        long[] one = {1, 1, 1};
        long[] padding = {size / 2, size / 2, size / 2};
        return image -> torch.conv3d(image, weight, new TensorOptional(), one, padding, one, 1);
    }

    private static JsonNode golden() throws IOException {
        try (InputStream stream = SlidingWindowTest.class.getResourceAsStream("/golden/sliding_window.json")) {
            return JsonMapper.shared().readTree(Objects.requireNonNull(stream));
        }
    }

    private static int[] numbers(String text) {
        return Arrays.stream(text.replaceAll("[()\\s]", "").split(","))
                .mapToInt(Integer::parseInt)
                .toArray();
    }

    @ParameterizedTest
    @EnumSource(Importance.class)
    void importanceEqualsTheOtherTools(Importance importance) throws IOException {
        boolean nnunet = importance == Importance.NNUNET;
        // the numbers have 9 decimals; the peaks are 10 and 1
        float rounding = nnunet ? 2e-6f : 2e-7f;
        int compared = 0;
        for (var entry : golden().get(nnunet ? "nnunet" : "monai").properties()) {
            Shape window = Shape.of(numbers(entry.getKey()));
            float[] weights = importance.weights(window);
            for (int i = 0; i < weights.length; i++) {
                JsonNode expected = entry.getValue()
                        .get(i / (window.y() * window.x()))
                        .get(i / window.x() % window.y())
                        .get(i % window.x());
                assertThat(weights[i]).isPositive().isCloseTo((float) expected.asDouble(), within(rounding));
                compared++;
            }
        }
        for (var entry : golden().get(nnunet ? "nnunetSum" : "monaiSum").properties()) {
            double sum = 0;
            for (float weight : importance.weights(Shape.of(numbers(entry.getKey())))) {
                sum += weight;
            }
            assertThat(sum).isCloseTo(entry.getValue().asDouble(), within(1e-5 * sum));
        }
        assertThat(compared).isEqualTo(8 * 8 * 8 + 4 * 6 * 10);
    }

    @Test
    void windowsStartWhereNnunetsDo() throws IOException {
        int compared = 0;
        for (var entry : golden().get("starts").properties()) {
            String[] parts = entry.getKey().split("\\) ");
            int[] size = numbers(parts[0]);
            int[] window = numbers(parts[1]);
            // nnU-Net takes the step as a share of the window: 0.25 is an overlap of 0.75
            double overlap = 1 - Double.parseDouble(parts[2]);
            for (int axis = 0; axis < 3; axis++) {
                int[] starts = Windows.starts(size[axis], window[axis], overlap);
                assertThat(starts).hasSize(entry.getValue().get(axis).size());
                for (int i = 0; i < starts.length; i++) {
                    assertThat(starts[i])
                            .isEqualTo(entry.getValue().get(axis).get(i).asInt());
                    compared++;
                }
            }
        }
        assertThat(compared).isGreaterThan(20);
    }

    @ParameterizedTest
    @CsvSource({"0", "0.3", "0.5", "0.75", "0.95"})
    void windowsCoverEveryVoxelWithTheOverlapAskedFor(double overlap) {
        for (int window = 1; window <= 9; window++) {
            for (int size = 1; size <= 40; size++) {
                int[] starts = Windows.starts(size, window, overlap);
                assertThat(starts[0]).isZero();
                assertThat(starts[starts.length - 1]).isEqualTo(Math.max(0, size - window));
                for (int i = 1; i < starts.length; i++) {
                    // evenly spread and rounded: at most a voxel more than the step, never a gap
                    assertThat(starts[i] - starts[i - 1]).isBetween(1, Math.min(window, (int)
                            Math.ceil(window * (1 - overlap))));
                }
            }
        }
    }

    /** Returns the weighted averages over all windows of a padded volume, all of it in memory: the definition. */
    private static float[][] naive(
            SlidingWindow settings, UnaryOperator<Tensor> network, Tensor imageCDHW, int classes) {
        Shape volume = SlidingWindow.shape(imageCDHW, 1);
        Shape window = settings.window();
        int[][] below = new int[3][2];
        Shape padded = volume;
        long[] pad = new long[6];
        for (int axis = 0; axis < 3; axis++) {
            int missing = Math.max(0, window.get(axis) - volume.get(axis));
            below[axis][0] = missing / 2;
            pad[4 - 2 * axis] = missing / 2;
            pad[5 - 2 * axis] = (long) missing - missing / 2;
            padded = padded.with(axis, volume.get(axis) + missing);
        }
        Tensor image = torch.constant_pad_nd(imageCDHW, pad);
        double[][] sum = new double[classes][padded.arrayLength()];
        double[] weightSum = new double[padded.arrayLength()];
        float[] weights = settings.importance().weights(window);
        for (int z : Windows.starts(padded.z(), window.z(), settings.overlap())) {
            for (int y : Windows.starts(padded.y(), window.y(), settings.overlap())) {
                for (int x : Windows.starts(padded.x(), window.x(), settings.overlap())) {
                    Tensor tile = image.narrow(1, z, window.z())
                            .narrow(2, y, window.y())
                            .narrow(3, x, window.x())
                            .unsqueeze(0);
                    float[] logits = Tensors.toFloats(flips(settings, network, tile));
                    for (int i = 0; i < weights.length; i++) {
                        int at = padded.index(
                                z + i / (window.y() * window.x()), y + i / window.x() % window.y(), x + i % window.x());
                        weightSum[at] += weights[i];
                        for (int cls = 0; cls < classes; cls++) {
                            sum[cls][at] += (double) weights[i] * logits[cls * weights.length + i];
                        }
                    }
                }
            }
        }
        float[][] average = new float[classes][volume.arrayLength()];
        for (int i = 0; i < volume.arrayLength(); i++) {
            int at = padded.index(
                    below[0][0] + i / (volume.y() * volume.x()),
                    below[1][0] + i / volume.x() % volume.y(),
                    below[2][0] + i % volume.x());
            for (int cls = 0; cls < classes; cls++) {
                average[cls][i] = (float) (sum[cls][at] / weightSum[at]);
            }
        }
        return average;
    }

    private static Tensor flips(SlidingWindow settings, UnaryOperator<Tensor> network, Tensor tile) {
        List<long[]> combinations = IntStream.range(0, 8)
                .mapToObj(bits -> IntStream.range(0, 3)
                        .filter(axis -> (bits >> axis & 1) != 0)
                        .toArray())
                .filter(axes -> Arrays.stream(axes).allMatch(settings.mirrorAxes()::contains))
                .map(axes -> Arrays.stream(axes).mapToLong(axis -> axis + 2).toArray())
                .toList();
        Tensor sum = null;
        for (long[] axes : combinations) {
            Tensor logits = axes.length == 0
                    ? network.apply(tile)
                    : network.apply(tile.flip(axes)).flip(axes);
            sum = sum == null ? logits : sum.add(logits);
        }
        return Objects.requireNonNull(sum).div(new org.bytedeco.pytorch.Scalar((float) combinations.size()));
    }

    @ParameterizedTest
    @CsvSource({
        "21, 10, 15, 0.5, 1, ''", // several layers, rows and columns
        "21, 10, 15, 0.5, 4, ''", // four windows at a time
        "21, 10, 15, 0.75, 3, 2", // mirrored along x
        "9, 7, 11, 0, 1, 012", // overlaps a voxel short of a window; all flips
        "5, 6, 23, 0.5, 2, ''", // thinner than the window
        "3, 4, 5, 0.5, 1, 01", // smaller on every axis
        "8, 6, 10, 0.5, 1, ''" // as large as the window
    })
    void averagesAreTheWeightedSumsOfAllWindows(int z, int y, int x, double overlap, int batch, String mirrored) {
        try (Scope scope = new Scope()) {
            SlidingWindow settings = SlidingWindow.of(WINDOW)
                    .withOverlap(overlap)
                    .withBatch(batch)
                    .withMirroring(mirrored.chars().mapToObj(c -> c - '0').toList());
            Tensor image = random(z, 2, z, y, x);
            UnaryOperator<Tensor> network = convolution(3, 2, 3);
            float[][] expected = naive(settings, network, image, 3);
            float[][] logits = settings.logits(network, image, 3, CPU, Precision.FP32);
            byte[] labels =
                    settings.labels(network, image, 3, CPU, Precision.FP32).bytes();
            for (int cls = 0; cls < 3; cls++) {
                assertThat(logits[cls]).containsExactly(expected[cls], within(ROUNDING));
            }
            for (int i = 0; i < labels.length; i++) {
                for (int cls = 0; cls < 3; cls++) {
                    assertThat(logits[cls][i]).isLessThanOrEqualTo(logits[labels[i]][i]);
                }
            }
            assertThat(labels).contains(0, 1, 2);
        }
    }

    @ParameterizedTest
    @EnumSource(Importance.class)
    void tiledEqualsWholeForANetworkThatSeesOneVoxel(Importance importance) {
        try (Scope scope = new Scope()) {
            Tensor image = random(1, 1, 20, 17, 23);
            UnaryOperator<Tensor> network = convolution(1, 1, 4);
            SlidingWindow settings = new SlidingWindow(WINDOW, 0.5, importance, 2, List.of(0, 1, 2));
            float[] whole = Tensors.toFloats(network.apply(image.unsqueeze(0)));
            float[][] tiled = settings.logits(network, image, 4, CPU, Precision.FP32);
            int voxels = 20 * 17 * 23;
            for (int cls = 0; cls < 4; cls++) {
                assertThat(tiled[cls])
                        .containsExactly(Arrays.copyOfRange(whole, cls * voxels, (cls + 1) * voxels), within(ROUNDING));
            }
        }
    }

    @Test
    void oneWindowIsTheNetworkItself() {
        try (Scope scope = new Scope()) {
            Tensor image = random(1, 2, 8, 6, 10);
            UnaryOperator<Tensor> network = convolution(3, 2, 2);
            float[][] tiled = SlidingWindow.of(WINDOW).logits(network, image, 2, CPU, Precision.FP32);
            Tensor whole = network.apply(image.unsqueeze(0)).squeeze(0);
            assertThat(tiled[0]).containsExactly(Tensors.toFloats(whole.select(0, 0)), within(ROUNDING));
            assertThat(tiled[1]).containsExactly(Tensors.toFloats(whole.select(0, 1)), within(ROUNDING));
        }
    }

    @Test
    void theNetworkRunsInThePrecisionAskedForAndSumsAreFloat32() {
        try (Scope scope = new Scope()) {
            Tensor image = random(1, 2, 12, 6, 10);
            List<ScalarType> types = new ArrayList<>();
            UnaryOperator<Tensor> network = convolution(3, 2, 2);
            UnaryOperator<Tensor> observed = window -> {
                Tensor logits = network.apply(window);
                types.add(logits.scalar_type().intern());
                return logits;
            };
            SlidingWindow settings = SlidingWindow.of(WINDOW);
            float[][] exact = settings.logits(observed, image, 2, CPU, Precision.FP32);
            float[][] rounded = settings.logits(observed, image, 2, CPU, Precision.BF16);
            assertThat(types)
                    .containsExactly(ScalarType.Float, ScalarType.Float, ScalarType.BFloat16, ScalarType.BFloat16);
            // bf16 has 8 bits of mantissa; logits of up to about 8
            assertThat(rounded[1]).containsExactly(exact[1], within(0.1f)).isNotEqualTo(exact[1]);
            assertThat(torch.is_autocast_enabled(DeviceType.CPU)).isFalse();
        }
    }

    @Test
    void gradientsAreOffInsideAndAsBeforeAfterwards() {
        try (Scope scope = new Scope()) {
            Tensor image = random(1, 1, 8, 6, 10);
            List<Boolean> inside = new ArrayList<>();
            assertThat(GradMode.is_enabled()).isTrue();
            SlidingWindow.of(WINDOW)
                    .labels(
                            window -> {
                                inside.add(GradMode.is_enabled());
                                return torch.cat(new org.bytedeco.pytorch.TensorVector(window, window), 1);
                            },
                            image,
                            2,
                            CPU,
                            Precision.FP32);
            assertThat(inside).containsExactly(false);
            assertThat(GradMode.is_enabled()).isTrue();
        }
    }

    @Test
    void logitsOfAnotherShapeAreRefusedAndGradientsComeBack() {
        try (Scope scope = new Scope()) {
            Tensor image = random(1, 1, 8, 6, 10);
            assertThatThrownBy(() -> SlidingWindow.of(WINDOW).labels(window -> window, image, 3, CPU, Precision.FP32))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("the network returned logits of shape [1, 1, 8, 6, 10]; expected [1, 3, 8, 6, 10]");
            assertThat(GradMode.is_enabled()).isTrue();
        }
    }

    @Test
    void countsItsWindows() {
        assertThat(SlidingWindow.of(new Shape(96, 96, 96)).windows(new Shape(256, 256, 128)))
                .isEqualTo(5 * 5 * 2);
    }

    @Test
    void badSettingsAreRefused() {
        SlidingWindow window = SlidingWindow.of(WINDOW);
        assertThatThrownBy(() -> window.withOverlap(1)).hasMessageContaining("overlap 1.0 must lie in [0, 1)");
        assertThatThrownBy(() -> window.withBatch(0)).hasMessageContaining("batch 0");
        assertThatThrownBy(() -> window.withMirroring(List.of(3))).hasMessageContaining("[3]");
    }
}
