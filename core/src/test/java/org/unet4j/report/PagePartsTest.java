package org.unet4j.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.unet4j.eval.CaseScore;
import org.unet4j.eval.CaseScores;
import org.unet4j.eval.ClassMeasures;

/** Parts of pages against numbers that were worked out by hand. */
class PagePartsTest {
    private static final double NAN = Double.NaN;

    private static CaseScores scores(double... dice) {
        List<CaseScore> cases = new java.util.ArrayList<>();
        for (int i = 0; i < dice.length; i++) {
            cases.add(new CaseScore("case" + i, new TreeMap<>(Map.of(1, dice[i]))));
        }
        return new CaseScores(cases);
    }

    @Test
    void worstMedianAndBestArePickedByDice() {
        assertThat(Picks.of(scores(0.5, 0.9, 0.1, 0.7, 0.3)))
                .containsExactly(Map.entry("case2", "worst"), Map.entry("case0", "median"), Map.entry("case1", "best"));
        assertThat(Picks.of(scores(0.5, 0.4))).containsExactly(Map.entry("case1", "worst"), Map.entry("case0", "best"));
        assertThat(Picks.of(scores(0.5))).containsExactly(Map.entry("case0", "the case"));
    }

    @Test
    void eachNetworkHasItsOwnPicksAndACaseIsShownOnce() {
        Map<String, CaseScores> both = new LinkedHashMap<>();
        both.put("unet", scores(0.1, 0.5, 0.9));
        both.put("resunet", scores(0.2, 0.9, 0.5));
        assertThat(Picks.ofEach(both))
                .containsExactly(
                        Map.entry("case0", "worst of all"),
                        Map.entry("case1", "median of unet; best of resunet"),
                        Map.entry("case2", "median of resunet; best of unet"));
    }

    /** 0, 1, ..., 15 and 16: the first 16 stretches of width 1 hold one each, and the last holds its upper end too. */
    @Test
    void histogramsCountEveryValueOnce() {
        double[] values =
                java.util.stream.IntStream.rangeClosed(0, 16).asDoubleStream().toArray();
        Histogram histogram = Histogram.of("size", "mm", values, Optional.of(8.0));
        assertThat(histogram.heights()).hasSize(16).startsWith(1.0, 1.0).endsWith(1.0, 2.0);
        assertThat(histogram.caption()).isEqualTo("median 8, from 0 to 16 mm");
        assertThat(histogram.figure()).contains("15 to 16 mm: 2 cases").contains("class=\"marker\"");
    }

    @Test
    void valuesThatAreAllAlikeAreOneColumnInTheMiddle() {
        Histogram histogram = Histogram.of("spacing", "mm", new double[] {1, 1, 1}, Optional.of(9.0));
        assertThat(histogram.heights()).containsExactly(0.0, 0.0, 3.0, 0.0, 0.0);
        assertThat(histogram.caption()).isEqualTo("all 1 mm");
        assertThat(histogram.marker()).as("outside of what is drawn").isEmpty();
    }

    @Test
    void numbersOfHistogramsAreShort() {
        assertThat(List.of(0.5, 2.0, 12.34, 123.4, -100.0, 0.0))
                .extracting(Histogram::number)
                .containsExactly("0.5", "2", "12.3", "123", "\u2212100", "0");
    }

    private static ClassMeasures measures(double precision, double recall) {
        return new ClassMeasures(0, precision, recall, 1, 1, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, 0, 1);
    }

    @Test
    void failuresSayWhatIsWrongWorstFirst() {
        CaseScores scores = new CaseScores(List.of(
                failed("low", 0.09, measures(0.1, 0.1)),
                failed("fine", 0.1, measures(0.1, 0.1)),
                failed("a_missed", 0, measures(NAN, 0)),
                failed("b_elsewhere", 0, measures(0, 0)),
                failed("c_invented", 0, measures(0, NAN))));
        Page.Section section = FailureSection.of(
                List.of(Failure.ofCase("unet", "lost", "has no score"), Failure.ofRun("unet", "not finished")),
                List.of(Scored.of("unet", 0, scores)),
                new TreeMap<>(Map.of(1, "tumour")));
        assertThat(section.note()).startsWith("6, the worst first");
        assertThat(section.content())
                .containsSubsequence(
                        "not finished",
                        "lost",
                        "has no score",
                        "a_missed",
                        "missed: nothing was predicted",
                        "b_elsewhere",
                        "missed: what was predicted lies elsewhere",
                        "c_invented",
                        "predicted where the reference has none",
                        "low",
                        "0.090",
                        "hardly overlaps the reference")
                .doesNotContain("fine");
    }

    private static CaseScore failed(String id, double dice, ClassMeasures measures) {
        return new CaseScore(id, new TreeMap<>(Map.of(1, dice)), Optional.of(new TreeMap<>(Map.of(1, measures))));
    }

    @Test
    void whereNothingFailedThereIsNoSection() {
        Page.Section section =
                FailureSection.of(List.of(), List.of(Scored.of("unet", 0, scores(0.5))), new TreeMap<>());
        assertThat(section.content()).isEmpty();
    }

    /** The axis runs from 0 at 128 to 1 at 502: 0.5 is at 315, the interval's ends at 0.25 and 0.75 at 221.5 and 408.5. */
    @Test
    void dotsStandWhereTheirValuesAre() {
        DotPlot.Row row = new DotPlot.Row(
                "a<b", 1, List.of("x", "y", "z", "none"), new double[] {0, 0.5, 1, NAN}, 0.5, List.of(0.25, 0.75));
        String svg = new DotPlot("Dice of every case", "Dice", List.of(row)).svg();
        assertThat(svg)
                .contains("cx=\"128\"", "cx=\"315\"", "cx=\"502\"", "x1=\"221.5\" x2=\"408.5\"", "y: 0.500", "a&lt;b")
                .doesNotContain("none", "NaN", "a<b");
        assertThat(svg).contains("aria-label=\"Dice of every case: a&lt;b mean 0.500, 95 % interval 0.250 to 0.750\"");
    }

    @Test
    void networksWithNsdHaveBothPlots() {
        BenchmarkResult result = MadeUp.twoNetworks();
        assertThat(MadeUp.page(result).html())
                .contains("NSD of every case, Posterior: unet mean 0.700, 95 % interval")
                .contains("NSD of every case, Mean over classes: unet mean 0.750, 95 % interval")
                .contains("+0.021<small>+0.003 to +0.005</small>");
        assertThat(new ScorePlots(List.of(Scored.of("unet", 0, scores(0.5, 0.6))), new TreeMap<>(), 2).html())
                .contains("Dice of every case")
                .doesNotContain("NSD", "Mean over classes");
    }

    @Test
    void dataIsShownAsHistograms() {
        DataSection data = new DataSection(MadeUp.plan(), Optional.of(MadeUp.fingerprint()));
        assertThat(data.dataSection().note()).startsWith("The fingerprint of all 3 labelled cases of Task04");
        assertThat(data.dataSection().content())
                .contains("Spacing of slices (z)", "median 3, from 2 to 5 mm")
                .contains("99 % between \u2212100 and 200 HU", "0 to 100 HU: 50.0 %")
                .contains("Posterior (in 2 of 3 cases)", "from 0.5 to 0.7 ml");
        assertThat(data.planSection().content()).contains("2 \u00d7 1 \u00d7 1 mm", "32 \u00d7 16 \u00d7 16 mm");
        assertThat(new DataSection(MadeUp.plan(), Optional.empty())
                        .dataSection()
                        .content())
                .isEmpty();
    }
}
