package org.unet4j.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.prep.Store;
import org.unet4j.torch.Seeds;

/** Processes that are killed without warning, as kill -9, the kernel's killer and a power cut do it. */
class KilledRunTest {

    /** A process that is killed does so many steps at most; it is killed some milliseconds after one of them. */
    private static final int MOST_STEPS = 6;

    private static final int MOST_MILLIS = 60;

    @TempDir
    static Path data;

    private static Store store;

    @TempDir
    Path out;

    @BeforeAll
    static void prepare() throws IOException {
        store = TinyData.store(data);
    }

    @Test
    void aRunKilledThreeTimesEqualsAnUndisturbedOneBitForBit() throws Exception {
        killAndCompare(3, 1);
    }

    @Test
    @Tag("slow")
    void aRunKilledTwentyTimesEqualsAnUndisturbedOneBitForBit() throws Exception {
        killAndCompare(20, 2);
    }

    private void killAndCompare(int kills, long seed) throws Exception {
        int steps = kills * MOST_STEPS + MOST_STEPS;
        RunFolder whole = new RunFolder(out.resolve("whole"));
        assertThat(TinyProcess.command(store, whole.path(), steps).start().waitFor())
                .isZero();
        RunFolder killed = new RunFolder(out.resolve("killed"));
        RandomGenerator random = Seeds.random(seed);
        for (int i = 0; i < kills; i++) {
            kill(killed, steps, random.nextInt(MOST_STEPS), random.nextInt(MOST_MILLIS));
            assertThat(killed.finished()).isFalse();
        }
        assertThat(TinyProcess.command(store, killed.path(), steps).start().waitFor())
                .isZero();
        TinyRuns.assertEqual(whole.path(), killed.path());
        assertThat(killed.validation()).hasSameBinaryContentAs(whole.validation());
        try (Stream<Path> files = Files.list(killed.path())) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .noneMatch(name -> name.endsWith(".tmp") || name.contains("next") || name.contains("damaged"));
        }
    }

    /** Lets a process do a number of steps and live for a while after them, and kills it. */
    private static void kill(RunFolder run, int steps, int done, int millis) throws Exception {
        Process process =
                TinyProcess.command(store, run.path(), steps, MOST_STEPS).start();
        try (BufferedReader lines = process.inputReader()) {
            for (int i = 0; i < done; i++) {
                assertThat(lines.readLine()).isNotNull();
            }
            assertThat(process.waitFor(millis, TimeUnit.MILLISECONDS)).isFalse();
        } finally {
            process.destroyForcibly(); // SIGKILL.
        }
        assertThat(process.waitFor()).isNotZero();
    }
}
