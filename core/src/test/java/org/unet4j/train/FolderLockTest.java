package org.unet4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderLockTest {

    @TempDir
    Path folder;

    @Test
    void aFolderIsLockedUntilTheLockIsClosed() throws Exception {
        Path run = folder.resolve("deep/run");
        try (FolderLock lock = FolderLock.take(run)) {
            assertThat(lock).isNotNull();
            assertThatIOException()
                    .isThrownBy(() -> FolderLock.take(run))
                    .withMessageContaining("[" + run + "] is being trained by another process");
        }
        FolderLock.take(run).close();
    }

    @Test
    void onlyHalfWrittenFilesAreRemoved() throws Exception {
        Path killed = folder.resolve(".checkpoint.safetensors." + UUID.randomUUID() + ".tmp");
        Files.writeString(killed, "half");
        Files.writeString(folder.resolve("notes.tmp"), "mine");
        Files.writeString(folder.resolve(".hidden.tmp"), "mine");
        try (FolderLock lock = FolderLock.take(folder)) {
            lock.removeUnfinished(folder);
            lock.removeUnfinished(folder.resolve("absent"));
        }
        assertThat(killed).doesNotExist();
        assertThat(folder.resolve("notes.tmp")).exists();
        assertThat(folder.resolve(".hidden.tmp")).exists();
    }
}
