package org.unet4j.prep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.io.Dataset;
import org.unet4j.io.FolderLock;
import org.unet4j.io.Progress;
import org.unet4j.io.Shard;
import org.unet4j.volume.Spacing;

/** Processes that prepare shares of one dataset leave what one process leaves. */
class ShardedPreparationTest {

    private static final Plan PLAN = Worlds.plan();
    private static final int CASES = 9;

    @TempDir
    Path temporary;

    private Path data;
    private Path store;
    private Dataset dataset;

    @BeforeEach
    void writeDataset() throws IOException {
        data = temporary.resolve("data");
        store = temporary.resolve("store");
        dataset = Worlds.dataset(data, CASES);
    }

    private int shard(int index, int count) throws IOException {
        return Prepare.by(new Shard(index, count), PLAN, dataset, store, 2, Progress.silent());
    }

    /** Finishes the store, which reads and prepares no case. */
    private void finish() throws IOException {
        List<String> work = Collections.synchronizedList(new ArrayList<>());
        Prepare.by(PLAN, dataset, store, 2, (what, done, total) -> work.add(what));
        assertThat(work).isEmpty();
    }

    private static SortedMap<String, Integer> files(Path folder) throws IOException {
        SortedMap<String, Integer> files = new TreeMap<>();
        try (Stream<Path> list = Files.list(folder)) {
            for (Path file : list.toList()) {
                files.put(file.getFileName().toString(), Arrays.hashCode(Files.readAllBytes(file)));
            }
        }
        return files;
    }

    private void requireStoreOfOneProcess() throws IOException {
        Path one = temporary.resolve("one");
        Prepare.by(PLAN, dataset, one, 1, Progress.silent());
        Files.deleteIfExists(
                one.resolve(Prepare.FINGERPRINT)); // Nobody looked at all cases where a plan was given to shards.
        assertThat(files(store)).isEqualTo(files(one));
    }

    @Test
    void shardsOneAfterAnotherAreTheWhole() throws IOException {
        assertThat(shard(3, 4)).isEqualTo(2);
        assertThat(shard(1, 4)).isEqualTo(3);
        assertThat(shard(1, 4)).as("repeated").isZero();
        assertThat(shard(2, 4)).isEqualTo(2);
        assertThatThrownBy(() -> Store.open(store)).hasMessageContaining("holds no finished store");
        Files.delete(store.resolve("case_2.case")); // of the third, which was killed and is started again
        assertThat(shard(3, 4)).isEqualTo(1);
        assertThat(shard(4, 4)).isEqualTo(2);
        assertThat(shard(20, 20)).as("more shards than cases").isZero();
        finish();
        requireStoreOfOneProcess();
        assertThat(shard(2, 4)).as("after the end").isZero();
        requireStoreOfOneProcess();
    }

    @Test
    void thePlanIsDerivedByWhoeverComesFirst() throws IOException {
        for (int index : new int[] {2, 1}) {
            Prepare.planned(new Shard(index, 2), dataset, Budget.COMPACT, store, 2, Progress.silent());
        }
        List<String> work = Collections.synchronizedList(new ArrayList<>());
        Prepare.by(Store.planIn(store).orElseThrow(), dataset, store, 2, (what, done, total) -> work.add(what));
        assertThat(work).isEmpty();
        Path one = temporary.resolve("one");
        Prepare.planned(dataset, Budget.COMPACT, one, 2, Progress.silent());
        assertThat(files(store)).isEqualTo(files(one)).containsKey(Prepare.FINGERPRINT);
    }

    /** Prepares a shard once it is told to, when all processes are there. */
    static final class OneShard {
        public static void main(String[] arguments) throws IOException {
            Dataset dataset = Worlds.written(Path.of(arguments[0]), CASES);
            System.out.println("ready");
            System.out.flush();
            System.in.read();
            Prepare.by(Shard.parse(arguments[2]), PLAN, dataset, Path.of(arguments[1]), 2, (what, done, total) -> {});
        }
    }

    @Test
    void processesAtTheSameTimeAreTheWholeThoughOneIsThereTwice() throws Exception {
        List<Process> processes = new ArrayList<>();
        for (String shard : List.of("1/2", "2/2", "1/2")) {
            processes.add(new ProcessBuilder(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx256m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            OneShard.class.getName(),
                            data.toString(),
                            store.toString(),
                            shard))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
        }
        for (Process process : processes) {
            assertThat(process.getInputStream().read()).isPositive();
        }
        for (Process process : processes) {
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
        }
        for (Process process : processes) {
            assertThat(process.waitFor()).isZero();
        }
        finish();
        requireStoreOfOneProcess();
    }

    @Test
    void whatKilledShardsLeaveIsRemovedByTheLastPreparationOnly() throws IOException {
        shard(1, 2);
        Path half = store.resolve("case_1.case.01234567-0123-4567-89ab-0123456789ab.part");
        Files.writeString(half, "half a case");
        shard(2, 2);
        assertThat(half).exists();
        finish();
        assertThat(half).doesNotExist();
        requireStoreOfOneProcess();
    }

    @Test
    void theWholeAndAShardKeepOutOfEachOthersWay() throws IOException {
        try (FolderLock lock = FolderLock.takeShared(store, "prepared")) {
            assertThat(lock).isNotNull();
            assertThatThrownBy(() -> Store.prepare(dataset, PLAN, store, 2, Progress.silent()))
                    .hasMessageContaining("is being prepared by another process");
        }
        try (FolderLock lock = FolderLock.take(store, "prepared")) {
            assertThat(lock).isNotNull();
            assertThatThrownBy(() -> shard(1, 2)).hasMessageContaining("is being prepared by another process");
        }
    }

    @Test
    void aShardOfAnotherPlanIsRefusedAndReplacesNothing() throws IOException {
        shard(1, 2);
        SortedMap<String, Integer> before = files(store);
        Plan other = Worlds.plan(new Spacing(2, 2, 2), CropRule.NON_ZERO, new Normalization.ZScore());
        assertThatThrownBy(() -> Prepare.by(new Shard(2, 2), other, dataset, store, 2, Progress.silent()))
                .hasMessageContaining("plan.yaml] prepares cases otherwise than the plan of this shard");
        assertThat(files(store)).isEqualTo(before);
        Prepare.by(new Shard(2, 2), PLAN.withBatch(7), dataset, store, 2, Progress.silent());
        finish();
        requireStoreOfOneProcess();
    }

    @Test
    void aFolderOfSomebodyElseIsLeftAlone() throws IOException {
        Files.createDirectories(store);
        Files.writeString(store.resolve("case_1.case"), "evidence");
        assertThatThrownBy(() -> shard(2, 2)).hasMessageContaining("is not empty and holds no prepared cases");
        assertThat(store).isDirectoryContaining("glob:**/case_1.case").isDirectoryNotContaining("glob:**/plan.yaml");
    }

    @Test
    void problemsOfTheShareAreToldBeforeAnythingIsPreparedAndOthersAreNot() throws IOException {
        Files.write(dataset.training().get(1).images().get(0), new byte[] {1, 2, 3});
        Files.write(dataset.training().get(3).labels().orElseThrow(), new byte[0]);
        assertThat(shard(1, 2)).isEqualTo(5);
        assertThatThrownBy(() -> shard(2, 2))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("2 problems")
                .hasMessageContaining("case_1.nii.gz")
                .hasMessageContaining("case_3.nii.gz");
        assertThat(store.resolve("case_5.case")).doesNotExist();
    }
}
