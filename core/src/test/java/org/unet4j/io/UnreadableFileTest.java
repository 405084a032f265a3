package org.unet4j.io;

import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What has a scan's name and is no file: reading it must neither wait for ever nor blame the user's rights. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UnreadableFileTest {

    @TempDir
    Path folder;

    private void isRefused(Path file, String message) {
        assertThatIOException().isThrownBy(() -> Inspection.of(file)).withMessageContaining(message);
        assertThatIOException()
                .isThrownBy(() -> Repair.of(file, Optional.empty(), folder.resolve("out")))
                .withMessageContaining(message);
    }

    @Test
    void aPipeIsNotWaitedFor() throws IOException, InterruptedException {
        Path pipe = folder.resolve("fifo.nii");
        Process mkfifo;
        try {
            mkfifo = new ProcessBuilder("mkfifo", pipe.toString()).start();
        } catch (IOException e) {
            assumeTrue(false, "skipped: no mkfifo here");
            return;
        }
        assumeTrue(mkfifo.waitFor() == 0, "skipped: no pipes on this file system");
        isRefused(pipe, "[fifo.nii] is a pipe or a device");
    }

    @Test
    void aLinkThatLeadsNowhereIsToldAsOne() throws IOException {
        Path loop = Files.createSymbolicLink(folder.resolve("loop.nii"), Path.of("loop.nii"));
        isRefused(loop, "[loop.nii] is a link that leads to no file (loop.nii)");
        Path dangling = Files.createSymbolicLink(folder.resolve("ct.nii.gz"), Path.of("gone.nii.gz"));
        isRefused(dangling, "[ct.nii.gz] is a link that leads to no file (gone.nii.gz)");
    }

    @Test
    void aFolderIsToldAsOne() throws IOException {
        isRefused(Files.createDirectory(folder.resolve("ct.nii")), "[ct.nii] is a folder");
    }

    @Test
    void aCopyThatCannotBeMadeNamesTheFolderThatWasGiven() throws IOException {
        Path file = Files.write(folder.resolve("ct.nii"), NiftiBytes.nifti1());
        Path within = file.resolve("out");
        assertThatIOException()
                .isThrownBy(() -> Repair.of(file, Optional.empty(), within))
                .withMessageContaining("[" + within + "] cannot be made")
                .withMessageContaining("choose another folder");
    }
}
