package org.unet4j.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.unet4j.volume.LabelArray;

/** A digit a voxel. */
class ClassMatchesTest {

    private static LabelArray drawn(String digits) {
        byte[] classes = new byte[digits.length()];
        for (int i = 0; i < classes.length; i++) {
            classes[i] = (byte) (digits.charAt(i) - '0');
        }
        return LabelArray.of(classes);
    }

    private static SortedMap<Integer, Integer> of(String prediction, String reference) {
        return ClassMatches.of(drawn(prediction), drawn(reference));
    }

    @Test
    void aClassLiesOnTheOneThatItSharesMostVoxelsWith() {
        assertThat(of("0111220", "1112200")).isEqualTo(new TreeMap<>(Map.of(1, 1, 2, 2)));
        assertThat(of("2221100", "1112200")).isEqualTo(new TreeMap<>(Map.of(1, 2, 2, 1)));
        assertThat(of("1100", "1200")).as("as many of each: its own").containsExactly(Map.entry(1, 1));
        assertThat(of("3300", "1200")).as("as many of each: the lowest").containsExactly(Map.entry(3, 1));
        assertThat(of("1010", "0101")).as("on background only").isEmpty();
        assertThat(of("0", "0")).isEmpty();
        assertThat(of("12", "11")).as("to the last voxel").isEqualTo(new TreeMap<>(Map.of(1, 1, 2, 1)));
    }

    @Test
    void classesThatChangedPlacesAreMisnumbered() {
        SortedMap<Integer, Integer> right = of("1122", "1122");
        SortedMap<Integer, Integer> changed = of("2211", "1122");
        assertThat(ClassMatches.misnumbered(List.of(changed, changed, right))).isEqualTo(changed);
        assertThat(ClassMatches.misnumbered(List.of(changed, right)))
                .as("in half of the cases: chance")
                .isEmpty();
        assertThat(ClassMatches.misnumbered(List.of(right))).isEmpty();
        assertThat(ClassMatches.misnumbered(List.of())).isEmpty();
    }

    @Test
    void aModelThatTakesAnOrganForItsTumourIsNotMisnumbered() {
        assertThat(ClassMatches.misnumbered(List.of(of("11112220", "11111120"), of("11222000", "11111000"))))
                .isEmpty();
    }

    @Test
    void classesThatAreCountedFromAnotherNumberAreMisnumbered() {
        assertThat(ClassMatches.misnumbered(List.of(of("2233", "1122")))).isEqualTo(new TreeMap<>(Map.of(2, 1, 3, 2)));
    }
}
