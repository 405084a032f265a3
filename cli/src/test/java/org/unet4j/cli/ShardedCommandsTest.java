package org.unet4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.infer.Manifest;

/** Two processes at the same time, each with its shard, leave what one process leaves. */
class ShardedCommandsTest {

    private static final int SHARDS = 2;

    @TempDir
    static Path folder;

    @BeforeAll
    static void prepare() throws IOException, InterruptedException {
        TinyPhantoms.prepare(folder);
        Files.writeString(folder.resolve("config.yaml"), "steps: 2\nvalidation: {every: 0}\n");
        one("train ct --model unet --fold all --plan small.yaml --config config.yaml --out run".split(" "));
    }

    private static void one(String... arguments) throws IOException, InterruptedException {
        Path out = folder.resolve("out.txt");
        Path err = folder.resolve("err.txt");
        int code = EndToEndTest.start(folder, out, err, Main.class, arguments).waitFor();
        assertThat(code).as("%s", Files.readString(err)).isEqualTo(Main.DONE);
    }

    /** Runs the command in one process for each shard, all at once; {@code #} is the shard's number. */
    private void shards(String... arguments) throws IOException, InterruptedException {
        List<Process> processes = new ArrayList<>();
        for (int index = 1; index <= SHARDS; index++) {
            String number = Integer.toString(index);
            String[] own = Stream.concat(
                            Stream.of(arguments).map(argument -> argument.replace("#", number)),
                            Stream.of("--shard", index + "/" + SHARDS))
                    .toArray(String[]::new);
            processes.add(EndToEndTest.start(
                    folder, folder.resolve("out" + index), folder.resolve("err" + index), Main.class, own));
        }
        for (int index = 1; index <= SHARDS; index++) {
            assertThat(processes.get(index - 1).waitFor())
                    .as("%s", Files.readString(folder.resolve("err" + index)))
                    .isEqualTo(Main.DONE);
        }
    }

    private static List<Path> files(String name) throws IOException {
        try (Stream<Path> list = Files.list(folder.resolve(name))) {
            return list.sorted().toList();
        }
    }

    private static void requireSameFiles(String some, String others) throws IOException {
        assertThat(files(some))
                .extracting(file -> file.getFileName().toString())
                .containsExactlyElementsOf(files(others).stream()
                        .map(file -> file.getFileName().toString())
                        .toList());
        for (Path file : files(some)) {
            assertThat(file)
                    .hasSameBinaryContentAs(
                            folder.resolve(others).resolve(file.getFileName().toString()));
        }
    }

    private static SortedMap<String, FileTime> times(String name) throws IOException {
        SortedMap<String, FileTime> times = new TreeMap<>();
        for (Path file : files(name)) {
            if (file.toString().endsWith(".case")) {
                times.put(file.getFileName().toString(), Files.getLastModifiedTime(file));
            }
        }
        return times;
    }

    @Test
    void aDatasetIsPrepared() throws IOException, InterruptedException {
        one("prepare", "ct", "--budget", "compact", "--out", "whole");
        shards("prepare", "ct", "--budget", "compact", "--out", "shared");
        assertThat(folder.resolve("out1")).content().contains("shard 1/2: prepared 3 cases");
        assertThat(folder.resolve("out2")).content().contains("shard 2/2: prepared 2 cases");
        SortedMap<String, FileTime> before = times("shared");
        assertThat(before).hasSize(5);
        one("prepare", "ct", "--out", "shared");
        assertThat(folder.resolve("err.txt")).content().doesNotContain("preparing cases", "reading cases");
        assertThat(times("shared")).isEqualTo(before);
        requireSameFiles("shared", "whole");
    }

    @Test
    void scansAreSegmentedAndScored() throws IOException, InterruptedException {
        one("predict", "run", "ct/imagesTr", "--out", "labels");
        shards("predict", "run", "ct/imagesTr", "--out", "shared-labels");
        for (String out : List.of("labels", "shared-labels")) { // times differ
            assertThat(Manifest.read(folder.resolve(out + "/manifest.json")).labels())
                    .hasSize(5);
            for (Path file : files(out)) {
                if (file.getFileName().toString().endsWith(".json")) {
                    Files.delete(file);
                }
            }
        }
        requireSameFiles("shared-labels", "labels");

        one("evaluate", "labels", "ct/labelsTr", "--json", "whole.json", "--csv", "whole.csv");
        String told = Files.readString(folder.resolve("out.txt"));
        shards("evaluate", "shared-labels", "ct/labelsTr", "--json", "shard-#.json");
        one("evaluate", "--gather", "shard-1.json", "shard-2.json", "--json", "gathered.json", "--csv", "gathered.csv");
        assertThat(folder.resolve("out.txt")).content().isEqualTo(told).contains("mean of 5 cases: Dice");
        for (String ending : List.of(".json", ".csv")) {
            assertThat(folder.resolve("gathered" + ending)).hasSameBinaryContentAs(folder.resolve("whole" + ending));
        }
    }

    /** Starts the same command in two processes and returns their exit codes. */
    private static List<Integer> twice(String... arguments) throws IOException, InterruptedException {
        List<Process> processes = new ArrayList<>();
        for (int index = 1; index <= 2; index++) {
            Path out = folder.resolve("out" + index);
            processes.add(EndToEndTest.start(folder, out, folder.resolve("err" + index), Main.class, arguments));
        }
        return List.of(processes.get(0).waitFor(), processes.get(1).waitFor());
    }

    private static void requireAllFiveAndNothingElse(String labels) throws IOException {
        assertThat(Manifest.read(folder.resolve(labels + "/manifest.json")).labels())
                .hasSize(5);
        assertThat(files(labels))
                .hasSize(5 * 3 + 1)
                .noneMatch(file -> file.getFileName().toString().startsWith("."));
    }

    @Test
    void twoProcessesThatAreGivenTheSameScansShareThemWhereTheySkip() throws IOException, InterruptedException {
        assertThat(twice("predict", "run", "ct/imagesTr", "--out", "both", "--existing", "skip"))
                .containsOnly(Main.DONE);
        List<String> written = new ArrayList<>(Files.readAllLines(folder.resolve("out1")));
        written.addAll(Files.readAllLines(folder.resolve("out2")));
        assertThat(written).hasSize(5).doesNotHaveDuplicates();
        requireAllFiveAndNothingElse("both");
    }

    @Test
    void ofTwoProcessesThatAreGivenTheSameScansOneDoesAllAndTheOtherSaysSo() throws IOException, InterruptedException {
        List<Integer> codes = twice("predict", "run", "ct/imagesTr", "--out", "one");
        assertThat(codes).containsExactlyInAnyOrder(Main.DONE, Main.FAILED);
        int done = codes.indexOf(Main.DONE) + 1;
        assertThat(Files.readAllLines(folder.resolve("out" + done))).hasSize(5);
        assertThat(folder.resolve("err" + (3 - done)))
                .content()
                .containsAnyOf("by another process", "is there already");
        requireAllFiveAndNothingElse("one");
    }
}
