package org.unet4j.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.InputStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.unet4j.eval.Statistics.Interval;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The numbers of golden/statistics.json are SciPy's and statsmodels'; statistics.py beside it made them. */
class StatisticsTest {

    /** Counts of signs and ranks are whole numbers: only the division rounds. */
    private static final double EXACT = 1e-12;
    /** The rational approximation of the normal's tail has a relative error below 1.2e-7. */
    private static final double NORMAL = 1e-6;
    /** Ten thousand draws leave this much chance in an interval's end, about 3 of its standard errors. */
    private static final double DRAWN = 0.012;

    private static JsonNode golden() throws Exception {
        try (InputStream in = StatisticsTest.class.getResourceAsStream("/golden/statistics.json")) {
            return JsonMapper.shared().readTree(in);
        }
    }

    private static double[] numbers(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .mapToDouble(JsonNode::asDouble)
                .toArray();
    }

    @Test
    void signedRankTestEqualsScipy() throws Exception {
        JsonNode cases = golden().get("wilcoxon");
        assertThat(cases).hasSize(7);
        for (JsonNode one : cases) {
            double[] differences = numbers(one.get("differences"));
            Wilcoxon test = Wilcoxon.signedRank(differences);
            String name = one.get("name").asString();
            assertThat(test.plus()).as(name).isEqualTo(one.get("plus").asDouble());
            assertThat(test.minus()).as(name).isEqualTo(one.get("minus").asDouble());
            double tolerance = differences.length <= Wilcoxon.EXACT_PAIRS ? EXACT : NORMAL;
            assertThat(test.pValue()).as(name).isCloseTo(one.get("p").asDouble(), within(tolerance));
        }
    }

    @Test
    void noDifferenceAtAllIsNoEvidence() {
        assertThat(Wilcoxon.signedRank(new double[] {0, 0})).isEqualTo(new Wilcoxon(0, 0, 0, 1));
        assertThat(Wilcoxon.signedRank(new double[0]).pValue()).isEqualTo(1);
    }

    @Test
    void differenceThatIsNoNumberIsRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Wilcoxon.signedRank(new double[] {0.1, Double.NaN}))
                .withMessageContaining("NaN must be finite");
    }

    @Test
    void holmsCorrectionEqualsStatsmodels() throws Exception {
        JsonNode holm = golden().get("holm");
        assertThat(Statistics.holm(numbers(holm.get("p"))))
                .containsExactly(numbers(holm.get("corrected")), within(EXACT));
        assertThat(Statistics.holm(new double[0])).isEmpty();
    }

    @Test
    void momentsAndQuantilesEqualNumpy() throws Exception {
        JsonNode moments = golden().get("moments");
        double[] values = numbers(moments.get("values"));
        assertThat(Statistics.mean(values)).isCloseTo(moments.get("mean").asDouble(), within(EXACT));
        assertThat(Statistics.standardDeviation(values))
                .isCloseTo(moments.get("sd").asDouble(), within(EXACT));
        assertThat(Statistics.quantile(values, 0.1))
                .isCloseTo(moments.get("q10").asDouble(), within(EXACT));
        assertThat(Statistics.standardDeviation(new double[] {0.5})).isZero();
    }

    @Test
    void bootstrapIntervalEqualsScipyButForChance() throws Exception {
        JsonNode golden = golden();
        Interval interval = Statistics.bootstrap95(numbers(golden.get("moments").get("values")), 3);
        assertThat(interval.low()).isCloseTo(golden.get("bootstrap").get("low").asDouble(), within(DRAWN));
        assertThat(interval.high())
                .isCloseTo(golden.get("bootstrap").get("high").asDouble(), within(DRAWN));
    }

    @Test
    void bootstrapIsDecidedByItsSeed() {
        double[] values = {0.1, 0.5, 0.7, 0.9, 0.95};
        assertThat(Statistics.bootstrap95(values, 1)).isEqualTo(Statistics.bootstrap95(values, 1));
        assertThat(Statistics.bootstrap95(values, 1)).isNotEqualTo(Statistics.bootstrap95(values, 2));
    }

    @Test
    void oneCaseHasAnIntervalOfNoWidth() {
        assertThat(Statistics.bootstrap95(new double[] {0.8}, 1)).isEqualTo(new Interval(0.8, 0.8));
    }

    @Test
    void seedsThatDisagreeWidenTheInterval() {
        double[] cases = {0.7, 0.8, 0.9, 0.75};
        Interval agree = Statistics.bootstrap95(new double[][] {cases, cases}, 1);
        double[] worse = {0.5, 0.6, 0.7, 0.55};
        double[] better = {0.9, 1.0, 1.1, 0.95};
        Interval disagree = Statistics.bootstrap95(new double[][] {worse, better}, 1);
        assertThat(disagree.high() - disagree.low()).isGreaterThan(1.5 * (agree.high() - agree.low()));
    }

    @Test
    void sameScoresOfTwoSeedsAreNoMoreThanThoseOfOne() {
        double[] cases = {0.7, 0.8, 0.9, 0.75, 0.6, 0.95, 0.85};
        Interval one = Statistics.bootstrap95(cases, 1);
        Interval two = Statistics.bootstrap95(new double[][] {cases, cases}, 1);
        assertThat(two.low()).isCloseTo(one.low(), within(DRAWN));
        assertThat(two.high()).isCloseTo(one.high(), within(DRAWN));
    }

    @Test
    void guardsNameTheRule() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Statistics.mean(new double[0]))
                .withMessageContaining("at least one");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Statistics.quantile(new double[] {1}, 1.5))
                .withMessageContaining("[0, 1]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Statistics.bootstrap95(new double[][] {{1}, {1, 2}}, 1))
                .withMessageContaining("same cases");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Interval(2, 1))
                .withMessageContaining("must not end before");
    }
}
