package org.unet4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrefetcherTest {

    @ParameterizedTest
    @CsvSource({"1, 2", "3, 2", "4, 7"})
    void itemsComeInOrderForAnyNumberOfThreadsAndSlots(int threads, int depth) throws IOException {
        List<Long> taken = new ArrayList<>();
        try (Prefetcher<long[]> prefetcher =
                Prefetcher.start(slots(depth), (slot, item) -> slot[0] = item, 5, 505, threads)) {
            for (int i = 0; i < 500; i++) {
                taken.add(prefetcher.take()[0]);
                prefetcher.release();
            }
        }
        assertThat(taken).isEqualTo(LongStream.range(5, 505).boxed().toList());
    }

    @Test
    void aSlotIsNotFilledAgainBeforeItIsReleased() throws Exception {
        AtomicLong highest = new AtomicLong();
        CountDownLatch allFilled = new CountDownLatch(3);
        Prefetcher.Filler<long[]> filler = (slot, item) -> {
            slot[0] = item;
            highest.accumulateAndGet(item, Math::max);
            allFilled.countDown();
        };
        try (Prefetcher<long[]> prefetcher = Prefetcher.start(slots(3), filler, 0, 100, 2)) {
            long[] first = prefetcher.take();
            assertThat(allFilled.await(5, TimeUnit.MINUTES)).isTrue();
            assertThat(prefetcher.take()[0]).isEqualTo(1);
            assertThat(prefetcher.take()[0]).isEqualTo(2);
            assertThat(first[0]).isZero(); // item 3 would have gone here
            assertThat(highest).hasValue(2);
        }
    }

    @Test
    void aFailureReachesTheTaker() {
        Prefetcher.Filler<long[]> filler = (slot, item) -> {
            if (item == 2) {
                throw new IOException("case hippocampus_003: checksum");
            }
        };
        try (Prefetcher<long[]> prefetcher = Prefetcher.start(slots(2), filler, 0, 10, 2)) {
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 10; i++) {
                            prefetcher.take();
                            prefetcher.release();
                        }
                    })
                    .isInstanceOf(IOException.class)
                    .hasMessage("case hippocampus_003: checksum");
        }
    }

    @Test
    void anErrorReachesTheTakerToo() {
        Prefetcher.Filler<long[]> filler = (slot, item) -> {
            throw new OutOfMemoryError("pretended");
        };
        try (Prefetcher<long[]> prefetcher = Prefetcher.start(slots(2), filler, 0, 10, 2)) {
            assertThatThrownBy(prefetcher::take).isInstanceOf(OutOfMemoryError.class);
        }
    }

    @Test
    void closingWaitsForAThreadThatStillWrites() throws Exception {
        CountDownLatch writing = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        AtomicLong ended = new AtomicLong();
        Prefetcher<long[]> prefetcher = Prefetcher.start(
                slots(2),
                (slot, item) -> {
                    writing.countDown();
                    try {
                        mayEnd.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    ended.incrementAndGet();
                },
                0,
                1,
                1);
        assertThat(writing.await(5, TimeUnit.MINUTES)).isTrue();
        Thread.currentThread().interrupt(); // an interrupt must not cut the wait short
        mayEnd.countDown();
        prefetcher.close();
        assertThat(ended).hasValue(1);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void releasingWhatWasNotTakenIsRefused() {
        try (Prefetcher<long[]> prefetcher = Prefetcher.start(slots(2), (slot, item) -> {}, 0, 10, 1)) {
            assertThatThrownBy(prefetcher::release)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("no slot");
        }
    }

    @Test
    void takingAfterCloseDoesNotHang() {
        Prefetcher<long[]> prefetcher = Prefetcher.start(slots(2), (slot, item) -> {}, 0, 0, 1);
        prefetcher.close();
        assertThatThrownBy(prefetcher::take)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    private static List<long[]> slots(int count) {
        return IntStream.range(0, count).mapToObj(i -> new long[1]).toList();
    }
}
