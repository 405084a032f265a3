package org.unet4j.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LineChartTest {

    private static LineChart.Curve curve(int points) {
        return new LineChart.Curve(
                "unet",
                2,
                true,
                IntStream.rangeClosed(1, points)
                        .mapToObj(i -> new LineChart.Point(i, 1.0 / i))
                        .toList());
    }

    @Test
    void longCurvesAreThinned() {
        String svg = new LineChart("loss", "step", "loss", List.of(curve(200_000))).svg();
        assertThat(svg.length()).isLessThan(30_000);
        assertThat(svg).contains("class=\"curve c2\"").contains("class=\"faint c2\"");
    }

    @Test
    void namesAreEscaped() {
        String svg = new LineChart("a<b", "s&t", "l\"m", List.of(curve(3))).svg();
        assertThat(svg)
                .contains("a&lt;b")
                .contains("s&amp;t")
                .contains("l&quot;m")
                .doesNotContain("a<b");
    }

    @Test
    void pointsThatAreNoNumbersAreLeftOut() {
        LineChart.Curve curve = new LineChart.Curve(
                "unet", 0, false, List.of(new LineChart.Point(1, Double.NaN), new LineChart.Point(2, 0.5)));
        assertThat(curve.points()).containsExactly(new LineChart.Point(2, 0.5));
        assertThat(new LineChart("", "", "", List.of(curve)).svg()).doesNotContain("NaN");
    }

    @Test
    void nothingToDrawIsRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LineChart("loss", "", "", List.of()))
                .withMessageContaining("'loss' has no curve");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LineChart.Curve("unet", 0, false, List.of()))
                .withMessageContaining("'unet' has no point");
    }
}
