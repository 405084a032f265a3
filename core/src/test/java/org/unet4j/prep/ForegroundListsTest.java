package org.unet4j.prep;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.unet4j.volume.LabelArray;

class ForegroundListsTest {

    @Test
    void aSmallClassIsListedWhole() {
        ForegroundLists lists = ForegroundLists.of(LabelArray.of(new byte[] {0, 2, 2, 0, 1, 2}), 4);
        assertThat(lists.counts()).containsExactly(0, 1, 3, 0);
        assertThat(lists.of(1)).containsExactly(4);
        assertThat(lists.of(2)).containsExactly(1, 2, 5);
    }

    @Test
    void aLargeClassIsListedEvenly() {
        byte[] labels = new byte[100_000];
        Arrays.fill(labels, 20_000, 80_000, (byte) 1);
        int[] listed = ForegroundLists.of(LabelArray.of(labels), 2).of(1);
        assertThat(listed).hasSize(ForegroundLists.MOST).isSorted().doesNotHaveDuplicates();
        for (int i = 0; i < listed.length; i++) {
            assertThat(listed[i]).isBetween(20_000 + 6 * i, 20_000 + 6 * i + 5);
        }
        assertThat(ForegroundLists.of(LabelArray.of(labels), 2).of(1)).isEqualTo(listed);
    }
}
