package org.unet4j.prep;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.io.Case;
import org.unet4j.io.Dataset;
import org.unet4j.io.Problem;
import org.unet4j.io.Progress;
import org.unet4j.volume.Box;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;

class StoreTest {

    private static final Plan PLAN = Worlds.plan();

    @TempDir
    Path temporary;

    private Path folder;
    private Dataset dataset;

    @BeforeEach
    void writeDataset() throws IOException {
        folder = temporary.resolve("store");
        dataset = Worlds.dataset(temporary.resolve("data"), 4);
    }

    /** Returns how many cases were prepared. */
    private int prepare(Plan plan) throws IOException {
        List<Long> counts = new ArrayList<>();
        Progress progress = (what, done, total) -> {
            synchronized (counts) {
                counts.add(done);
            }
        };
        Store.prepare(dataset, plan, folder, 2, progress);
        return counts.size();
    }

    private List<String> files() throws IOException {
        try (Stream<Path> list = Files.list(folder)) {
            return list.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private Path caseFile(int number) {
        return folder.resolve("case_" + number + ".case");
    }

    @Test
    void aPreparedStoreHoldsEveryCase() throws IOException {
        assertThat(prepare(PLAN)).isEqualTo(4);
        Store store = Store.open(folder);
        assertThat(store.ids()).containsExactly("case_0", "case_1", "case_2", "case_3");
        assertThat(store.plan()).isEqualTo(PLAN);
        assertThat(store.folder()).isEqualTo(folder);
        assertThat(files())
                .containsExactly(
                        ".lock", "case_0.case", "case_1.case", "case_2.case", "case_3.case", "plan.yaml", "store.yaml");
        for (String id : store.ids()) {
            PreparedCase one = store.get(id);
            one.verify();
            assertThat(one.classesPresent()).containsExactly(1, 2);
            assertThat(store.get(id)).isSameAs(one);
        }
        assertThatThrownBy(() -> store.get("case_9")).hasMessageContaining("holds no case 'case_9'; it has 4 cases");
    }

    @Test
    void unchangedCasesAreKept() throws IOException {
        prepare(PLAN);
        assertThat(prepare(PLAN)).isZero();
        assertThat(prepare(PLAN.withBatch(7).withPatch(Shape.cube(16)))).isZero();
        assertThat(Store.open(folder).plan().batch()).isEqualTo(7);
    }

    @Test
    void aChangedCaseIsPreparedAgainAndNoOther() throws IOException {
        prepare(PLAN);
        Worlds.writeCase(temporary.resolve("data"), 2, 30);
        assertThat(prepare(PLAN)).isEqualTo(1);
        assertThat(Store.open(folder).get("case_2").shape()).isEqualTo(Shape.cube(30));
    }

    @Test
    void aChangedPlanPreparesAllAgain() throws IOException {
        prepare(PLAN);
        Plan coarse = Worlds.plan(new Spacing(2, 2, 2), CropRule.NON_ZERO, new Normalization.ZScore());
        assertThat(prepare(coarse)).isEqualTo(4);
        assertThat(Store.open(folder).get("case_0").shape()).isEqualTo(Shape.cube(8));
    }

    @Test
    void aPlanThatIsReplacedIsKept() throws IOException {
        prepare(PLAN);
        prepare(PLAN.withBatch(7));
        assertThat(Store.planIn(folder)).contains(PLAN.withBatch(7));
        assertThat(Plan.read(Store.kept(folder, PLAN))).isEqualTo(PLAN);
        prepare(PLAN.withBatch(7));
        assertThat(files()).filteredOn(name -> name.startsWith("plan")).hasSize(2);
    }

    @Test
    void aRemovedCaseLeavesTheStore() throws IOException {
        prepare(PLAN);
        dataset = with(dataset.training().subList(0, 3));
        assertThat(prepare(PLAN)).isZero();
        assertThat(Store.open(folder).ids()).containsExactly("case_0", "case_1", "case_2");
        assertThat(caseFile(3)).doesNotExist();
    }

    private Dataset with(List<Case> cases) {
        return new Dataset(
                dataset.name(), dataset.folder(), dataset.channelNames(), dataset.classes(), cases, List.of());
    }

    @Test
    void theNumberOfThreadsChangesNoByte() throws IOException {
        prepare(PLAN);
        byte[] two = Files.readAllBytes(caseFile(1));
        Path other = temporary.resolve("other");
        Store.prepare(dataset, PLAN, other, 1, Progress.silent());
        assertThat(Files.readAllBytes(other.resolve("case_1.case"))).isEqualTo(two);
    }

    /** What a kill can leave: finished cases, half a temporary file, no index. */
    @Test
    void afterAKillFinishedCasesAreKeptAndTheRestIsDone() throws IOException {
        prepare(PLAN);
        byte[] whole = Files.readAllBytes(caseFile(3));
        Files.move(caseFile(3), folder.resolve("case_3.case.part"));
        Files.write(folder.resolve("case_3.case.part"), Arrays.copyOf(whole, whole.length / 2));
        Files.writeString(folder.resolve(".plan.yaml.01234567-0123-4567-89ab-0123456789ab.tmp"), "half a pl");
        Files.delete(folder.resolve("store.yaml"));
        assertThatThrownBy(() -> Store.open(folder)).hasMessageContaining("holds no finished store");
        assertThat(prepare(PLAN)).isEqualTo(1);
        assertThat(files()).doesNotContain("case_3.case.part", ".plan.yaml.01234567-0123-4567-89ab-0123456789ab.tmp");
        assertThat(Files.readAllBytes(caseFile(3))).isEqualTo(whole);
    }

    @Test
    void aTemporaryFileIsNoCaseUntilItIsRenamed() throws IOException {
        prepare(PLAN);
        byte[] before = Files.readAllBytes(caseFile(0));
        PreparedScan scan = Preparation.apply(PLAN, dataset.training().get(0).readScan(), Optional.empty());
        CaseFormat format = new CaseFormat(1, new int[0], 1, 1, scan.recipe());
        CaseWriter.writeTemporary(folder.resolve("case_0.case.part"), format, scan, ForegroundLists.none());
        assertThat(Files.readAllBytes(caseFile(0))).isEqualTo(before);
        Store.open(folder).get("case_0").verify();
    }

    @Test
    void aCaseCutShortIsPreparedAgain() throws IOException {
        prepare(PLAN);
        byte[] whole = Files.readAllBytes(caseFile(1));
        Files.write(caseFile(1), Arrays.copyOf(whole, 100));
        assertThatThrownBy(() -> Store.open(folder).get("case_1"))
                .hasMessageContaining("case_1.case")
                .hasMessageContaining("run prepare again");
        assertThat(prepare(PLAN)).isEqualTo(1);
        assertThat(Files.readAllBytes(caseFile(1))).isEqualTo(whole);
    }

    @Test
    void failingCasesAreNamedTogetherAndTheOthersKept() throws IOException {
        Files.write(dataset.training().get(1).images().get(0), new byte[] {1, 2, 3});
        Files.delete(dataset.training().get(2).labels().orElseThrow());
        Files.write(dataset.training().get(2).labels().orElseThrow(), new byte[0]);
        assertThatThrownBy(() -> prepare(PLAN))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("2 of 4 failed")
                .hasMessageContaining("case_1")
                .hasMessageContaining("case_2");
        assertThat(files()).contains("case_0.case", "case_3.case").doesNotContain("store.yaml");
        Worlds.writeCase(temporary.resolve("data"), 1, 16);
        Worlds.writeCase(temporary.resolve("data"), 2, 16);
        assertThat(prepare(PLAN)).isEqualTo(2);
    }

    @Test
    void aFolderOfSomebodyElseIsLeftAlone() throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("thesis.txt"), "precious");
        assertThatThrownBy(() -> prepare(PLAN)).hasMessageContaining("is not empty and holds no prepared cases");
        assertThat(files()).containsExactly("thesis.txt");
        Files.move(folder.resolve("thesis.txt"), folder.resolve("ensight.case"));
        assertThatThrownBy(() -> prepare(PLAN)).hasMessageContaining("holds no prepared cases, but ensight.case");
        assertThat(files()).containsExactly("ensight.case");
        Path file = temporary.resolve("file");
        Files.writeString(file, "x");
        assertThatThrownBy(() -> Store.prepare(dataset, PLAN, file, 1, Progress.silent()))
                .hasMessageContaining("is a file; give a folder");
    }

