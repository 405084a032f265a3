package org.unet4j.prep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.unet4j.io.Case;
import org.unet4j.io.Progress;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;

/** What kills, disks and other processes leave behind is noticed, and preparing again mends it. */
class StoreDamageTest {

    private static final Plan PLAN = Worlds.plan();

    @TempDir
    Path temporary;

    private StoreWorld world;

    @BeforeEach
    void write() throws IOException {
        world = new StoreWorld(temporary);
    }

    /** What a kill can leave: finished cases, half a temporary file, no index. */
    @Test
    void afterAKillFinishedCasesAreKeptAndTheRestIsDone() throws IOException {
        world.prepare(PLAN);
        byte[] whole = Files.readAllBytes(world.caseFile(3));
        Files.move(world.caseFile(3), world.folder.resolve("case_3.case.part"));
        Files.write(world.folder.resolve("case_3.case.part"), Arrays.copyOf(whole, whole.length / 2));
        Files.writeString(world.folder.resolve(".plan.yaml.01234567-0123-4567-89ab-0123456789ab.tmp"), "half a pl");
        Files.delete(world.folder.resolve("store.yaml"));
        assertThatThrownBy(() -> Store.open(world.folder)).hasMessageContaining("holds no finished store");
        assertThat(world.prepare(PLAN)).isEqualTo(1);
        assertThat(world.files())
                .doesNotContain("case_3.case.part", ".plan.yaml.01234567-0123-4567-89ab-0123456789ab.tmp");
        assertThat(Files.readAllBytes(world.caseFile(3))).isEqualTo(whole);
    }

    @Test
    void aTemporaryFileIsNoCaseUntilItIsRenamed() throws IOException {
        world.prepare(PLAN);
        byte[] before = Files.readAllBytes(world.caseFile(0));
        PreparedScan scan =
                Preparation.apply(PLAN, world.dataset.training().get(0).readScan(), Optional.empty());
        CaseFormat format = new CaseFormat(1, new int[0], 1, 1, scan.recipe());
        CaseWriter.writeTemporary(world.folder.resolve("case_0.case.part"), format, scan, ForegroundLists.none());
        assertThat(Files.readAllBytes(world.caseFile(0))).isEqualTo(before);
        Store.open(world.folder).get("case_0").verify();
    }

    @Test
    void aCaseCutShortIsPreparedAgain() throws IOException {
        world.prepare(PLAN);
        byte[] whole = Files.readAllBytes(world.caseFile(1));
        Files.write(world.caseFile(1), Arrays.copyOf(whole, 100));
        assertThatThrownBy(() -> Store.open(world.folder).get("case_1"))
                .hasMessageContaining("case_1.case")
                .hasMessageContaining("run prepare again");
        assertThat(world.prepare(PLAN)).isEqualTo(1);
        assertThat(Files.readAllBytes(world.caseFile(1))).isEqualTo(whole);
    }

    @Test
    void aFlippedByteIsNoticedWhenTheCaseIsUsedAndPreparingMendsIt() throws IOException {
        world.prepare(PLAN);
        byte[] whole = Files.readAllBytes(world.caseFile(2));
        byte[] flipped = whole.clone();
        flipped[whole.length / 2] ^= 1;
        Files.write(world.caseFile(2), flipped);
        assertThatThrownBy(() -> Store.open(world.folder).get("case_2").verify())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("case_2.case] was changed since it was written (checksum); run prepare again");
        assertThat(Store.removeDamaged(world.folder, Progress.silent())).containsExactly("case_2");
        assertThat(world.prepare(PLAN)).isEqualTo(1);
        assertThat(Files.readAllBytes(world.caseFile(2))).isEqualTo(whole);
        assertThat(Store.removeDamaged(world.folder, Progress.silent())).isEmpty();
    }

