package org.unet4j.prep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.io.Progress;

/** As many cases at a time as the heap allows; what fails is named. */
class CasePoolTest {

    @TempDir
    Path temporary;

    private StoreWorld world;

    @BeforeEach
    void write() throws IOException {
        world = new StoreWorld(temporary);
    }

    @Test
    void nothingIsTriedOnceNothingCanBeWritten() {
        assertThatThrownBy(() -> new CasePool("testing", 1, Progress.silent())
                        .map(world.dataset.training(), c -> 1, c -> {
                            throw new UncheckedIOException(new IOException("No space left on device"));
                        }))
                .isInstanceOf(IOException.class)
                .hasMessage("No space left on device");
    }

    @Test
    void aSmallHeapWorksOnOneCaseAtATime() throws IOException {
        assertThat(twoAtATime(4 << 20, 20)).isFalse();
    }

    @Test
    void aLargeHeapWorksOnSeveral() throws IOException {
        assertThat(twoAtATime(64 << 20, 60_000)).isTrue();
    }

    /** Returns whether two cases of 3 MiB met within the time that the first waits for another. */
    private boolean twoAtATime(long heapBytes, long waitMillis) throws IOException {
        AtomicInteger running = new AtomicInteger();
        CountDownLatch met = new CountDownLatch(1);
        List<String> ids = new CasePool("testing", 4, Progress.silent(), heapBytes)
                .map(world.dataset.training(), c -> 3L << 20, c -> {
                    if (running.incrementAndGet() > 1) {
                        met.countDown();
                    }
                    try {
                        met.await(waitMillis, TimeUnit.MILLISECONDS);
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                    running.decrementAndGet();
                    return c.id();
                });
        assertThat(ids).containsExactlyElementsOf(world.dataset.trainingIds());
        return met.getCount() == 0;
    }

    @Test
    void aCaseThatNeedsMoreThanTheHeapIsNamedWithTheRemedy() {
        assertThatThrownBy(() -> new CasePool("testing", 2, Progress.silent())
                        .map(world.dataset.training(), c -> 1, c -> {
                            if (c.id().equals("case_2")) {
                                throw new OutOfMemoryError("Java heap space");
                            }
                            return c;
                        }))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("1 of 4 failed")
                .hasMessageContaining("[case_2] does not fit into Java's heap")
                .hasMessageContaining("-Xmx");
    }

    /** What is judged from headers may be too little: then a case gets the whole heap once. */
    @Test
    void aCaseThatDidNotFitBesideOthersIsTriedAlone() throws IOException {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger tries = new AtomicInteger();
        List<String> ids = new CasePool("testing", 4, Progress.silent(), 64 << 20)
                .map(world.dataset.training(), c -> 3L << 20, c -> {
                    int beside = running.incrementAndGet();
                    try {
                        if (c.id().equals("case_1") && tries.incrementAndGet() == 1) {
                            throw new IOException("no room", new OutOfMemoryError("Java heap space"));
                        }
                        assertThat(c.id().equals("case_1") ? beside : 1).isEqualTo(1);
                        return c.id();
                    } finally {
                        running.decrementAndGet();
                    }
                });
        assertThat(ids).containsExactlyElementsOf(world.dataset.trainingIds());
        assertThat(tries).hasValue(2);
    }

    @Test
    void aBugIsNotTakenForABadCase() {
        assertThatThrownBy(() -> new CasePool("testing", 2, Progress.silent())
                        .map(world.dataset.training(), c -> 1, c -> new TreeMap<String, String>().firstKey()))
                .isInstanceOf(NoSuchElementException.class);
    }
}