    @Test
    void aStoreOfAnotherDatasetIsLeftAlone() throws IOException {
        prepare(PLAN);
        dataset = new Dataset(
                "liver", dataset.folder(), dataset.channelNames(), dataset.classes(), dataset.training(), List.of());
        assertThatThrownBy(() -> prepare(PLAN)).hasMessageContaining("holds the prepared dataset world, not liver");
    }

    @Test
    void aDatasetOfTheSameNameInAnotherFolderDoesNotReplaceTheCases() throws IOException {
        prepare(PLAN);
        List<String> before = files();
        Dataset first = dataset;
        dataset = Worlds.dataset(temporary.resolve("elsewhere"), 2);
        assertThatThrownBy(() -> prepare(PLAN))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("holds the prepared cases of a dataset world in another folder")
                .hasMessageContaining("elsewhere");
        assertThatThrownBy(() -> Prepare.planned(dataset, Budget.COMPACT, folder, 1, Progress.silent()))
                .hasMessageContaining("in another folder");
        assertThat(files()).isEqualTo(before);
        assertThat(Files.readString(folder.resolve("store.yaml"))).doesNotContain(temporary.toString());
        dataset = first;
        assertThat(prepare(PLAN)).isZero();
    }

    @Test
    void aDatasetThatWasMovedWithTheTimesOfItsFilesKeepsItsStore() throws IOException {
        prepare(PLAN);
        Files.move(temporary.resolve("data"), temporary.resolve("moved"));
        dataset = Worlds.written(temporary.resolve("moved"), 4);
        assertThat(Store.openIfCurrent(dataset, folder)).isPresent();
        assertThat(prepare(PLAN)).isZero();
    }

