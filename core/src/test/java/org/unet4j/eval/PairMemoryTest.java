package org.unet4j.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.io.Nifti;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;

class PairMemoryTest {

    private static final long MIB = 1 << 20;

    @TempDir
    Path folder;

    private LabelPairs.Pair pair(String name, int side) throws IOException {
        Path file = folder.resolve(name);
        Grid grid = Grid.of(Shape.cube(side), new Spacing(1, 1, 1));
        Nifti.write(file, new Labels(grid, new byte[side * side * side]));
        return new LabelPairs.Pair(file, file);
    }

    /** 128^3 is 2 MiB of voxels: two label maps of a byte each and five bytes to measure are 14 MiB. */
    @Test
    void asManyAreComparedAtATimeAsTheHeapHolds() throws Exception {
        LabelPairs.Pair large = pair("large.nii.gz", 128);
        List<LabelPairs.Pair> four = Collections.nCopies(4, large);
        assertThat(PairMemory.mib(large)).isEqualTo(15);
        assertThat(new PairMemory(100 * MIB).atOnce(four, 4)).isEqualTo(4);
        assertThat(new PairMemory(100 * MIB).atOnce(four.subList(0, 1), 4)).isEqualTo(1);
        assertThat(new PairMemory(31 * MIB).atOnce(four, 4)).isEqualTo(2);
        assertThat(new PairMemory(3 * MIB).atOnce(four, 4))
                .as("larger than the heap")
                .isEqualTo(1);
        assertThat(new PairMemory(MIB).atOnce(List.of(), 4)).isEqualTo(1);
    }

    @Test
    void aLargePairWaitsUntilThereIsRoomAndASmallOneDoesNot() throws Exception {
        LabelPairs.Pair large = pair("large.nii.gz", 128);
        LabelPairs.Pair small = pair("small.nii.gz", 4);
        PairMemory memory = new PairMemory(20 * MIB);
        AtomicInteger largeOnes = new AtomicInteger();
        CountDownLatch largeCame = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        PairMemory.Work<Integer> work = given -> {
            int beside = largeOnes.incrementAndGet();
            largeCame.countDown();
            await(mayEnd);
            largeOnes.decrementAndGet();
            return beside;
        };
        ExecutorService pool = Executors.newFixedThreadPool(3);
        try {
            List<Future<Integer>> done = new ArrayList<>();
            done.add(pool.submit(() -> memory.within(large, work)));
            largeCame.await();
            assertThat(pool.submit(() -> memory.within(small, given -> 1)).get(1, TimeUnit.MINUTES))
                    .as("a small one beside a large one")
                    .isEqualTo(1);
            done.add(pool.submit(() -> memory.within(large, work)));
            done.add(pool.submit(() -> memory.within(large, work)));
            mayEnd.countDown();
            for (Future<Integer> one : done) {
                assertThat(one.get(1, TimeUnit.MINUTES))
                        .as("never two large ones side by side")
                        .isEqualTo(1);
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
