package org.unet4j.train;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SpeedTest {

    @Test
    void stepsOfEarlierPartsCountForTheLossButNotForTheTime() {
        Speed speed = new Speed();
        for (int i = 0; i < 30; i++) {
            speed.addEarlier(1);
        }
        assertThat(speed.secondsAStep()).isZero();
        speed.add(2, 0.5, 3);
        assertThat(speed.secondsAStep()).isEqualTo(2);
        assertThat(speed.waitShare()).isEqualTo(0.25);
        assertThat(speed.loss()).as("mean of the last twenty").isEqualTo((19 + 3) / 20.0);
    }

    @Test
    void onlyTheLastTwentyStepsCount() {
        Speed speed = new Speed();
        speed.add(1000, 1000, 1000);
        for (int i = 0; i < 20; i++) {
            speed.add(2, 1, 4);
        }
        assertThat(speed.secondsAStep()).isEqualTo(2);
        assertThat(speed.waitShare()).isEqualTo(0.5);
        assertThat(speed.loss()).isEqualTo(4);
    }
}
