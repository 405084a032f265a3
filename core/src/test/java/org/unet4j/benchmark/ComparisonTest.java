package org.unet4j.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.unet4j.eval.CaseScore;
import org.unet4j.eval.CaseScores;
import org.unet4j.eval.ClassMeasures;
import org.unet4j.eval.Metric;
import org.unet4j.eval.Robustness;
import org.unet4j.eval.RunComparison;
import org.unet4j.eval.Statistics;
import org.unet4j.eval.Wilcoxon;
import org.unet4j.report.NetworkResult;

/** Made-up scores of one class. */
class ComparisonTest {

    private static final double ROUNDING = 1e-12;
    private static final double[] BASE = {0.80, 0.85, 0.70, 0.90, 0.88, 0.76, 0.81};

    private static RunScores run(String network, long seed, double... dice) {
        List<CaseScore> cases = new ArrayList<>();
        for (int i = 0; i < dice.length; i++) {
            cases.add(new CaseScore("case" + i, new TreeMap<>(Map.of(1, dice[i]))));
        }
        return new RunScores(
                network,
                seed,
                cases,
                10,
                20,
                30 + seed,
                40,
                0.01,
                0.5,
                OptionalLong.of(100 * seed),
                OptionalLong.empty(),
                Worlds.PROVENANCE);
    }

