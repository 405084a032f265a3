package org.unet4j.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AxisTest {

    @ParameterizedTest
    @CsvSource({"0.8812, 0.9401", "0, 1", "-0.93, 2.4", "0, 0", "0.5, 0.5", "1e-5, 3e-5", "1, 250000"})
    void roundAxisHoldsItsValuesBetweenFullTicks(double low, double high) {
        Axis axis = Axis.round(low, high, 0, 100, 5);
        assertThat(axis.low()).isLessThanOrEqualTo(low + 1e-9 * Math.abs(low));
        assertThat(axis.high()).isGreaterThanOrEqualTo(high - 1e-9 * Math.abs(high));
        assertThat(axis.ticks()).hasSizeBetween(2, 8);
        assertThat(axis.at(axis.low())).isZero();
        assertThat(axis.at(axis.high())).isEqualTo(100);
    }

    @Test
    void ticksHaveAsManyDecimalsAsTheyNeed() {
        assertThat(Axis.round(0.881, 0.939, 0, 1, 6).label(0.9)).isEqualTo("0.90");
        assertThat(Axis.round(-1, 1, 0, 1, 4).label(-0.5)).isEqualTo("\u22120.5");
        assertThat(Axis.exact(0, 1200, 0, 1, 6).label(200)).isEqualTo("200");
        assertThat(Axis.exact(0, 25_000, 0, 1, 6).label(5000)).isEqualTo("5k");
        assertThat(Axis.exact(0, 10_000, 0, 1, 5).label(2000)).isEqualTo("2k");
    }

    @Test
    void exactAxisHasTicksInsideOnly() {
        assertThat(Axis.exact(0, 1100, 0, 1, 6).ticks()).containsExactly(0.0, 200.0, 400.0, 600.0, 800.0, 1000.0);
    }
}
