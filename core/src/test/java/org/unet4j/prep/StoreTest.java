package org.unet4j.prep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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

    private StoreWorld world;

    @BeforeEach
    void write() throws IOException {
        world = new StoreWorld(temporary);
    }

    @Test
    void aPreparedStoreHoldsEveryCase() throws IOException {
        assertThat(world.prepare(PLAN)).isEqualTo(4);
        Store store = Store.open(world.folder);
        assertThat(store.ids()).containsExactly("case_0", "case_1", "case_2", "case_3");
        assertThat(store.plan()).isEqualTo(PLAN);
        assertThat(store.folder()).isEqualTo(world.folder);
        assertThat(world.files())
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
    void theNumberOfThreadsChangesNoByte() throws IOException {
        world.prepare(PLAN);
        byte[] two = Files.readAllBytes(world.caseFile(1));
        Path other = temporary.resolve("other");
        Store.prepare(world.dataset, PLAN, other, 1, Progress.silent());
        assertThat(Files.readAllBytes(other.resolve("case_1.case"))).isEqualTo(two);
    }

    @Test
    void aPlanThatIsReplacedIsKept() throws IOException {
        world.prepare(PLAN);
        world.prepare(PLAN.withBatch(7));
        assertThat(Store.planIn(world.folder)).contains(PLAN.withBatch(7));
        assertThat(Plan.read(Store.kept(world.folder, PLAN))).isEqualTo(PLAN);
        world.prepare(PLAN.withBatch(7));
        assertThat(world.files()).filteredOn(name -> name.startsWith("plan")).hasSize(2);
    }

    /** What a trainer sees while another process prepares the store by another plan. */
    @Test
    void anOpenStoreStaysWhatItWas() throws IOException {
        world.prepare(PLAN);
        Store store = Store.open(world.folder);
        world.prepare(Worlds.plan(new Spacing(2, 2, 2), CropRule.NON_ZERO, new Normalization.ZScore()));
        PreparedCase one = store.get("case_0");
        assertThat(one.shape()).isEqualTo(Shape.cube(16));
        one.copyLabels(Box.all(one.shape()), ByteBuffer.allocate(16 * 16 * 16), 0);
        assertThatThrownBy(one::verify).hasMessageContaining("was prepared anew since it was opened");
    }

    @Test
    void anEditOfThePreparationInTheStoreIsNoticed() throws IOException {
        world.prepare(PLAN);
        Path plan = world.folder.resolve("plan.yaml");
        Files.writeString(plan, Files.readString(plan).replace("batch: 2", "batch: 3"));
        assertThat(Store.open(world.folder).plan().batch()).isEqualTo(3);
        Files.writeString(plan, Files.readString(plan).replace("crop: non_zero", "crop: none"));
        assertThatThrownBy(() -> Store.open(world.folder))
                .hasMessageContaining("was changed after the cases were prepared");
    }

    @Test
    void failingCasesAreNamedTogetherAndTheOthersKept() throws IOException {
        Files.write(world.dataset.training().get(1).images().get(0), new byte[] {1, 2, 3});
        Files.delete(world.dataset.training().get(2).labels().orElseThrow());
        Files.write(world.dataset.training().get(2).labels().orElseThrow(), new byte[0]);
        assertThatThrownBy(() -> world.prepare(PLAN))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("2 of 4 failed")
                .hasMessageContaining("case_1")
                .hasMessageContaining("case_2");
        assertThat(world.files()).contains("case_0.case", "case_3.case").doesNotContain("store.yaml");
        Worlds.writeCase(temporary.resolve("data"), 1, 16);
        Worlds.writeCase(temporary.resolve("data"), 2, 16);
        assertThat(world.prepare(PLAN)).isEqualTo(2);
    }

    @Test
    void allProblemsAreToldBeforeAGivenPlanIsApplied() throws IOException {
        Prepare.by(PLAN, world.dataset, world.folder, 2, Progress.silent());
        List<String> heard = Collections.synchronizedList(new ArrayList<>());
        Prepare.by(PLAN, world.dataset, world.folder, 2, (what, done, total) -> heard.add(what));
        assertThat(heard).isEmpty();
        Files.write(world.dataset.training().get(1).images().get(0), new byte[] {1, 2, 3});
        Files.write(world.dataset.training().get(2).labels().orElseThrow(), new byte[0]);
        assertThatThrownBy(
                        () -> Prepare.by(PLAN, world.dataset, world.folder, 2, (what, done, total) -> heard.add(what)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("2 problems")
                .hasMessageContaining("case_1.nii.gz")
                .hasMessageContaining("case_2.nii.gz");
        assertThat(heard).doesNotContain("preparing cases");
    }

    @Test
    void aDatasetWithoutLabelledCasesIsRejected() {
        world.keep(List.of());
        assertThatThrownBy(() -> world.prepare(PLAN)).hasMessageContaining("dataset world has no labelled case");
    }

    @Test
    void aDatasetWithMissingFilesIsRejectedBeforeAnythingIsPrepared() {
        Problem missing = new Problem(Path.of("imagesTr", "gone.nii.gz"), "does not exist");
        world.dataset = new Dataset(
                world.dataset.name(),
                world.dataset.folder(),
                world.dataset.channelNames(),
                world.dataset.classes(),
                world.dataset.training(),
                List.of(),
                List.of(missing));
        assertThatThrownBy(() -> world.prepare(PLAN))
                .hasMessageContaining("gone.nii.gz")
                .hasMessageContaining("1 problem");
        assertThat(world.folder).doesNotExist();
    }

    /** What Ctrl-C does: whoever waits is told, and no work goes on behind its back. */
    @Test
    void anInterruptedPreparationStopsItsWork() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> world.prepare(PLAN))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("was interrupted");
        assertThat(Thread.interrupted()).isTrue();
    }
}
