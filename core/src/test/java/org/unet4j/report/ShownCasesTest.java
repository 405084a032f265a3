package org.unet4j.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ShownCasesTest {
    private static final SortedMap<Integer, String> CLASSES = new TreeMap<>(Map.of(1, "ball"));

    private final List<Failure> failures = new ArrayList<>();
    private final ShownCases cases = new ShownCases("the dataset", failures);

    @Test
    void fourAreThereToTurnOver() {
        for (int i = 0; i < 6; i++) {
            cases.add("case_" + i, CLASSES, () -> Optional.of(MadeUp.shown()));
        }
        cases.add("case_6", CLASSES, Optional::empty);
        assertThat(cases.pictures()).hasSize(6);
        assertThat(cases.volumes()).hasSize(4);
        assertThat(failures).isEmpty();
    }

    @Test
    void oneThatDoesNotFitIntoMemoryCostsNoOther() {
        cases.add("large", CLASSES, () -> {
            throw new OutOfMemoryError("Java heap space");
        });
        cases.add("small", CLASSES, () -> Optional.of(MadeUp.shown()));
        assertThat(failures).hasSize(1);
        assertThat(failures.get(0).leavesOut()).isTrue();
        assertThat(failures.get(0).text())
                .startsWith("the dataset, large: no picture: Java's heap is too small for it; give Java more with ");
        assertThat(cases.pictures()).hasSize(1);
        assertThat(cases.volumes()).hasSize(1);
    }
}
