package org.unet4j.prep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.unet4j.io.Progress;
import org.unet4j.volume.Spacing;

/** What a person does wrong when preparing is told with its place, and leaves nothing that keeps the next try from working. */
class PreparationMistakesTest {

    @TempDir
    Path temporary;

    private StoreWorld world;

    @BeforeEach
    void write() throws IOException {
        world = new StoreWorld(temporary);
    }

    private Store prepare(Plan plan) throws IOException {
        return Prepare.by(plan, world.dataset, world.folder, 2, Progress.silent());
    }

    @Test
    void aPlanOfAnotherNameDoesNotMakeTheStoreAnotherDatasets() throws IOException {
        Plan borrowed = Worlds.plan().of("another");
        assertThat(prepare(borrowed).plan()).isEqualTo(Worlds.plan());
        assertThat(prepare(Worlds.plan()).ids()).hasSize(4);
    }

    @Test
    void aSpacingTooFineForAnArrayIsNamedWithTheScan() {
        Plan fine = Worlds.plan(new Spacing(0.001, 0.001, 0.001), CropRule.NON_ZERO, new Normalization.ZScore());
        assertThatIOException()
                .isThrownBy(() -> prepare(fine))
                .withMessageContaining("4 of 4 failed")
                .withMessageContaining(
                        "[case_0] a scan of (16, 16, 16) voxels of [1.0, 1.0, 1.0] mm (z, y, x) has 4.10e+12"
                                + " at the plan's spacing")
                .withMessageContaining("choose a coarser spacing");
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-7, 1e5, 1e300})
    void aSpacingThatNoScanHasIsAnError(double mm) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Worlds.plan(new Spacing(mm, 1, 1), CropRule.NONE, new Normalization.ZScore()))
                .withMessageContaining("plan: spacing " + mm + ", 1.0, 1.0 must lie between");
    }

    @Test
    void aFolderThatCannotBeMadeIsNamed() throws IOException {
        Path file = Files.createFile(temporary.resolve("file"));
        assertThatIOException()
                .isThrownBy(() -> Prepare.by(Worlds.plan(), world.dataset, file.resolve("store"), 1, Progress.silent()))
                .withMessageContaining("[" + file.resolve("store") + "] cannot be made (")
                .withMessageContaining("give a folder");
    }
}
