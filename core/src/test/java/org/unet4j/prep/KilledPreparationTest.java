package org.unet4j.prep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.StandStill;
import org.unet4j.io.Dataset;
import org.unet4j.io.Progress;

/**
 * Processes that prepare are killed at random moments. What they leave is whole, the next one goes on from there, and the
 * store of the one that is let live has the bytes of one that was never disturbed.
 */
class KilledPreparationTest {

    private static final int CASES = 30;

    /** How many cases a kill leaves to the next process at most: each has nearly as much to do as the first. */
    private static final int MOST_LEFT = 3;

    /** So many cases more than it is let live for a process does at most: on a busy machine it would be done before it is killed. */
    private static final int MOST_MORE = 4;

    private static final int EVER = 1_000_000;

    @TempDir
    Path temporary;

    private Path data;
    private Path store;
    private Dataset dataset;

    /** Prepares, once it has said that it begins, and stands still after as many cases as it is told. */
    static final class Prepare {
        public static void main(String[] arguments) throws IOException {
            Dataset dataset = Worlds.written(Path.of(arguments[0]), CASES);
            AtomicInteger left = new AtomicInteger(Integer.parseInt(arguments[2]));
            System.out.println("ready");
            Store.prepare(dataset, Worlds.plan(), Path.of(arguments[1]), 2, (what, done, total) -> {
                System.out.println(done);
                if (left.decrementAndGet() <= 0) {
                    StandStill.untilKilled();
                }
            });
        }
    }

    private void writeDataset(int edge) throws IOException {
        data = temporary.resolve("data");
        store = temporary.resolve("store");
        for (int i = 0; i < CASES; i++) {
            Worlds.writeCase(data, i, edge + i % 3);
        }
        dataset = Worlds.written(data, CASES);
    }

    @Test
    void twoKillsLeaveNoTrace() throws Exception {
        writeDataset(48);
        kill(2, 1);
    }

    @Test
    @Tag("slow")
    void twentyKillsLeaveNoTrace() throws Exception {
        writeDataset(64);
        Kills kills = kill(20, 2);
        System.out.println(kills + " of 20");
        assertThat(kills.amongCases).isGreaterThan(10);
    }

    /**
     * Where kills met a process.
     *
     * @param amongCases some cases were done, and others were not
     * @param inACase a case was half written under its temporary name
     */
    private record Kills(int amongCases, int inACase) {}

    /**
     * Kills so many processes, each at a moment at random between its first case's beginning and its end: after some cases, and
     * then a part of the time that a case takes. Time alone would say little about where a process is: others run beside it.
     */
    private Kills kill(int times, long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        Path undisturbed = temporary.resolve("undisturbed");
        long nanosACase = prepareUntil(EVER, 0, undisturbed) / CASES;
        int amongCases = 0;
        int inACase = 0;
        for (int i = 0; i < times; i++) {
            int before = cases().size();
            prepareUntil(random.nextInt(CASES - MOST_LEFT), random.nextLong(2 * nanosACase), store);
            List<Path> cases = cases();
            for (Path file : cases) {
                PreparedCase.open("killed", file).verify();
            }
            amongCases += cases.size() > before && cases.size() < CASES ? 1 : 0;
            inACase += Files.exists(store) && names(store).stream().anyMatch(name -> name.endsWith(".part")) ? 1 : 0;
            for (int done = cases.size(); done > MOST_LEFT; done--) {
                Files.delete(cases.get(done - 1));
                Files.deleteIfExists(store.resolve("store.yaml"));
            }
        }
        Store resumed = Store.prepare(dataset, Worlds.plan(), store, 2, Progress.silent());
        assertThat(resumed.ids()).hasSize(CASES);
        assertThat(names(store)).isEqualTo(names(undisturbed));
        for (String name : names(store)) {
            assertThat(store.resolve(name)).hasSameBinaryContentAs(undisturbed.resolve(name));
        }
        return new Kills(amongCases, inACase);
    }

    /** Returns how long the process took that was killed {@code nanos} after so many cases, unless it was done before. */
    private long prepareUntil(int done, long nanos, Path target) throws Exception {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Prepare.class.getName(),
                        data.toString(),
                        target.toString(),
                        Integer.toString(done + MOST_MORE)))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(out.readLine()).isEqualTo("ready");
            long start = System.nanoTime();
            String line = "";
            for (int heard = 0; heard < done && line != null; heard++) {
                line = out.readLine();
            }
            process.waitFor(nanos, TimeUnit.NANOSECONDS);
            process.destroyForcibly().waitFor();
            return System.nanoTime() - start;
        }
    }

    private List<Path> cases() throws IOException {
        return Files.exists(store)
                ? names(store).stream()
                        .filter(name -> name.endsWith(".case"))
                        .map(store::resolve)
                        .toList()
                : List.of();
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
