package org.unet4j.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.volume.Shape;

class ThroughputTableTest {
    private static final long VOXELS = 2 * 64 * 64 * 64;

    @Test
    void figuresAreThoseOfAllRepetitionsTogether() {
        ThroughputRow.Figures figures = row(
                        "bf16", ThroughputRow.OFFLINE, repetition(0.1, 1, 2), repetition(0.3, 3, 4, 5))
                .figures()
                .orElseThrow();
        assertThat(figures.stepSeconds()).isEqualTo(3);
        assertThat(figures.lowerQuartile()).isEqualTo(2);
        assertThat(figures.upperQuartile()).isEqualTo(4);
        assertThat(figures.stepsPerSecond()).isEqualTo(1.0 / 3);
        assertThat(figures.voxelsPerSecond()).isEqualTo(VOXELS / 3.0);
        assertThat(figures.waitShare()).isCloseTo(0.4 / 15, within(1e-12)); // summed in another order
        assertThat(figures.peakMemoryBytes()).hasValue(1L << 30);
        assertThat(figures.peakDeviceBytes()).isEmpty();
        assertThat(figures.utilization()).hasValue(0.75);
    }

    @Test
    void aRowIsComparedWithTheOneThatDiffersInOneThing() {
        List<ThroughputRow> rows = result().rows();
        assertThat(rows.get(0).toFp32()).isEmpty();
        assertThat(rows.get(0).toNaive()).isEmpty();
        assertThat(rows.get(1).toFp32()).hasValue(2);
        assertThat(rows.get(1).toNaive()).hasValue(4);
        assertThat(rows.get(2).toFp32()).isEmpty();
        assertThat(rows.get(2).toNaive()).isEmpty();
    }

    @Test
    void theTableHasARowAWayAndSaysWhatFailed() {
        String text = new ThroughputTable(result()).text();
        assertThat(text)
                .startsWith("Phantom: 3 cases, 2 patches of (64, 64, 64) a step, plan 3f2a91c07be4d512")
                .containsPattern("unet +bf16 +default +offline +0\\.500 +0\\.500 to 0\\.500 +2\\.00 +1\\.05 M +20\\.0 %"
                        + " +1\\.00 GiB +75\\.0 % +2\\.00\u00d7 +4\\.00\u00d7\n")
                .containsPattern("unet +fp16 +default +offline +failed +\u2013")
                .endsWith("\nfailed: unet fp16 default offline: out of memory\n");
        assertThat(text.lines()).noneMatch(line -> line.endsWith(" "));
    }

    @Test
    void markdownNamesMachineAndCommit() {
        assertThat(new ThroughputTable(result()).markdown())
                .contains("| network | precision | layout |", "| unet | bf16 | default | offline | 0.500 |")
                .endsWith("\n- commit: abc1234\n- processor: a processor\n");
    }

    @Test
    void whatIsWrittenIsRead(@TempDir Path folder) throws IOException {
        ThroughputResult result = result();
        Path file = folder.resolve("throughput.json");
        result.write(file);
        assertThat(ThroughputResult.read(file)).isEqualTo(result);
    }

    @Test
    void aRepetitionWithoutAStepIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> repetition(0))
                .withMessageContaining("at least one measured step");
    }

    private static ThroughputResult result() {
        TreeMap<String, String> provenance = new TreeMap<>();
        provenance.put("commit", "abc1234");
        provenance.put("processor", "a processor");
        return new ThroughputResult(
                "Phantom",
                "3f2a91c07be4d512",
                3,
                Shape.cube(64),
                2,
                5,
                List.of(
                        row("fp32", ThroughputRow.OFFLINE, repetition(0.1, 1)),
                        row("bf16", ThroughputRow.OFFLINE, repetition(0.1, 0.5)),
                        row("bf16", ThroughputRow.NAIVE, repetition(1.5, 2)),
                        ThroughputRow.of(
                                "unet",
                                "fp16",
                                "default",
                                ThroughputRow.OFFLINE,
                                VOXELS,
                                List.of(),
                                List.of("out of memory"))),
                provenance);
    }

    private static ThroughputRow row(String precision, String path, Repetition... repetitions) {
        return ThroughputRow.of("unet", precision, "default", path, VOXELS, List.of(repetitions), List.of());
    }

    private static Repetition repetition(double waitSeconds, double... seconds) {
        return new Repetition(
                Arrays.stream(seconds).boxed().toList(),
                waitSeconds,
                OptionalLong.of(1L << 30),
                OptionalLong.empty(),
                OptionalDouble.of(0.75));
    }
}
