package org.unet4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
        try (FolderLock lock = FolderLock.take(run, "trained")) {
            assertThat(lock).isNotNull();
            assertThatIOException()
                    .isThrownBy(() -> FolderLock.take(run, "trained"))
                    .withMessageContaining("[" + run + "] is being trained by another process");
        }
        FolderLock.take(run, "trained").close();
    }

    @Test
    void whoeverFindsAFolderTakenMayWaitForIt() throws Exception {
        FolderLock.awaitFree(folder.resolve("absent"));
        try (FolderLock lock = FolderLock.take(folder, "prepared")) {
            assertThat(lock).isNotNull();
            assertThatThrownBy(() -> FolderLock.take(folder, "prepared")).isInstanceOf(FolderTakenException.class);
            assertThatIOException()
                    .isThrownBy(() -> FolderLock.awaitFree(folder))
                    .as("it would wait for itself")
                    .withMessageContaining("another part of this process");
        }
        FolderLock.awaitFree(folder);
        FolderLock.take(folder, "prepared").close();
    }

    @Test
    void whoeverSharesAFolderKeepsOutOneThatWantsItAloneAndDeletesNothing() throws Exception {
        try (FolderLock shared = FolderLock.takeShared(folder, "prepared")) {
            assertThatIOException()
                    .isThrownBy(() -> FolderLock.take(folder, "prepared"))
                    .withMessageContaining("is being prepared by another process");
            assertThatIllegalStateException().isThrownBy(() -> shared.removeUnfinished(folder));
        }
        try (FolderLock alone = FolderLock.take(folder, "prepared")) {
            assertThat(alone).isNotNull();
            assertThatIOException().isThrownBy(() -> FolderLock.takeShared(folder, "prepared"));
        }
    }

    @Test
    void onlyHalfWrittenFilesAreRemoved() throws Exception {
        Path killed = folder.resolve(".checkpoint.safetensors." + UUID.randomUUID() + ".tmp");
        Files.writeString(killed, "half");
        Files.writeString(folder.resolve("notes.tmp"), "mine");
        Files.writeString(folder.resolve(".hidden.tmp"), "mine");
        try (FolderLock lock = FolderLock.take(folder, "trained")) {
            lock.removeUnfinished(folder);
            lock.removeUnfinished(folder.resolve("absent"));
        }
        assertThat(killed).doesNotExist();
        assertThat(folder.resolve("notes.tmp")).exists();
        assertThat(folder.resolve(".hidden.tmp")).exists();
    }

    @Test
    void whatIsNeitherOwnNorLeftBehindIsForeign() throws Exception {
        assertThat(FolderLock.foreign(folder.resolve("absent"), name -> false)).isEmpty();
        FolderLock.take(folder, "trained").close();
        Files.writeString(folder.resolve(".a." + UUID.randomUUID() + ".tmp"), "half");
        assertThat(FolderLock.foreign(folder, name -> false)).isEmpty();
        Files.writeString(folder.resolve("b.yaml"), "b");
        Files.writeString(folder.resolve("a.yaml"), "a");
        assertThat(FolderLock.foreign(folder, name -> false)).contains("a.yaml");
        assertThat(FolderLock.foreign(folder, "a.yaml"::equals)).contains("b.yaml");
    }
}