    private static double[] plus(double[] values, double... shifts) {
        double[] sum = values.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += shifts[i % shifts.length];
        }
        return sum;
    }

    @Test
    void baselineHasNoDifferenceAndTheOthersHaveTheirTests() {
        double[] better = plus(BASE, 0.01, 0.02, 0.03, 0.015);
        double[] same = plus(BASE, 0.01, -0.01);
        List<NetworkResult> results = new Comparison("unet", 1)
                .of(
                        List.of("resunet", "unet", "attention-unet"),
                        List.of(run("unet", 1, BASE), run("resunet", 1, better), run("attention-unet", 1, same)));
        assertThat(results).extracting(NetworkResult::name).containsExactly("resunet", "unet", "attention-unet");
        assertThat(results.get(1).difference()).isEmpty();
        NetworkResult.Difference difference = results.get(0).difference().orElseThrow();
        assertThat(difference.dice()).isCloseTo(Statistics.mean(better) - Statistics.mean(BASE), within(ROUNDING));
        assertThat(difference.p()).as("7 of 7 positive").isCloseTo(2.0 / 128, within(ROUNDING));
        assertThat(difference.pHolm()).as("two networks compared").isCloseTo(4.0 / 128, within(ROUNDING));
        assertThat(difference.isSignificant()).isTrue();
        assertThat(difference.ci95().get(0)).isPositive();
        assertThat(results.get(2).difference().orElseThrow().isSignificant()).isFalse();
    }

    @Test
    void intervalsAreThoseOfTheStatistics() {
        NetworkResult result = new Comparison("unet", 9)
                .of(List.of("unet"), List.of(run("unet", 1, BASE)))
                .get(0);
        List<Double> expected = NetworkResult.ci95(Statistics.bootstrap95(BASE, 9));
        assertThat(result.mean().ci95()).isEqualTo(expected);
        assertThat(result.classes().get(1).dice().ci95()).isEqualTo(expected);
        assertThat(result.mean().dice()).isCloseTo(Statistics.mean(BASE), within(ROUNDING));
        assertThat(result.classes().get(1).dice().sd()).isCloseTo(Statistics.standardDeviation(BASE), within(ROUNDING));
    }

    @Test
    void severalSeedsAreAveragedCaseByCaseBeforeTheTest() {
        double[] a = plus(BASE, 0.04);
        double[] b = plus(BASE, -0.02);
        List<NetworkResult> results = new Comparison("unet", 1)
                .of(
                        List.of("unet", "resunet"),
                        List.of(
                                run("unet", 1, BASE),
                                run("resunet", 1, a),
                                run("unet", 2, BASE),
                                run("resunet", 2, b)));
        NetworkResult result = results.get(1);
        assertThat(result.seedMeans()).containsExactly(Statistics.mean(a), Statistics.mean(b));
        assertThat(result.difference().orElseThrow().dice()).isCloseTo(0.01, within(ROUNDING));
        assertThat(result.cases().get(0).dice().get(1)).isCloseTo(0.81, within(ROUNDING));
        assertThat(result.trainSeconds()).isEqualTo(31.5);
        assertThat(result.peakMemoryBytes()).hasValue(200);
        double width = result.difference().orElseThrow().ci95().get(1)
                - result.difference().orElseThrow().ci95().get(0);
        assertThat(width).as("seeds that disagree").isGreaterThan(0.04);
        assertThat(result.difference().orElseThrow().p())
                .isEqualTo(
                        Wilcoxon.signedRank(new double[] {1, 1, 1, 1, 1, 1, 1}).pValue(), within(1e-9));
    }

    @Test
    void networksScoredOnOtherCasesOrSeedsCannotBeCompared() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Comparison("unet", 1)
                        .of(List.of("unet", "resunet"), List.of(run("unet", 1, 0.5, 0.6), run("resunet", 1, 0.5))))
                .withMessageContaining("same seeds on the same cases")
                .withMessageContaining("case1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Comparison("unet", 1)
                        .of(List.of("unet", "resunet"), List.of(run("unet", 1, 0.5), run("resunet", 2, 0.5))))
                .withMessageContaining("seed 2");
    }

    private static RunScores measured(RunScores run, double... nsd) {
        List<CaseScore> cases = new ArrayList<>();
        for (int i = 0; i < nsd.length; i++) {
            ClassMeasures measures = new ClassMeasures(0.5, 0.5, 0.5, 1, 0, 1, 1, nsd[i], 2);
            CaseScore score = run.cases().get(i);
            cases.add(new CaseScore(score.caseId(), score.dice(), Optional.of(new TreeMap<>(Map.of(1, measures)))));
        }
        return new RunScores(
                run.network(),
                run.seed(),
                cases,
                10,
                20,
                30,
                40,
                0.01,
                0.5,
                run.peakMemoryBytes(),
                run.peakDeviceBytes(),
                Worlds.PROVENANCE);
    }

    @Test
    void outlinesAreTestedAsRunsThatAreComparedAfterwards() {
        List<String> networks = List.of("unet", "resunet", "attention-unet");
        List<RunScores> runs = List.of(
                measured(run("unet", 1, BASE), BASE),
                measured(run("resunet", 1, BASE), plus(BASE, 0.01, 0.02, -0.005)),
                measured(run("attention-unet", 1, BASE), plus(BASE, -0.02, -0.01)));
        RunComparison.ByMetric expected = RunComparison.of(
                        networks,
                        runs.stream().map(run -> new CaseScores(run.cases())).toList(),
                        9)
                .metrics()
                .get(1);
        assertThat(expected.metric()).isEqualTo(Metric.NSD);
        List<NetworkResult> results = new Comparison("unet", 9).of(networks, runs);
        assertThat(results.get(0).boundary().orElseThrow().difference()).isEmpty();
        for (int i = 1; i < 3; i++) {
            NetworkResult.NsdDifference found =
                    results.get(i).boundary().orElseThrow().difference().orElseThrow();
            RunComparison.Difference wanted =
                    expected.runs().get(i).difference().orElseThrow();
            assertThat(found.nsd()).isCloseTo(wanted.mean(), within(ROUNDING));
            assertThat(found.ci95()).isEqualTo(wanted.ci95());
            assertThat(found.p()).isEqualTo(wanted.p());
            assertThat(found.pHolm()).isEqualTo(wanted.pHolm());
            assertThat(results.get(i).difference().orElseThrow().p())
                    .as("Dice is the same")
                    .isEqualTo(1);
        }
    }

    @Test
    void boundariesAreThoseOfTheScores() {
        List<CaseScore> cases = new ArrayList<>();
        double[] hd95 = {1, 3, Double.POSITIVE_INFINITY};
        double[] dice = {0.9, 0.8, 0};
        for (int i = 0; i < 3; i++) {
            ClassMeasures measures = new ClassMeasures(0.5, 0.5, 0.5, 1, 0, hd95[i], 1, new double[] {1, 0.5, 0}[i], 2);
            cases.add(new CaseScore(
                    "case" + i, new TreeMap<>(Map.of(1, dice[i])), Optional.of(new TreeMap<>(Map.of(1, measures)))));
        }
        RunScores base = run("unet", 1, dice);
        NetworkResult result = new Comparison("unet", 9)
                .of(
                        List.of("unet"),
                        List.of(new RunScores(
                                "unet",
                                1,
                                cases,
                                10,
                                20,
                                31,
                                40,
                                0.01,
                                0.5,
                                base.peakMemoryBytes(),
                                base.peakDeviceBytes(),
                                Worlds.PROVENANCE)))
                .get(0);
        NetworkResult.Boundary boundary = result.boundary().orElseThrow();
        assertThat(boundary.nsd()).isCloseTo(0.5, within(ROUNDING));
        assertThat(boundary.nsdCi95())
                .isEqualTo(NetworkResult.ci95(Statistics.bootstrap95(new double[] {1, 0.5, 0}, 9)));
        assertThat(boundary.hd95Mm()).isEqualTo(2);
        assertThat(boundary.hd95LeftOut()).isEqualTo(1);
        assertThat(boundary.toleranceMm()).containsExactly(Map.entry(1, 2.0));
        assertThat(result.robustness()).isEqualTo(new Robustness(Statistics.quantile(dice, 0.05), 1));
        assertThat(result.classes().get(1).measures().orElseThrow()).containsKeys("nsd", "hd95Mm");
        assertThat(new Comparison("unet", 9)
                        .of(List.of("unet"), List.of(base))
                        .get(0)
                        .boundary())
                .as("scored by Dice alone")
                .isEmpty();
    }
}
