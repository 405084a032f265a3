package org.unet4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecathlonTaskTest {

    @ParameterizedTest
    @ValueSource(strings = {"Task07_Pancreas", "task07_pancreas", "Task07", "7", "07", "Pancreas", " pancreas "})
    void aTaskIsCalledByNameNumberOrOrgan(String text) {
        assertThat(DecathlonTask.of(text)).isEqualTo(DecathlonTask.PANCREAS);
    }

    @Test
    void everyTaskIsItsOwnAndLiesInThePublicBucket() {
        assertThat(Arrays.stream(DecathlonTask.values()).map(DecathlonTask::folder))
                .containsExactly(
                        "Task01_BrainTumour",
                        "Task02_Heart",
                        "Task03_Liver",
                        "Task04_Hippocampus",
                        "Task05_Prostate",
                        "Task06_Lung",
                        "Task07_Pancreas",
                        "Task08_HepaticVessel",
                        "Task09_Spleen",
                        "Task10_Colon");
        assertThat(Arrays.stream(DecathlonTask.values()).map(DecathlonTask::md5).distinct())
                .hasSize(10)
                .allMatch(sum -> sum.matches("[0-9a-f]{32}"));
        assertThat(DecathlonTask.COLON.archive())
                .hasToString("https://msd-for-monai.s3-us-west-2.amazonaws.com/Task10_Colon.tar");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Task11_Nose", "11", "0", "", "Task7", "pan"})
    void anUnknownTaskNamesTheTen(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DecathlonTask.of(text))
                .withMessageContaining("'" + text + "' is unknown")
                .withMessageContaining("Task01_BrainTumour, Task02_Heart")
                .withMessageContaining("Task10_Colon");
    }
}