    @Test
    void aStoreWithoutOriginIsTakenAndGetsOne() throws IOException {
        prepare(PLAN);
        Path index = folder.resolve("store.yaml");
        String whole = Files.readString(index);
        String old = whole.lines().filter(line -> !line.startsWith("origin:")).collect(joining("\n", "", "\n"));
        assertThat(old).isNotEqualTo(whole);
        Files.writeString(index, old);
        assertThat(Store.openIfCurrent(dataset, folder)).isPresent();
        assertThat(prepare(PLAN)).isZero();
        assertThat(index).hasContent(whole);
    }

    /** What a trainer sees while another process prepares the store by another plan. */
    @Test
    void anOpenStoreStaysWhatItWas() throws IOException {
        prepare(PLAN);
        Store store = Store.open(folder);
        prepare(Worlds.plan(new Spacing(2, 2, 2), CropRule.NON_ZERO, new Normalization.ZScore()));
        PreparedCase one = store.get("case_0");
        assertThat(one.shape()).isEqualTo(Shape.cube(16));
        one.copyLabels(Box.all(one.shape()), ByteBuffer.allocate(16 * 16 * 16), 0);
        assertThatThrownBy(one::verify).hasMessageContaining("was prepared anew since it was opened");
    }

    @Test
    void aCaseOfAnotherPreparationThanTheIndexSaysIsRejected() throws IOException {
        prepare(PLAN);
        Path other = temporary.resolve("other");
        Plan coarse = Worlds.plan(new Spacing(2, 2, 2), CropRule.NON_ZERO, new Normalization.ZScore());
        Store.prepare(dataset, coarse, other, 1, Progress.silent());
        Files.copy(other.resolve("case_1.case"), caseFile(1), StandardCopyOption.REPLACE_EXISTING);
        assertThatThrownBy(() -> Store.open(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("case_1.case] was prepared by another plan or from other files");
        assertThat(Store.openIfCurrent(dataset, folder)).isEmpty();
        assertThat(prepare(PLAN)).isEqualTo(1);
        assertThat(Store.open(folder).get("case_1").shape()).isEqualTo(Shape.cube(17));
    }

    @Test
    void preparingAgainMendsWhatIsMissing() throws IOException {
        Prepare.planned(dataset, Budget.COMPACT, folder, 1, Progress.silent());
        Files.delete(caseFile(2));
        Files.write(caseFile(1), new byte[5]);
        Store mended = Prepare.planned(dataset, Budget.COMPACT, folder, 1, Progress.silent());
        mended.get("case_1").verify();
        mended.get("case_2").verify();
    }

    @Test
    void allProblemsAreToldBeforeAGivenPlanIsApplied() throws IOException {
        Prepare.by(PLAN, dataset, folder, 2, Progress.silent());
        List<String> heard = Collections.synchronizedList(new ArrayList<>());
        Prepare.by(PLAN, dataset, folder, 2, (what, done, total) -> heard.add(what));
        assertThat(heard).isEmpty();
        Files.write(dataset.training().get(1).images().get(0), new byte[] {1, 2, 3});
        Files.write(dataset.training().get(2).labels().orElseThrow(), new byte[0]);
        assertThatThrownBy(() -> Prepare.by(PLAN, dataset, folder, 2, (what, done, total) -> heard.add(what)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("2 problems")
                .hasMessageContaining("case_1.nii.gz")
                .hasMessageContaining("case_2.nii.gz");
        assertThat(heard).doesNotContain("preparing cases");
    }

    @Test
    void twoPreparationsDoNotMix() throws IOException {
        prepare(PLAN);
        try (FileChannel other = FileChannel.open(folder.resolve(".lock"), StandardOpenOption.WRITE)) {
            assertThat(other.tryLock()).isNotNull();
            assertThatThrownBy(() -> prepare(PLAN)).hasMessageContaining("is being prepared by another process");
        }
        assertThat(prepare(PLAN)).isZero();
    }

    @Test
    void anEditOfThePreparationInTheStoreIsNoticed() throws IOException {
        prepare(PLAN);
        Path plan = folder.resolve("plan.yaml");
        Files.writeString(plan, Files.readString(plan).replace("batch: 2", "batch: 3"));
        assertThat(Store.open(folder).plan().batch()).isEqualTo(3);
        Files.writeString(plan, Files.readString(plan).replace("crop: non_zero", "crop: none"));
        assertThatThrownBy(() -> Store.open(folder)).hasMessageContaining("was changed after the cases were prepared");
    }

    @Test
    void aCaseFileThatIsGoneIsNoticed() throws IOException {
        prepare(PLAN);
        PreparedCase opened = Store.open(folder).get("case_2");
        Files.delete(caseFile(2));
        assertThatThrownBy(opened::verify).hasMessageContaining("case_2.case] is missing from the store");
        assertThatThrownBy(() -> Store.open(folder)).hasMessageContaining("case_2.case");
        assertThat(prepare(PLAN)).isEqualTo(1);
    }

    @Test
    void aDatasetWithoutLabelledCasesIsRejected() {
        dataset = with(List.of());
        assertThatThrownBy(() -> prepare(PLAN)).hasMessageContaining("dataset world has no labelled case");
    }

    @Test
    void aDatasetWithMissingFilesIsRejectedBeforeAnythingIsPrepared() {
        Problem missing = new Problem(Path.of("imagesTr", "gone.nii.gz"), "does not exist");
        dataset = new Dataset(
                dataset.name(),
                dataset.folder(),
                dataset.channelNames(),
                dataset.classes(),
                dataset.training(),
                List.of(),
                List.of(missing));
        assertThatThrownBy(() -> prepare(PLAN))
                .hasMessageContaining("gone.nii.gz")
                .hasMessageContaining("1 problem");
        assertThat(folder).doesNotExist();
    }

    /** What Ctrl-C does: whoever waits is told, and no work goes on behind its back. */
    @Test
    void anInterruptedPreparationStopsItsWork() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> prepare(PLAN)).isInstanceOf(IOException.class).hasMessageContaining("was interrupted");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void nothingIsTriedOnceNothingCanBeWritten() {
        assertThatThrownBy(() -> new CasePool("testing", 1, Progress.silent()).map(dataset.training(), c -> 1, c -> {
                    throw new UncheckedIOException(new IOException("No space left on device"));
                }))
                .isInstanceOf(IOException.class)
                .hasMessage("No space left on device");
    }

    @Test
    void oneLookFindsTheFingerprintAndAllProblems() throws IOException {
        Survey survey = Survey.of(dataset, dataset.training(), 2, Progress.silent());
        assertThat(survey.problems()).isEmpty();
        Fingerprint fingerprint = survey.requireFingerprint();
        assertThat(fingerprint.cases().get(1).shape()).isEqualTo(Shape.cube(17));
        fingerprint.write(temporary.resolve("fingerprint.yaml"));
        assertThat(Fingerprint.read(temporary.resolve("fingerprint.yaml"))).isEqualTo(fingerprint);
        Files.write(dataset.training().get(0).images().get(0), new byte[9]);
        Files.write(dataset.training().get(3).labels().orElseThrow(), new byte[9]);
        assertThatThrownBy(() -> Fingerprint.of(dataset, dataset.training(), 2, Progress.silent()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("2 problems")
                .hasMessageContaining("case_0.nii.gz")
                .hasMessageContaining("case_3.nii.gz");
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
                .map(dataset.training(), c -> 3L << 20, c -> {
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
        assertThat(ids).containsExactlyElementsOf(dataset.trainingIds());
        return met.getCount() == 0;
    }

    @Test
    void aCaseThatNeedsMoreThanTheHeapIsNamedWithTheRemedy() {
        assertThatThrownBy(() -> new CasePool("testing", 2, Progress.silent()).map(dataset.training(), c -> 1, c -> {
                    if (c.id().equals("case_2")) {
                        throw new OutOfMemoryError("Java heap space");
                    }
                    return c;
                }))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("1 of 4 failed")
                .hasMessageContaining("[case_2] needs more than the heap")
                .hasMessageContaining("-Xmx");
    }

    @Test
    void aBugIsNotTakenForABadCase() {
        assertThatThrownBy(() -> new CasePool("testing", 2, Progress.silent())
                        .map(dataset.training(), c -> 1, c -> new TreeMap<String, String>().firstKey()))
                .isInstanceOf(NoSuchElementException.class);
    }
}
