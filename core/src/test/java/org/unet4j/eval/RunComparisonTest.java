package org.unet4j.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Scores of one class that nobody measured. */
class RunComparisonTest {

    private static final double ROUNDING = 1e-12;
    private static final double[] BASE = {0.80, 0.85, 0.70, 0.90, 0.88, 0.76, 0.81};
    private static final double[] BETTER = {0.82, 0.88, 0.71, 0.92, 0.91, 0.77, 0.85};
    private static final double[] OTHER = {0.79, 0.87, 0.69, 0.91, 0.87, 0.77, 0.80};

    private static CaseScores dice(double... values) {
        List<CaseScore> cases = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            cases.add(new CaseScore("case" + i, new TreeMap<>(Map.of(1, values[i]))));
        }
        return new CaseScores(cases);
    }

    private static CaseScores hd95(double toleranceMm, double... values) {
        List<CaseScore> cases = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            ClassMeasures measures = new ClassMeasures(0.5, 0.5, 0.5, 1, 0, values[i], 1, 0.5, toleranceMm);
            cases.add(new CaseScore(
                    "case" + i, new TreeMap<>(Map.of(1, 0.5)), Optional.of(new TreeMap<>(Map.of(1, measures)))));
        }
        return new CaseScores(cases);
    }

    @Test
    void differencesAreThoseOfTheStatistics() {
        RunComparison comparison =
                RunComparison.of(List.of("a", "b", "c"), List.of(dice(BASE), dice(BETTER), dice(OTHER)), 3);
        assertThat(comparison.metrics()).hasSize(1);
        RunComparison.ByMetric dice = comparison.metrics().get(0);
        assertThat(dice.metric()).isEqualTo(Metric.DICE);
        assertThat(dice.leftOut()).isZero();
        assertThat(dice.runs()).extracting(RunComparison.Run::name).containsExactly("a", "b", "c");
        assertThat(dice.runs().get(0).difference()).isEmpty();
        Statistics.Interval mean = Statistics.bootstrap95(BASE, 3);
        assertThat(dice.runs().get(0).ci95()).containsExactly(mean.low(), mean.high());
        RunComparison.Difference better = dice.runs().get(1).difference().orElseThrow();
        assertThat(better.mean()).isCloseTo(Statistics.mean(BETTER) - Statistics.mean(BASE), within(ROUNDING));
        assertThat(better.ci95().get(0)).isPositive();
        assertThat(better.p()).as("7 of 7 positive").isCloseTo(2.0 / 128, within(ROUNDING));
        assertThat(better.pHolm()).as("two compared").isCloseTo(4.0 / 128, within(ROUNDING));
        assertThat(dice.runs().get(2).difference().orElseThrow().p()).isGreaterThan(0.5);
    }

    @Test
    void lessIsBetterForDistances() {
        RunComparison comparison =
                RunComparison.of(List.of("near", "far"), List.of(hd95(1, 1, 2, 3), hd95(1, 2, 3, 5)), 1);
        RunComparison.ByMetric hd95 = comparison.metrics().get(2);
        assertThat(hd95.metric()).isEqualTo(Metric.HD95_MM);
        assertThat(hd95.runs().get(0).standing()).isEqualTo(new RankStability.Standing(1, 1, 1, 1));
        assertThat(hd95.runs().get(1).standing()).isEqualTo(new RankStability.Standing(2, 2, 2, 0));
        assertThat(hd95.kendallTau()).isEqualTo(1);
    }

    @Test
    void casesWithoutAFiniteNumberAreLeftOutOfAllRunsAndCounted() {
        RunComparison comparison = RunComparison.of(
                List.of("a", "b"),
                List.of(hd95(1, 1, Double.POSITIVE_INFINITY, 3, 2), hd95(1, 2, 4, Double.NaN, 4)),
                1);
        RunComparison.ByMetric hd95 = comparison.metrics().get(2);
        assertThat(hd95.leftOut()).isEqualTo(2);
        assertThat(hd95.cases()).isEqualTo(2);
        assertThat(hd95.runs()).extracting(RunComparison.Run::without).containsExactly(1, 1);
        assertThat(hd95.runs().get(0).mean()).isEqualTo(1.5);
        assertThat(hd95.runs().get(1).difference().orElseThrow().mean()).isEqualTo(1.5);
        RunComparison none =
                RunComparison.of(List.of("a", "b"), List.of(hd95(1, Double.POSITIVE_INFINITY), hd95(1, 2)), 1);
        assertThat(none.metrics().get(2).runs()).isEmpty();
        assertThat(none.metrics().get(2).leftOut()).isEqualTo(1);
    }

    @Test
    void onlyWhatAllWereMeasuredByIsCompared() {
        assertThat(RunComparison.of(List.of("a", "b"), List.of(dice(0.5, 0.5), hd95(1, 1, 2)), 1)
                        .metrics())
                .extracting(RunComparison.ByMetric::metric)
                .containsExactly(Metric.DICE);
    }

    @Test
    void equalRunsShareTheirRank() {
        RunComparison.ByMetric dice = RunComparison.of(List.of("a", "b"), List.of(dice(BASE), dice(BASE)), 1)
                .metrics()
                .get(0);
        assertThat(dice.runs())
                .allSatisfy(run -> assertThat(run.standing()).isEqualTo(new RankStability.Standing(1.5, 1.5, 1.5, 1)));
        assertThat(dice.kendallTau()).isNaN();
        assertThat(dice.runs().get(1).difference().orElseThrow().p()).isEqualTo(1);
    }

    @Test
    void anOrderThatTwoOfThreeCasesDecideIsUnstable() {
        double[][] values = {{0.5, 0.5, 0.9}, {0.6, 0.6, 0.5}};
        RankStability stability = RankStability.of(values, 5);
        assertThat(stability.standings().get(0).rank()).isEqualTo(1);
        // b wins only where case 2 is not drawn: 8 of 27 draws.
        assertThat(stability.standings().get(1).firstShare()).isCloseTo(8.0 / 27, within(0.02));
        assertThat(stability.kendallTau()).isCloseTo(1 - 2 * 8.0 / 27, within(0.04));
        assertThat(stability.standings().get(0).highRank()).isEqualTo(2);
    }

    @Test
    void kendallsTauIsThatOfSciPy() {
        // scipy.stats.kendalltau (tau b) of the same ranks.
        assertThat(RankStability.kendall(new double[] {1, 2, 3, 4}, new double[] {2, 1, 3, 4}))
                .isCloseTo(0.6666666666666669, within(ROUNDING));
        assertThat(RankStability.kendall(new double[] {1, 2, 3, 4}, new double[] {1.5, 1.5, 4, 3}))
                .isCloseTo(0.5477225575051662, within(ROUNDING));
        assertThat(RankStability.kendall(new double[] {1, 2}, new double[] {1.5, 1.5}))
                .isZero();
    }

    @Test
    void runsOfOtherCasesClassesOrTolerancesCannotBeCompared() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RunComparison.of(List.of("a", "b"), List.of(dice(1, 1, 1), dice(1)), 1))
                .withMessageContaining("[b] has no score of 2 of the 3 cases of [a], such as case1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RunComparison.of(List.of("a", "b"), List.of(dice(1), dice(1, 1)), 1))
                .withMessageContaining("[a] has no score of 1 of the 2 cases of [b]");
        CaseScores two = new CaseScores(List.of(new CaseScore("case0", new TreeMap<>(Map.of(1, 1.0, 2, 1.0)))));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RunComparison.of(List.of("a", "b"), List.of(dice(1), two), 1))
                .withMessageContaining("classes [1], [b] of [1, 2]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RunComparison.of(List.of("a", "b"), List.of(hd95(1, 1), hd95(2, 1)), 1))
                .withMessageContaining("tolerances of {1=1.0} mm by class, [b] of {1=2.0}");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RunComparison.of(List.of("a", "a"), List.of(dice(1), dice(1)), 1))
                .withMessageContaining("different names");
    }
}
