package org.unet4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ScheduleTest {

    private static final double EXACT = 1e-12; // a few roundings of doubles

    @Test
    void warmUpRisesLinearlyToOne() {
        Schedule schedule = new Schedule.Cosine();
        assertThat(schedule.factor(0, 4, 100)).isEqualTo(0.25);
        assertThat(schedule.factor(2, 4, 100)).isEqualTo(0.75);
        assertThat(schedule.factor(3, 4, 100)).isEqualTo(1);
        assertThat(schedule.factor(4, 4, 100)).isEqualTo(1);
    }

    @Test
    void cosinePassesThroughAHalfInTheMiddleAndStaysAboveZero() {
        Schedule schedule = new Schedule.Cosine();
        assertThat(schedule.factor(0, 0, 100)).isEqualTo(1);
        assertThat(schedule.factor(50, 0, 100)).isEqualTo(0.5, within(EXACT));
        assertThat(schedule.factor(99, 0, 100)).isGreaterThan(0).isLessThan(0.001);
    }

    @Test
    void polynomialIsNnUnets() {
        Schedule schedule = new Schedule.Polynomial(0.9);
        // PolyLRScheduler of nnU-Net 2: initial_lr * (1 - step / max_steps) ** 0.9
        assertThat(schedule.factor(25, 0, 100)).isEqualTo(Math.pow(0.75, 0.9), within(EXACT));
    }

    @Test
    void constantStaysOne() {
        assertThat(new Schedule.Constant().factor(99, 10, 100)).isEqualTo(1);
    }

    @Test
    void exponentMustBePositive() {
        assertThatThrownBy(() -> new Schedule.Polynomial(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("exponent 0.0")
                .hasMessageContaining("0.9");
    }
}
