package org.unet4j.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.unet4j.volume.Shape;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Where windows lie and how much each counts, against nnU-Net. */
class WindowsTest {

    private static JsonNode golden() throws IOException {
        try (InputStream stream = WindowsTest.class.getResourceAsStream("/golden/sliding_window.json")) {
            return JsonMapper.shared().readTree(Objects.requireNonNull(stream));
        }
    }

    private static int[] numbers(String text) {
        return Arrays.stream(text.replaceAll("[()\\s]", "").split(","))
                .mapToInt(Integer::parseInt)
                .toArray();
    }

    /** Returns the weight of each voxel of a window, without what the windows beside it have. */
    static double[] weights(Shape window) {
        double[] weights = new double[window.arrayLength()];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = 10
                    * Shares.gaussian(window.z())[i / (window.y() * window.x())]
                    * Shares.gaussian(window.y())[i / window.x() % window.y()]
                    * Shares.gaussian(window.x())[i % window.x()];
        }
        return weights;
    }

    @Test
    void weightsEqualNnunets() throws IOException {
        double rounding = 2e-6; // the numbers have 9 decimals and were float32
        int compared = 0;
        for (var entry : golden().get("nnunet").properties()) {
            Shape window = Shape.of(numbers(entry.getKey()));
            double[] weights = weights(window);
            for (int i = 0; i < weights.length; i++) {
                JsonNode expected = entry.getValue()
                        .get(i / (window.y() * window.x()))
                        .get(i / window.x() % window.y())
                        .get(i % window.x());
                assertThat(weights[i]).isPositive().isCloseTo(expected.asDouble(), within(rounding));
                compared++;
            }
        }
        for (var entry : golden().get("nnunetSum").properties()) {
            double sum =
                    Arrays.stream(weights(Shape.of(numbers(entry.getKey())))).sum();
            assertThat(sum).isCloseTo(entry.getValue().asDouble(), within(1e-5 * sum));
        }
        assertThat(compared).isEqualTo(8 * 8 * 8 + 4 * 6 * 10);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 8, 9, 30, 61})
    void sharesOfAllWindowsAtAVoxelAddUpToOne(int size) {
        Windows windows = Windows.along(size, 8, 0.6);
        double[] sums = new double[size];
        for (int w = 0; w < windows.count(); w++) {
            for (int i = windows.from(w); i < windows.from(w) + windows.inside(w); i++) {
                assertThat(windows.shares()[w][i]).isPositive();
                sums[windows.starts()[w] + i] += windows.shares()[w][i];
            }
        }
        for (double sum : sums) {
            assertThat(sum).isCloseTo(1, within(1e-6));
        }
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
}
