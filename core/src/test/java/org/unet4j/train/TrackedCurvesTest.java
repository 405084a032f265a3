package org.unet4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.io.Json;
import org.unet4j.track.Metric;

class TrackedCurvesTest {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochSecond(1_700_000_000));

    @TempDir
    Path folder;

    private Path file;
    private TrackedCurves curves;

    @BeforeEach
    void open() throws IOException {
        file = Files.createFile(folder.resolve("metrics.jsonl"));
        curves = new TrackedCurves(file, CLOCK);
    }

    @Test
    void aLineIsReadOnceItIsWrittenToItsEnd() throws IOException {
        assertThat(curves.next()).isEmpty();
        String line = step(1);
        append(line.substring(0, 20));
        assertThat(curves.next()).isEmpty();
        append(line.substring(20));
        assertThat(curves.next()).isEmpty();
        append("\n" + step(2) + "\n{\"step\"");
        assertThat(curves.next())
                .filteredOn(metric -> metric.key().equals("loss"))
                .containsExactly(metric("loss", 1, 1), metric("loss", 0.5, 2));
        assertThat(curves.next()).isEmpty();
    }

    @Test
    void pointsComeInPartsAndNoneIsLost() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 1; i <= 5000; i++) {
            lines.append(step(i)).append('\n');
        }
        append(lines.toString());
        long expected = 1;
        int parts = 0;
        for (var next = curves.next(); !next.isEmpty(); next = curves.next()) {
            assertThat(next).hasSizeLessThan(1500);
            parts++;
            for (Metric metric : next) {
                if (metric.key().equals("loss")) {
                    assertThat(metric.step()).isEqualTo(expected++);
                }
            }
        }
        assertThat(expected).isEqualTo(5001);
        assertThat(parts).isGreaterThan(10);
    }

    @Test
    void aLineThatIsLongerThanAPartIsReadAsAWhole() throws IOException {
        TreeMap<Integer, Double> dice = new TreeMap<>();
        for (int cls = 1; cls <= 20_000; cls++) {
            dice.put(cls, 0.123456789);
        }
        append(Json.line(new Metrics.Validation(3, 2, dice, 0.25)) + "\n" + step(4) + "\n");
        List<Metric> all = new ArrayList<>(curves.next());
        all.addAll(curves.next());
        assertThat(all).hasSize(20_001 + 5).contains(metric("dice/20000", 0.123456789, 3), metric("loss", 0.25, 4));
    }

    @Test
    void aDamagedLineIsNamed() throws IOException {
        append("{\"step\": 1}\n");
        assertThatThrownBy(() -> curves.next()).isInstanceOf(IOException.class).hasMessageContaining("metrics.jsonl");
    }

    private void append(String text) throws IOException {
        Files.write(file, text.getBytes(StandardCharsets.UTF_8), StandardOpenOption.APPEND);
    }

    private static Metric metric(String key, double value, int step) {
        return new Metric(key, value, CLOCK.millis(), step);
    }

    private static String step(int number) {
        return Json.line(new Metrics.Step(number, 0, number * 0.5, 1.0 / number, 1e-3, Double.NaN, 1e6, 0.01, false));
    }
}
