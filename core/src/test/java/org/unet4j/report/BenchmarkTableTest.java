package org.unet4j.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class BenchmarkTableTest {

    @Test
    void textLinesUpAndHasNoTrailingBlanks() {
        String text = new BenchmarkTable(MadeUp.twoNetworks()).text();
        assertThat(text)
                .startsWith("Task04, fold 0: 5 cases, seed 1, 1200 steps, last checkpoints, plan 3f2a91c07be4d512\n")
                .contains("network   mean Dice")
                .contains("resunet       0.754")
                .contains("+0.004")
                .contains("0.020")
                .contains("1 Anterior")
                .contains("1.40 M")
                .contains("12.3 G")
                .contains("10 min 53 s")
                .contains("1.96 GiB");
        assertThat(text.lines()).noneMatch(line -> line.endsWith(" ")).allMatch(line -> line.length() <= 120);
    }

    @Test
    void boundariesAndTheWorstCasesHaveATable() {
        String text = new BenchmarkTable(MadeUp.twoNetworks()).text();
        assertThat(text)
                .containsPattern("network +NSD +95 % interval +to unet +95 % interval +p \\(Holm\\)\n")
                .containsPattern("unet +0.7\\d\\d +0.6\\d\\d to 0.8\\d\\d +\u2013 +\u2013 +\u2013\n")
                .containsPattern("resunet +0.754 +0.6\\d\\d to 0.8\\d\\d +\\+0.021 .* 0.020\n")
                .containsPattern("network +HD95 mm +5th percentile of Dice +cases under 0.1")
                .containsPattern("resunet +2.50 +0.664 +0\n")
                .contains("NSD: share of the surface within 1 mm of the other.\n")
                .contains("HD95: without 1 (unet), 1 (resunet) of 10 classes of cases, of which a mask is empty.\n");
    }

    @Test
    void markdownHasAsManyCellsInEveryRow() {
        String markdown = new TextTable(List.of("a", "b"), List.of(List.of("x|y", "1"), List.of("z", "2"))).markdown();
        assertThat(markdown).isEqualTo("| a | b |\n|:---|---:|\n| x\\|y | 1 |\n| z | 2 |\n");
    }

    @Test
    void rowsThatDoNotFitTheHeaderAreRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TextTable(List.of("a", "b"), List.of(List.of("x"))))
                .withMessageContaining("needs 2 cells");
    }

    @Test
    void numbersHaveThreeDigitsAndUnits() {
        assertThat(List.of(
                        Numbers.count(999),
                        Numbers.count(999_600),
                        Numbers.count(1234),
                        Numbers.count(12.4e9),
                        Numbers.bytes(500L << 20),
                        Numbers.bytes(3L << 30),
                        Numbers.duration(0.41),
                        Numbers.duration(61),
                        Numbers.duration(653),
                        Numbers.duration(7260),
                        Numbers.signed(-0.0123),
                        Numbers.signed(-0.0001),
                        Numbers.probability(0.0004),
                        Numbers.probability(0.0301),
                        Numbers.probability(0.5),
                        Numbers.percent(0.0042)))
                .containsExactly(
                        "999",
                        "1.00 M",
                        "1.23 k",
                        "12.4 G",
                        "500 MiB",
                        "3.00 GiB",
                        "0.41 s",
                        "61.0 s",
                        "10 min 53 s",
                        "2 h 01 min",
                        "\u22120.012",
                        "0.000",
                        "< 0.001",
                        "0.030",
                        "0.50",
                        "0.4 %");
    }
}
