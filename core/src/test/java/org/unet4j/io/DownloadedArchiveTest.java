package org.unet4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of an archive that has come, and of what lies in its way. */
class DownloadedArchiveTest {

    @TempDir
    Path folder;

    private DownloadWorld world;

    @BeforeEach
    void serve() throws IOException {
        world = new DownloadWorld(folder);
    }

    @AfterEach
    void stop() {
        world.close();
    }

    @Test
    void anArchiveThatHasNoRoomIsRefusedBeforeItsFirstByte() {
        world.server.then(exchange -> {
            exchange.sendResponseHeaders(200, 1L << 55);
            exchange.getResponseBody().flush(); // Java 25 keeps headers back until there is a body.
        });
        world.fails(world.download(), "GB of free space, and Task99_Test needs 72057594.0 GB more; make room");
    }

    @Test
    void anArchiveWithoutADatasetIsNotTakenForOne() throws IOException {
        byte[] other = new TarBytes().file("readme.txt", "hello").bytes();
        world.server.replace(other, "\"two\"");
        world.fails(world.download().withMd5(DownloadWorld.md5(other)), "holds no dataset: a dataset.json must lie");
    }

    @Test
    void anArchiveThatWasPackedWithoutItsFolderGetsOne() throws IOException {
        byte[] flat = new TarBytes()
                .file("dataset.json", "{}")
                .file("imagesTr/a.nii.gz", "image")
                .bytes();
        world.server.replace(flat, "\"two\"");
        world.download().withMd5(DownloadWorld.md5(flat)).run(world.listener);
        world.isWhole();
    }

    @Test
    void anArchiveOnTheDiskIsCheckedUnpackedAndLeftAlone() throws IOException {
        Path tar = Files.write(Files.createTempDirectory("unet4j").resolve("a.tar"), world.archive);
        world.download().from(tar.toUri()).run(world.listener);
        world.isWhole();
        assertThat(tar).hasBinaryContent(world.archive);
        FolderTree.delete(world.folder.resolve("Task99_Test"));
        world.fails(
                world.download().from(tar.toUri()).withMd5(DownloadWorld.md5(new byte[0])),
                "a.tar] has the MD5 sum " + DownloadWorld.md5(world.archive));
        assertThat(tar).exists();
        FolderTree.delete(tar.getParent());
    }

    @Test
    void whatIsNoFileOnTheDiskIsTold() throws IOException {
        Path other = Files.createDirectory(folder.resolve("other"));
        world.fails(world.download().from(other.toUri()), "other] is a folder, a pipe or a device; give the .tar file");
        world.fails(
                world.download().from(folder.resolve("a.tar").toUri()), "a.tar] does not exist; give the .tar file");
    }

    @Test
    void theArchiveStaysWhereThatIsAskedFor() throws IOException {
        world.download().keepingArchive().run(world.listener);
        assertThat(world.folder.resolve("Task99_Test.tar")).hasBinaryContent(world.archive);
        FolderTree.delete(world.folder.resolve("Task99_Test"));
        world.fails(world.download().keepingArchive(), "Task99_Test.tar");
    }

    @Test
    void aHalfUnpackedDatasetIsNotTakenForAWholeOne() throws IOException {
        Files.createDirectories(world.partial().resolve("unpacked/Task99_Test/imagesTr"));
        Files.writeString(world.partial().resolve("unpacked/Task99_Test/dataset.json"), "{}");
        Files.write(world.partial().resolve("Task99_Test.tar"), world.archive);
        assertThat(world.download().isThere()).isFalse();
        world.run();
        assertThat(world.server.asked()).as("the archive was whole").isEmpty();
    }

    @Test
    void twoProcessesAreNotAtItAtOnce() throws IOException {
        try (FolderLock other = FolderLock.take(world.partial(), "downloaded into")) {
            world.fails(world.download(), "is being downloaded into by another process");
        }
        world.run();
    }

    @Test
    void whatIsInTheWayIsNamedAndLeftAlone() throws IOException {
        Path file = Files.writeString(world.folder.resolve("file"), "mine");
        assertThatIOException()
                .isThrownBy(() -> new Download(
                                "T",
                                world.server.address(),
                                DownloadWorld.md5(world.archive),
                                file,
                                false,
                                DownloadWorld.QUICK)
                        .run(world.listener))
                .withMessageContaining("[" + file + "] is a file; give the folder that T shall come into");
        Path mine = Files.createDirectories(world.folder.resolve("Task99_Test"));
        Files.writeString(mine.resolve("notes.txt"), "mine");
        assertThatIOException()
                .isThrownBy(() -> world.download().run(world.listener))
                .withMessageContaining(mine.toString());
        assertThat(mine.resolve("notes.txt")).hasContent("mine");
        assertThat(world.server.asked()).isEmpty();
    }

    @Test
    void anAddressOrSumThatMakesNoSenseIsTheCallersFault() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> world.download().from(URI.create("ftp://host/a.tar")))
                .withMessageContaining("must begin with https, http or file");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> world.download().from(URI.create("http:///a.tar")))
                .withMessageContaining("names no host");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> world.download().withMd5("abc"))
                .withMessageContaining("'abc' must have 32 hexadecimal digits");
    }
}
