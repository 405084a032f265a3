package org.unet4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.io.Dataset;
import org.unet4j.io.Split;
import org.unet4j.prep.Store;
import org.unet4j.torch.Device;
import org.unet4j.torch.Scope;

/** The naive path is slower and nothing else. */
class NaivePathTest {

    /** Half the distance of two neighbours in half precision, in which a store may keep what it holds. */
    private static final double HALF_PRECISION = 0x1p-11;

    private static final int PARTS = 6;

    @TempDir
    static Path folder;

    private static Dataset dataset;
    private static Store store;

    @BeforeAll
    static void prepare() throws IOException {
        store = TinyData.store(folder);
        dataset = TinyData.dataset(folder);
    }

    @Test
    void bothPathsGiveTheSameImageLabelsAndSeedForTheSameSample() throws IOException {
        Job job = job(TinyData.config(1), "unused");
        BatchCutter offline = new BatchCutter(job.store(), job.sampler());
        BatchCutter naive = new BatchCutter(NaivePath.cases(dataset, job.plan()), job.sampler());
        assertThat(LongStream.range(0, PARTS * 2).filter(job.sampler()::aroundForeground))
                .isNotEmpty();
        try (Scope scope = new Scope()) {
            List<HostBatch> slots = HostBatch.allocate(2, 2, 1, 3, job.cut(), Optional.empty());
            HostBatch prepared = slots.get(0);
            HostBatch fresh = slots.get(1);
            for (long part = 0; part < PARTS; part++) {
                offline.fill(prepared, part);
                naive.fill(fresh, part);
                assertThat(fresh.target()).isEqualTo(prepared.target());
                assertThat(fresh.seeds()).isEqualTo(prepared.seeds());
                for (int i = 0; i < prepared.image().capacity(); i++) {
                    float voxel = fresh.image().get(i);
                    assertThat((double) prepared.image().get(i))
                            .isCloseTo(voxel, within(HALF_PRECISION * Math.max(1, Math.abs(voxel))));
                }
            }
        }
    }

    @Test
    void bothPathsLearnTheSame() throws IOException {
        TrainConfig config = TinyData.config(4);
        Split split = TinyData.split();
        Path naive = folder.resolve("naive");
        Path offline = folder.resolve("offline");
        TrainResult slow = NaivePath.train(
                config, dataset, store, split, naive, Device.cpu(), TrainListener.silent(), () -> false);
        TrainResult fast = Trainer.train(
                TrainRequest.of(config, store, split, offline, Device.cpu(), TrainListener.silent(), () -> false));
        assertThat(slow.loss()).isCloseTo(fast.loss(), Percentage.withPercentage(1)); // the store may round
        assertThat(slow.waitShare()).isPositive();
    }

    @Test
    void oneSlotIsTakenAndGivenBackInTurn() throws IOException {
        try (Inline<long[]> feed = new Inline<>(new long[1], (slot, item) -> slot[0] = item, 5)) {
            for (long item = 5; item < 8; item++) {
                assertThat(feed.take()).containsExactly(item);
                feed.release();
            }
            assertThat(feed.waitedNanos()).isPositive();
        }
    }

    private static Job job(TrainConfig config, String run) {
        return new Job(
                config,
                store,
                TinyData.split(),
                new RunFolder(folder.resolve(run)),
                Device.cpu(),
                TrainListener.silent(),
                () -> false);
    }
}