    @Test
    void nothingIsRemovedFromAFolderThatIsNoStore() throws IOException {
        Files.createDirectories(world.folder);
        Files.writeString(world.caseFile(1), "evidence");
        assertThat(Store.removeDamaged(world.folder, Progress.silent())).isEmpty();
        assertThat(world.caseFile(1)).exists();
        assertThat(Store.removeDamaged(temporary.resolve("nowhere"), Progress.silent()))
                .isEmpty();
    }

    /** Else what is learned from would not be what the store says it is. */
    @Test
    void aFileThatIsReplacedWhileItIsReadIsNoticed() throws IOException {
        StoreFolder store = new StoreFolder(world.folder);
        Sources sources = store.sources(world.dataset);
        Case given = world.dataset.training().get(1);
        List<SourceFile> before = sources.of(given);
        assertThat(sources.of(given)).isEqualTo(before);
        Worlds.writeCase(world.data, 1, 20);
        assertThat(sources.of(given)).isNotEqualTo(before);
    }

    @Test
    void aCaseFileThatIsGoneIsNoticed() throws IOException {
        world.prepare(PLAN);
        PreparedCase opened = Store.open(world.folder).get("case_2");
        Files.delete(world.caseFile(2));
        assertThatThrownBy(opened::verify).hasMessageContaining("case_2.case] is missing from the store");
        assertThatThrownBy(() -> Store.open(world.folder)).hasMessageContaining("case_2.case");
        assertThat(world.prepare(PLAN)).isEqualTo(1);
    }

    @Test
    void aCaseOfAnotherPreparationThanTheIndexSaysIsRejected() throws IOException {
        world.prepare(PLAN);
        Path other = temporary.resolve("other");
        Plan coarse = Worlds.plan(new Spacing(2, 2, 2), CropRule.NON_ZERO, new Normalization.ZScore());
        Store.prepare(world.dataset, coarse, other, 1, Progress.silent());
        Files.copy(other.resolve("case_1.case"), world.caseFile(1), StandardCopyOption.REPLACE_EXISTING);
        assertThatThrownBy(() -> Store.open(world.folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("case_1.case] was prepared by another plan or from other files");
        assertThat(Store.openIfCurrent(world.dataset, world.folder)).isEmpty();
        assertThat(world.prepare(PLAN)).isEqualTo(1);
        assertThat(Store.open(world.folder).get("case_1").shape()).isEqualTo(Shape.cube(17));
    }

    @Test
    void preparingAgainMendsWhatIsMissing() throws IOException {
        Prepare.planned(world.dataset, Budget.COMPACT, world.folder, 1, Progress.silent());
        Files.delete(world.caseFile(2));
        Files.write(world.caseFile(1), new byte[5]);
        Store mended = Prepare.planned(world.dataset, Budget.COMPACT, world.folder, 1, Progress.silent());
        mended.get("case_1").verify();
        mended.get("case_2").verify();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "cases: 3", "dataset: Ta", "\u0000\u0001\ufffd"})
    void aDamagedIndexCountsAsMissing(String content) throws IOException {
        world.prepare(PLAN);
        byte[] whole = Files.readAllBytes(world.caseFile(2));
        Path index = world.folder.resolve("store.yaml");
        String before = Files.readString(index);
        Files.writeString(index, content);
        assertThatThrownBy(() -> Store.open(world.folder)).hasMessageContaining("no finished store");
        assertThat(Store.openIfCurrent(world.dataset, world.folder)).isEmpty();
        assertThat(world.prepare(PLAN)).isZero();
        assertThat(index).hasContent(before);
        assertThat(world.caseFile(2)).hasBinaryContent(whole);
    }

    @Test
    void anIndexThatIsNotOursMakesNoStore() throws IOException {
        Files.createDirectories(world.folder);
        Path foreign = Files.writeString(world.folder.resolve("store.yaml"), "milk: 2");
        assertThatThrownBy(() -> world.prepare(PLAN)).hasMessageContaining("holds no prepared cases, but store.yaml");
        assertThat(foreign).hasContent("milk: 2");
    }
}
