package org.unet4j.io;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {

    @TempDir
    Path folder;

    @Test
    void theFileAppearsWholeAndAlone() throws IOException {
        Path file = folder.resolve("new/sub/a.txt");
        AtomicFile.write(file, out -> {
            out.write("hal".getBytes(UTF_8));
            assertThat(file).doesNotExist();
            out.write("lo".getBytes(UTF_8));
        });
        assertThat(file).hasContent("hallo");
        assertThat(file.getParent()).isDirectoryContaining(path -> path.equals(file));
        try (var list = Files.list(file.getParent())) {
            assertThat(list).hasSize(1);
        }
    }

    @Test
    void anOldFileIsReplaced() throws IOException {
        Path file = Files.writeString(folder.resolve("a.txt"), "old");
        AtomicFile.write(file, out -> out.write('n'));
        assertThat(file).hasContent("n");
    }

    @Test
    void whenWritingFailsTheOldFileStaysAndNothingElse() throws IOException {
        Path file = Files.writeString(folder.resolve("a.txt"), "old");
        assertThatIOException()
                .isThrownBy(() -> AtomicFile.write(file, AtomicFileTest::fillTheDisk))
                .withMessageStartingWith("[a.txt] could not be written in " + folder)
                .withMessageContaining("No space left on device");
        assertThatThrownBy(() -> AtomicFile.write(file, out -> {
                    throw new IllegalStateException("bug");
                }))
                .hasMessage("bug");
        assertThat(file).hasContent("old");
        try (var list = Files.list(folder)) {
            assertThat(list).hasSize(1);
        }
    }

    @Test
    void aFolderIsNotReplaced() throws IOException {
        Path target = Files.createDirectory(folder.resolve("a.txt"));
        Files.writeString(target.resolve("kept"), "kept");
        assertThatIOException()
                .isThrownBy(() -> AtomicFile.write(target, out -> out.write('n')))
                .withMessageStartingWith("[a.txt] could not be written");
        assertThat(target.resolve("kept")).hasContent("kept");
    }

    @Test
    void othersMayReadTheFileAsAnyOther() throws IOException {
        Assumptions.assumeTrue(
                folder.getFileSystem().supportedFileAttributeViews().contains("posix"));
        Path plain = Files.writeString(folder.resolve("plain"), "");
        Path file = folder.resolve("a.txt");
        AtomicFile.write(file, out -> out.write('n'));
        assertThat(Files.getPosixFilePermissions(file))
                .isEqualTo(Files.getPosixFilePermissions(plain))
                .contains(PosixFilePermission.OWNER_READ);
    }

    private static void fillTheDisk(OutputStream out) throws IOException {
        out.write(new byte[100_000]);
        throw new IOException("No space left on device");
    }
}
