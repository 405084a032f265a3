package org.unet4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class PaceTest {

    private static final long SECOND = 1_000_000_000;

    @Test
    void nothingIsKnownBeforeAPartIsFinished() {
        Pace pace = new Pace(0, 5);
        assertThat(pace.perSecond()).isEmpty();
        pace.measure(9 * SECOND, 5, false);
        assertThat(pace.perSecond()).isEmpty();
    }

    @Test
    void aSteadyPaceIsFoundHoweverOftenOneLooks() {
        Pace seldom = new Pace(0, 0);
        Pace often = new Pace(0, 0);
        for (long i = 1; i <= 10_000; i++) {
            often.measure(i * SECOND / 100, 3.0 * i, false);
            if (i % 1000 == 0) {
                seldom.measure(i * SECOND / 100, 3.0 * i, false);
            }
        }
        assertThat(seldom.perSecond().orElseThrow()).isCloseTo(300, within(1e-6));
        assertThat(often.perSecond().orElseThrow()).isCloseTo(300, within(1e-6));
    }

    @Test
    void whatWasThereBeforeIsNoPace() {
        Pace pace = new Pace(0, 1000);
        pace.measure(10 * SECOND, 1010, false);
        assertThat(pace.perSecond().orElseThrow()).isCloseTo(1, within(1e-9));
    }

    @Test
    void anotherPaceIsFollowedWithinAThirdOfTheTime() {
        Pace pace = new Pace(0, 0);
        double done = 0;
        for (int second = 1; second <= 300; second++) {
            done += second <= 150 ? 10 : 20;
            pace.measure(second * SECOND, done, false);
        }
        assertThat(pace.perSecond().orElseThrow()).isBetween(17.0, 20.0);
    }
}
