package org.unet4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** An archive, the server that has it and the folder that it is to come into. */
final class DownloadWorld implements AutoCloseable {

    static final Patience QUICK =
            new Patience(Duration.ofMillis(1), Duration.ofMillis(4), 3, Duration.ofSeconds(60), Duration.ofSeconds(60));

    final Path folder;
    final byte[] archive = archive(1);
    final ArchiveServer server;
    final List<String> told = new ArrayList<>();
    final DownloadListener listener = new DownloadListener() {
        @Override
        public void recovered(String what) {
            told.add(what);
        }

        @Override
        public void update(String what, long done, long total) {
            assertThat(done).as(what).isBetween(0L, total);
        }
    };

    DownloadWorld(Path folder) throws IOException {
        this.folder = folder;
        this.server = new ArchiveServer(archive);
    }

    @Override
    public void close() {
        server.close();
    }

    static byte[] archive(long seed) {
        byte[] image = new byte[300_000];
        new SplittableRandom(seed).nextBytes(image);
        return new TarBytes()
                .folder("Task99_Test/")
                .file("Task99_Test/._dataset.json", "macOS")
                .file("Task99_Test/dataset.json", "{}")
                .file("Task99_Test/imagesTr/a.nii.gz", image)
                .bytes();
    }

    static String md5(byte[] bytes) {
        return HexFormat.of().formatHex(Md5.digest().digest(bytes));
    }

    Download download() {
        return new Download("Task99_Test", server.address(), md5(archive), folder, false, QUICK);
    }

    Path partial() {
        return folder.resolve("Task99_Test.partial");
    }

    void run() throws IOException {
        assertThat(download().run(listener)).isEqualTo(folder.resolve("Task99_Test"));
        isWhole();
    }

    void isWhole() throws IOException {
        try (Stream<Path> tree = Files.walk(folder)) {
            assertThat(tree.filter(Files::isRegularFile)
                            .map(file -> folder.relativize(file).toString()))
                    .containsExactlyInAnyOrder("Task99_Test/dataset.json", "Task99_Test/imagesTr/a.nii.gz");
        }
        assertThat(partial()).doesNotExist();
    }

    void fails(Download download, String... message) {
        assertThatIOException()
                .isThrownBy(() -> download.run(listener))
                .satisfies(e -> assertThat(e.getMessage()).contains(message));
        assertThat(folder.resolve("Task99_Test")).doesNotExist();
    }
}
