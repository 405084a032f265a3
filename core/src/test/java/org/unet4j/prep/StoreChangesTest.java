package org.unet4j.prep;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.io.Case;
import org.unet4j.io.Nifti;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;

/** What is prepared again, and what is not. */
class StoreChangesTest {

    private static final Plan PLAN = Worlds.plan();

    @TempDir
    Path temporary;

    private StoreWorld world;

    @BeforeEach
    void write() throws IOException {
        world = new StoreWorld(temporary);
    }

    @Test
    void unchangedCasesAreKept() throws IOException {
        world.prepare(PLAN);
        assertThat(world.prepare(PLAN)).isZero();
        assertThat(world.prepare(PLAN.withBatch(7).withPatch(Shape.cube(16)))).isZero();
        assertThat(Store.open(world.folder).plan().batch()).isEqualTo(7);
    }

    @Test
    void aChangedCaseIsPreparedAgainAndNoOther() throws IOException {
        world.prepare(PLAN);
        Worlds.writeCase(temporary.resolve("data"), 2, 30);
        assertThat(world.prepare(PLAN)).isEqualTo(1);
        assertThat(Store.open(world.folder).get("case_2").shape()).isEqualTo(Shape.cube(30));
    }

    /** What {@code cp -p} or {@code rsync -t} does: another patient's scan with the size and the time of the one before. */
    @Test
    void aCopyOfTheSameSizeAndTimeIsPreparedAgain() throws IOException {
        Path image = world.dataset.training().get(1).images().get(0);
        Path plain = image.resolveSibling("plain.nii");
        Grid grid = Grid.of(Shape.cube(17), new Spacing(1, 1, 1));
        Nifti.write(plain, Worlds.scan("case_1", grid, 100).channels().get(0));
        Files.copy(plain, image, StandardCopyOption.REPLACE_EXISTING);
        world.prepare(PLAN);
        byte[] before = Files.readAllBytes(world.caseFile(1));
        FileTime time = Files.getLastModifiedTime(image);
        long size = Files.size(image);
        letStoreAndDatasetGrowOld(time);
        assertThat(world.prepare(PLAN)).isZero();

        Nifti.write(plain, Worlds.scan("case_1", grid, 101).channels().get(0));
        Files.copy(plain, image, StandardCopyOption.REPLACE_EXISTING);
        Files.setLastModifiedTime(image, time);
        assertThat(Files.size(image)).isEqualTo(size);
        assertThat(Store.openIfCurrent(world.dataset, world.folder)).isEmpty();
        assertThat(world.prepare(PLAN)).isEqualTo(1);
        assertThat(Files.readAllBytes(world.caseFile(1))).isNotEqualTo(before);
    }

    /** The index is then written long after the files, so that their times are believed. */
    private void letStoreAndDatasetGrowOld(FileTime time) throws IOException {
        Files.setLastModifiedTime(
                world.folder.resolve("store.yaml"),
                FileTime.from(time.toInstant().plusSeconds(3600)));
    }

    @Test
    void filesWithOtherTimesAndTheSameBytesAreNotPreparedAgain() throws IOException {
        world.prepare(PLAN);
        Path index = world.folder.resolve("store.yaml");
        String before = Files.readString(index);
        for (Case given : world.dataset.training()) {
            Files.setLastModifiedTime(given.images().get(0), FileTime.fromMillis(1_500_000_000_000L));
        }
        assertThat(world.prepare(PLAN)).isZero();
        assertThat(Files.readString(index)).isNotEqualTo(before).contains("2017-07-14");
    }

    @Test
    void anUnfinishedStoreIsComparedByBytes() throws IOException {
        world.prepare(PLAN);
        Files.delete(world.folder.resolve("store.yaml"));
        assertThat(world.prepare(PLAN)).isZero();
        Files.delete(world.folder.resolve("store.yaml"));
        Worlds.writeCase(world.data, 2, 30);
        assertThat(world.prepare(PLAN)).isEqualTo(1);
    }

    @Test
    void aCaseOfAnotherVersionOfTheFormatIsPreparedAgain() throws IOException {
        world.prepare(PLAN);
        byte[] bytes = Files.readAllBytes(world.caseFile(3));
        byte[] older = bytes.clone();
        older[7] = 1;
        Files.write(world.caseFile(3), older);
        assertThatThrownBy(() -> Store.open(world.folder))
                .hasMessageContaining(
                        "case_3.case] has version 1 of the format, and this unet4j reads 2; run prepare again");
        assertThat(world.prepare(PLAN)).isEqualTo(1);
        assertThat(Files.readAllBytes(world.caseFile(3))).isEqualTo(bytes);
    }

    @Test
    void aChangedPlanPreparesAllAgain() throws IOException {
        world.prepare(PLAN);
        Plan coarse = Worlds.plan(new Spacing(2, 2, 2), CropRule.NON_ZERO, new Normalization.ZScore());
        assertThat(world.prepare(coarse)).isEqualTo(4);
        assertThat(Store.open(world.folder).get("case_0").shape()).isEqualTo(Shape.cube(8));
    }

    @Test
    void aRemovedCaseLeavesTheStore() throws IOException {
        world.prepare(PLAN);
        world.keep(world.dataset.training().subList(0, 3));
        assertThat(world.prepare(PLAN)).isZero();
        assertThat(Store.open(world.folder).ids()).containsExactly("case_0", "case_1", "case_2");
        assertThat(world.caseFile(3)).doesNotExist();
    }

    @Test
    void aDatasetThatWasMovedWithTheTimesOfItsFilesKeepsItsStore() throws IOException {
        world.prepare(PLAN);
        Files.move(temporary.resolve("data"), temporary.resolve("moved"));
        world.dataset = Worlds.written(temporary.resolve("moved"), 4);
        assertThat(Store.openIfCurrent(world.dataset, world.folder)).isPresent();
        assertThat(world.prepare(PLAN)).isZero();
    }

    @Test
    void aStoreWithoutOriginIsTakenAndGetsOne() throws IOException {
        world.prepare(PLAN);
        Path index = world.folder.resolve("store.yaml");
        String whole = Files.readString(index);
        String old = whole.lines().filter(line -> !line.startsWith("origin:")).collect(joining("\n", "", "\n"));
        assertThat(old).isNotEqualTo(whole);
        Files.writeString(index, old);
        assertThat(Store.openIfCurrent(world.dataset, world.folder)).isPresent();
        assertThat(world.prepare(PLAN)).isZero();
        assertThat(index).hasContent(whole);
    }
}
