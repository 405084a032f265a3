package org.unet4j.prep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.io.Dataset;
import org.unet4j.io.Progress;

/** A folder of something else is left alone. */
class StoreFolderTest {

    private static final Plan PLAN = Worlds.plan();

    @TempDir
    Path temporary;

    private StoreWorld world;

    @BeforeEach
    void write() throws IOException {
        world = new StoreWorld(temporary);
    }

    @Test
    void aFolderOfSomebodyElseIsLeftAlone() throws IOException {
        Files.createDirectories(world.folder);
        Files.writeString(world.folder.resolve("thesis.txt"), "precious");
        assertThatThrownBy(() -> world.prepare(PLAN)).hasMessageContaining("is not empty and holds no prepared cases");
        assertThat(world.files()).containsExactly("thesis.txt");
        Files.move(world.folder.resolve("thesis.txt"), world.folder.resolve("ensight.case"));
        assertThatThrownBy(() -> world.prepare(PLAN)).hasMessageContaining("holds no prepared cases, but ensight.case");
        assertThat(world.files()).containsExactly("ensight.case");
        Path file = temporary.resolve("file");
        Files.writeString(file, "x");
        assertThatThrownBy(() -> Store.prepare(world.dataset, PLAN, file, 1, Progress.silent()))
                .hasMessageContaining("is a file; give a folder");
    }

    @Test
    void aStoreOfAnotherDatasetIsLeftAlone() throws IOException {
        world.prepare(PLAN);
        world.dataset = new Dataset(
                "liver",
                world.dataset.folder(),
                world.dataset.channelNames(),
                world.dataset.classes(),
                world.dataset.training(),
                List.of());
        assertThatThrownBy(() -> world.prepare(PLAN))
                .hasMessageContaining("holds the prepared dataset world, not liver");
    }

    @Test
    void aDatasetOfTheSameNameInAnotherFolderDoesNotReplaceTheCases() throws IOException {
        world.prepare(PLAN);
        List<String> before = world.files();
        Dataset first = world.dataset;
        world.dataset = Worlds.dataset(temporary.resolve("elsewhere"), 2);
        assertThatThrownBy(() -> world.prepare(PLAN))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("holds the prepared cases of a dataset world in another folder")
                .hasMessageContaining("elsewhere");
        assertThatThrownBy(() -> Prepare.planned(world.dataset, Budget.COMPACT, world.folder, 1, Progress.silent()))
                .hasMessageContaining("in another folder");
        assertThat(world.files()).isEqualTo(before);
        assertThat(Files.readString(world.folder.resolve("store.yaml"))).doesNotContain(temporary.toString());
        world.dataset = first;
        assertThat(world.prepare(PLAN)).isZero();
    }

    @Test
    void twoPreparationsDoNotMix() throws IOException {
        world.prepare(PLAN);
        try (FileChannel other = FileChannel.open(world.folder.resolve(".lock"), StandardOpenOption.WRITE)) {
            assertThat(other.tryLock()).isNotNull();
            assertThatThrownBy(() -> world.prepare(PLAN)).hasMessageContaining("is being prepared by another process");
        }
        assertThat(world.prepare(PLAN)).isZero();
    }
}
