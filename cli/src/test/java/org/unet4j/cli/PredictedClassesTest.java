package org.unet4j.cli;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PredictedClassesTest {

    private static SortedMap<Integer, String> classes(String first, String second) {
        return new TreeMap<>(Map.of(0, "background", 1, first, 2, second));
    }

    private static PredictedClasses by(SortedMap<Integer, String> classes) {
        return new PredictedClasses(new TreeMap<>(Map.of(Path.of("a.nii.gz"), classes)));
    }

    @Test
    void namesThatAreAlikeMayStandForEachOfTheirNumbers() {
        SortedMap<Integer, String> alike = classes("lesion", "Lesion");
        assertThatCode(() -> by(alike).requireNumbersOf(alike)).doesNotThrowAnyException();
        assertThatIOException()
                .isThrownBy(() -> by(classes("liver", "lesion")).requireNumbersOf(classes("lesion", "liver")))
                .withMessageContaining("whose class 1 is liver, which is 2 in the dataset");
    }

    @Test
    void classesWithoutNamesMayHaveAnyNumber() {
        assertThatCode(() -> by(classes("", "")).requireNumbersOf(classes("liver", " ")))
                .doesNotThrowAnyException();
        assertThatCode(() -> by(classes("", "tumour")).requireNumbersOf(classes("tumours", "")))
                .doesNotThrowAnyException();
    }
}
