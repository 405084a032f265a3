package org.unet4j.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.unet4j.io.DecathlonTask;

class TolerancesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "2; 2; 2; 2",
                "0; 0; 0; 0",
                "1=5,2=3; 5; 3; 1",
                "2.5, 1=5; 5; 2.5; 2.5",
                "2=3 , 4; 4; 3; 4",
                "Task07_Pancreas; 5; 5; 5",
                "hippocampus; 1; 1; 1"
            })
    void textSaysMillimetresByClass(String text, double one, double two, double three) {
        Tolerances tolerances = Tolerances.parse(text);
        assertThat(tolerances.of(1)).isEqualTo(one);
        assertThat(tolerances.of(2)).isEqualTo(two);
        assertThat(tolerances.of(3)).isEqualTo(three);
        assertThat(Tolerances.parse(tolerances.toString())).isEqualTo(tolerances);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-1",
                "NaN",
                "Infinity",
                "1=",
                "=1",
                "1=-2",
                "kidney",
                "2,3",
                "1=2,1=3",
                "1=2=3",
                "1;2",
                "1e400"
            })
    void otherTextIsRejected(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tolerances.parse(text))
                .withMessageMatching("(?s).*(tolerance|task 'kidney' is unknown).*");
    }

    @ParameterizedTest
    @EnumSource(DecathlonTask.class)
    void everyTaskOfTheDecathlonHasOne(DecathlonTask task) {
        assertThat(Tolerances.preset(task.folder())).contains(Tolerances.decathlon(task));
        assertThat(Tolerances.decathlon(task).otherwiseMm()).isBetween(1.0, 7.0);
    }

    @Test
    void otherDatasetsHaveNoPreset() {
        assertThat(Tolerances.preset("phantom")).isEmpty();
        assertThat(Tolerances.preset("7"))
                .as("a folder may be called so by chance")
                .isEmpty();
    }
}
