package org.unet4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.unet4j.prep.PreparedCase;
import org.unet4j.prep.Store;
import org.unet4j.volume.Box;
import org.unet4j.volume.Shape;

class SamplerTest {

    private static final List<String> IDS = List.of("a", "b", "c", "d", "e", "f", "g");

    @TempDir
    static Path folder;

    private static Store store;

    @BeforeAll
    static void prepare() throws IOException {
        store = TinyData.store(folder);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 12345})
    void everyEpochHasEveryCaseOnceAndAnOrderOfItsOwn(long seed) {
        Sampler sampler = new Sampler(IDS, seed, 0.33, TinyData.PATCH, TinyData.PATCH);
        Set<List<String>> orders = new HashSet<>();
        for (int epoch = 0; epoch < 20; epoch++) {
            long first = (long) epoch * IDS.size();
            List<String> order = LongStream.range(first, first + IDS.size())
                    .mapToObj(sampler::caseId)
                    .toList();
            assertThat(order).containsExactlyInAnyOrderElementsOf(IDS);
            assertThat(sampler.epoch(first)).isEqualTo(epoch);
            orders.add(order);
        }
        assertThat(orders).hasSizeGreaterThan(15); // of 5040: 20 draws rarely agree
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.33, 0.5, 1})
    void theShareOfForegroundIsKeptOverAnyStretch(double share) {
        Sampler sampler = new Sampler(IDS, 1, share, TinyData.PATCH, TinyData.PATCH);
        for (int length : new int[] {1, 4, 100, 1000}) {
            long around = LongStream.range(37, 37 + length)
                    .filter(sampler::aroundForeground)
                    .count();
            assertThat((double) around).isBetween(share * length - 1, share * length + 1);
        }
    }

    @Test
    void aSampleDependsOnSeedAndNumberAlone() {
        Sampler sampler = sampler(5, 0.5, TinyData.PATCH);
        Sampler same = sampler(5, 0.5, TinyData.PATCH);
        Sampler other = sampler(6, 0.5, TinyData.PATCH);
        PreparedCase prepared = store.get("ball_0");
        List<Box> boxes = boxes(sampler, prepared, 30);
        assertThat(boxes(same, prepared, 30)).isEqualTo(boxes);
        assertThat(boxes(other, prepared, 30)).isNotEqualTo(boxes);
        assertThat(sampler.augmentationSeed(3))
                .isEqualTo(same.augmentationSeed(3))
                .isNotEqualTo(sampler.augmentationSeed(4));
    }

    @Test
    void aBoxAroundForegroundHoldsEachClassInTurn() {
        Sampler sampler = sampler(1, 1, Shape.cube(4));
        PreparedCase prepared = store.get("ball_1");
        Set<Integer> middles = new HashSet<>();
        for (long sample = 0; sample < 40; sample++) {
            Box box = sampler.box(sample, prepared);
            byte[] labels = new byte[box.shape().arrayLength()];
            prepared.copyLabels(box, ByteBuffer.wrap(labels), 0);
            middles.add((int) labels[box.shape().index(2, 2, 2)]);
        }
        assertThat(middles).containsExactlyInAnyOrder(1, 2);
    }

    @Test
    void boxesReachBothEndsButNoFartherThanTheMarginOfAugmentation() {
        Shape cut = Shape.cube(20);
        Sampler sampler = new Sampler(List.of("ball_0"), 3, 0.5, cut, TinyData.PATCH);
        PreparedCase prepared = store.get("ball_0"); // (18, 20, 22)
        int lowest = 0;
        int highest = 0;
        for (Box box : boxes(sampler, prepared, 500)) {
            lowest = Math.min(lowest, box.x0());
            highest = Math.max(highest, box.end(2));
            assertThat(box.shape()).isEqualTo(cut);
        }
        assertThat(lowest).isEqualTo(-2); // (20 - 16) / 2: the patch in the middle then starts at 0
        assertThat(highest).isEqualTo(22 + 2);
    }

    @Test
    void aVolumeSmallerThanThePatchIsPaddedOnBothSides() {
        Shape large = Shape.cube(31);
        Sampler sampler = sampler(1, 0.5, large);
        for (Box box : boxes(sampler, store.get("ball_0"), 50)) {
            assertThat(box.z0()).isBetween(-7, -6); // 31 - 18 = 13 voxels of padding
            assertThat(box.end(0)).isBetween(24, 25);
        }
    }

    @Test
    void noCasesAreRefused() {
        assertThatThrownBy(() -> new Sampler(List.of(), 1, 0.5, TinyData.PATCH, TinyData.PATCH))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no training case");
    }

    private static Sampler sampler(long seed, double share, Shape patch) {
        return new Sampler(store.ids(), seed, share, patch, patch);
    }

    private static List<Box> boxes(Sampler sampler, PreparedCase prepared, int count) {
        return LongStream.range(0, count)
                .mapToObj(sample -> sampler.box(sample, prepared))
                .toList();
    }
}
