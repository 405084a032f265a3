package org.unet4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.eval.CaseScore;
import org.unet4j.eval.CaseScores;

class RunLogTest {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochSecond(1_700_000_000));

    private static final CaseScores SCORES =
            new CaseScores(List.of(new CaseScore("ct_1", new TreeMap<>(Map.of(1, 0.5)))));

    @TempDir
    Path folder;

    @Test
    void linesAreReadBackAsTheyWereWritten() throws IOException {
        RunFolder run = new RunFolder(folder);
        Metrics.Validation validation = new Metrics.Validation(2, 8, new TreeMap<>(Map.of(1, 0.5)), 0.5);
        try (RunLog log = RunLog.open(run, 0, 0, CLOCK)) {
            log.step(step(1));
            log.step(step(2));
            log.validation(validation, SCORES, Map.of());
        }
        assertThat(run.readMetrics().steps()).containsExactly(step(1), step(2));
        assertThat(run.readMetrics().validations()).containsExactly(validation);
    }

    @Test
    void whatCameAfterTheCheckpointIsCutOff() throws IOException {
        RunFolder run = new RunFolder(folder);
        long atCheckpoint;
        try (RunLog log = RunLog.open(run, 0, 0, CLOCK)) {
            log.step(step(1));
            atCheckpoint = log.sync();
            log.step(step(2));
            log.step(step(3));
        }
        try (RunLog log = RunLog.open(run, atCheckpoint, 1, CLOCK)) {
            log.step(step(2));
        }
        assertThat(run.readMetrics().steps()).containsExactly(step(1), step(2));
        try (var files = Files.list(folder)) {
            assertThat(files.filter(file -> file.getFileName().toString().startsWith("events.out.tfevents")))
                    .hasSize(2);
        }
    }

    @Test
    void curvesShorterThanTheCheckpointRemembersAreRefused() throws IOException {
        RunFolder run = new RunFolder(folder);
        Files.writeString(run.metrics(), "{}\n");
        assertThatThrownBy(() -> RunLog.open(run, 1000, 3, CLOCK))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("metrics.jsonl")
                .hasMessageContaining("3 bytes")
                .hasMessageContaining("1000");
    }

    @Test
    void aDamagedLineIsNamed() throws IOException {
        RunFolder run = new RunFolder(folder);
        try (RunLog log = RunLog.open(run, 0, 0, CLOCK)) {
            log.step(step(1));
        }
        Files.writeString(run.metrics(), "{\"step\": ", StandardOpenOption.APPEND);
        assertThatThrownBy(run::readMetrics)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("metrics.jsonl")
                .hasMessageContaining("line 2");
        assertThat(Metrics.readSoFar(run.metrics()).steps())
                .as("a line that is being written just now")
                .containsExactly(step(1));
        Files.writeString(run.metrics(), "\n", StandardOpenOption.APPEND);
        assertThatThrownBy(() -> Metrics.readSoFar(run.metrics()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("line 2");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aFullDiskIsNamedWithTheFile() throws IOException {
        RunFolder run = new RunFolder(folder);
        Files.createSymbolicLink(run.metrics(), Path.of("/dev/full"));
        try (RunLog log = RunLog.open(run, 0, 0, CLOCK)) {
            assertThatThrownBy(() -> log.step(step(1)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("metrics.jsonl")
                    .hasMessageContaining("No space left on device");
        }
    }

    private static Metrics.Step step(int number) {
        return new Metrics.Step(number, 0, number * 0.5, 1.0 / number, 1e-3, Double.NaN, 1e6, 0.01, false);
    }
}
