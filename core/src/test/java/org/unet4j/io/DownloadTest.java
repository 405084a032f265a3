package org.unet4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An archive from a server on this machine that breaks off, forgets, lies and changes its mind. */
class DownloadTest {

    private static final Patience QUICK =
            new Patience(Duration.ofMillis(1), Duration.ofMillis(4), 3, Duration.ofSeconds(60), Duration.ofSeconds(60));

    @TempDir
    Path folder;

    private final byte[] archive = archive(1);
    private ArchiveServer server;
    private final List<String> told = new ArrayList<>();
    private final DownloadListener listener = new DownloadListener() {
        @Override
        public void recovered(String what) {
            told.add(what);
        }

        @Override
        public void update(String what, long done, long total) {
            assertThat(done).as(what).isBetween(0L, total);
        }
    };

    @BeforeEach
    void serve() throws IOException {
        server = new ArchiveServer(archive);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static byte[] archive(long seed) {
        byte[] image = new byte[300_000];
        new SplittableRandom(seed).nextBytes(image);
        return new TarBytes()
                .folder("Task99_Test/")
                .file("Task99_Test/._dataset.json", "macOS")
                .file("Task99_Test/dataset.json", "{}")
                .file("Task99_Test/imagesTr/a.nii.gz", image)
                .bytes();
    }

    private static String md5(byte[] bytes) {
        return HexFormat.of().formatHex(Md5.digest().digest(bytes));
    }

    private Download download() {
        return new Download("Task99_Test", server.address(), md5(archive), folder, false, QUICK);
    }

    private Path partial() {
        return folder.resolve("Task99_Test.partial");
    }

    private void run() throws IOException {
        assertThat(download().run(listener)).isEqualTo(folder.resolve("Task99_Test"));
        isWhole();
    }

    private void isWhole() throws IOException {
        try (Stream<Path> tree = Files.walk(folder)) {
            assertThat(tree.filter(Files::isRegularFile)
                            .map(file -> folder.relativize(file).toString()))
                    .containsExactlyInAnyOrder("Task99_Test/dataset.json", "Task99_Test/imagesTr/a.nii.gz");
        }
        assertThat(partial()).doesNotExist();
    }

    private void fails(Download download, String... message) {
        assertThatIOException()
                .isThrownBy(() -> download.run(listener))
                .satisfies(e -> assertThat(e.getMessage()).contains(message));
        assertThat(folder.resolve("Task99_Test")).doesNotExist();
    }

    @Test
    void theDatasetAppearsWithoutWhatMacOsAddsAndNothingElseStays() throws IOException {
        run();
        assertThat(server.asked()).containsExactly("all");
        assertThat(told).isEmpty();
    }

    @Test
    void whatIsThereIsNotLoadedAgain() throws IOException {
        run();
        Files.writeString(folder.resolve("Task99_Test/dataset.json"), "edited");
        assertThat(download().isThere()).isTrue();
        download().run(listener);
        assertThat(server.asked()).hasSize(1);
        assertThat(folder.resolve("Task99_Test/dataset.json")).hasContent("edited");
    }

    @Test
    void aConnectionThatBreaksOffIsGoneOnWithByRange() throws IOException {
        server.then(server.breakingAfter(100_000)).then(server.breakingAfter(50_000));
        run();
        assertThat(server.asked()).hasSize(3).first().isEqualTo("all");
        assertThat(server.asked().subList(1, 3)).allMatch(range -> range.matches("bytes=[1-9]\\d+-"));
        assertThat(told).hasSize(2).allMatch(line -> line.contains("broke") && line.contains("trying again in"));
    }

    @Test
    void aLaterProcessGoesOnWithWhatAnEarlierOneBrought() throws IOException {
        server.then(server.breakingAfter(100_000)).then(ArchiveServer.status(404));
        fails(download(), "cannot be had: the server answers with status 404");
        long kept = Files.size(partial().resolve("Task99_Test.tar.part"));
        assertThat(kept).isPositive().isLessThanOrEqualTo(100_000);
        run();
        assertThat(server.asked()).last().isEqualTo("bytes=" + kept + "-");
    }

    @Test
    void aPartThatWasWholeWhenItsProcessWasKilledNeedsNoServer() throws IOException {
        Files.createDirectories(partial());
        Files.write(partial().resolve("Task99_Test.tar.part"), archive);
        Json.write(
                partial().resolve("Task99_Test.tar.part.json"),
                new PartialFile.Origin(server.address().toString(), Optional.of("\"one\""), archive.length));
        run();
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void aServerWithoutRangesSendsAllFromTheBeginning() throws IOException {
        server.then(server.breakingAfter(100_000)).then(server::withoutRanges);
        run();
        assertThat(server.asked()).hasSize(2).last().asString().startsWith("bytes=");
        assertThat(told).anyMatch(line -> line.contains("knows no ranges: beginning anew"));
    }

    @Test
    void anArchiveThatChangedMeanwhileIsNotSpliced() throws IOException {
        byte[] other = archive(2);
        server.then(exchange -> {
            server.breakingAfter(100_000).to(exchange);
            server.replace(other, "\"two\"");
        });
        assertThat(download().withMd5(md5(other)).run(listener)).isNotNull();
        isWhole();
        assertThat(told).anyMatch(line -> line.contains("another version by now"));
    }

    @Test
    void aServerThatSendsTheRestOfAnotherVersionIsNotBelieved() throws IOException {
        byte[] other = archive(2);
        server.then(server.breakingAfter(100_000)).then(exchange -> {
            server.replace(other, "\"two\"");
            server.withoutConditions(exchange);
        });
        assertThat(download().withMd5(md5(other)).run(listener)).isNotNull();
        assertThat(told).anyMatch(line -> line.contains("has another file than the one that had begun"));
        assertThat(server.asked()).last().isEqualTo("all");
    }

    @Test
    void aVersionWithoutANameIsBegunAnew() throws IOException {
        server.replace(archive, null);
        server.then(server.breakingAfter(100_000)).then(ArchiveServer.status(404));
        fails(download(), "404");
        assertThat(server.asked()).containsExactly("all", "all");
        run();
    }

    @Test
    void aPartOfWhichNothingIsKnownIsBegunAnew() throws IOException {
        Files.createDirectories(partial());
        Files.write(partial().resolve("Task99_Test.tar.part"), new byte[1000]);
        run();
        assertThat(server.asked()).containsExactly("all");
        assertThat(told).containsExactly("what had come before cannot be gone on with: beginning anew");
    }

    @Test
    void aPartFromAnotherAddressIsBegunAnew() throws IOException {
        server.then(server.breakingAfter(100_000)).then(ArchiveServer.status(404));
        fails(download(), "404");
        download().from(URI.create(server.address() + "?mirror")).run(listener);
        assertThat(server.asked()).last().isEqualTo("all");
        assertThat(told).anyMatch(line -> line.contains("what had come before is from " + server.address()));
    }

    @Test
    void aPartThatIsLongerThanTheFileByNowIsDropped() throws IOException {
        server.then(server.breakingAfter(100_000)).then(ArchiveServer.status(416));
        run();
        assertThat(server.asked()).hasSize(3).last().isEqualTo("all");
    }

    @Test
    void aBusyServerIsAskedAgain() throws IOException {
        server.then(ArchiveServer.status(503)).then(ArchiveServer.status(429));
        run();
        assertThat(told).hasSize(2).first().asString().contains("status 503", "trying again");
    }

    @Test
    void aServerIsLeftAloneAsLongAsItAsks() throws IOException {
        server.then(ArchiveServer.status(503, "Retry-After", "1"));
        long start = System.nanoTime();
        run();
        assertThat(System.nanoTime() - start).isGreaterThan(TimeUnit.SECONDS.toNanos(1));
        assertThat(told).first().asString().contains("trying again in 1 s");
    }

    @Test
    void aServerThatAsksForALongPauseIsNotWaitedFor() {
        server.then(ArchiveServer.status(503, "Retry-After", "7200"));
        fails(download(), "status 503", "asks to be left alone for 120 min");
    }

    @Test
    void aServerThatNeverRecoversIsGivenUp() {
        for (int i = 0; i < 4; i++) {
            server.then(ArchiveServer.status(500));
        }
        fails(download(), "status 500", "4 attempts brought nothing", "try again later");
        assertThat(server.asked()).hasSize(4);
    }

    @Test
    void attemptsThatBringSomethingAreNotCounted() throws IOException {
        for (int i = 0; i < 10; i++) {
            server.then(server.breakingAfter(20_000));
        }
        run();
        assertThat(server.asked()).hasSize(11);
    }

    @Test
    void aServerThatFallsSilentIsLikeABrokenConnection() throws IOException {
        CountDownLatch done = new CountDownLatch(1);
        server.then(exchange -> {
            exchange.getResponseHeaders().set("ETag", "\"one\"");
            exchange.sendResponseHeaders(200, archive.length);
            exchange.getResponseBody().write(archive, 0, 50_000);
            exchange.getResponseBody().flush();
            try {
                done.await(30, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Patience shortEars = new Patience(
                Duration.ofMillis(1), Duration.ofMillis(1), 50, Duration.ofSeconds(1), Duration.ofSeconds(60));
        download().withPatience(shortEars).run(listener);
        done.countDown();
        isWhole();
        assertThat(told).anyMatch(line -> line.contains("nothing came for 1 s"));
        assertThat(server.asked()).anyMatch(range -> range.startsWith("bytes="));
    }

    @Test
    void aWrongSumPutsTheArchiveAsideAndTheNextAttemptBeginsAnew() throws IOException {
        byte[] damaged = archive.clone();
        damaged[200_000] ^= 1;
        server.replace(damaged, "\"one\"");
        fails(download(), "Task99_Test.tar.wrong] has the MD5 sum " + md5(damaged), "should have " + md5(archive));
        assertThat(partial().resolve("Task99_Test.tar.wrong")).hasBinaryContent(damaged);
        server.replace(archive, "\"two\"");
        run();
        assertThat(server.asked()).containsExactly("all", "all");
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 410})
    void anAddressThatIsWrongIsToldAtOnce(int status) {
        server.then(ArchiveServer.status(status));
        fails(download(), server.address().toString(), "status " + status, "check the address");
        assertThat(server.asked()).hasSize(1);
    }

    @Test
    void aLoginPageIsNoArchiveAndWhatHadComeStays() throws IOException {
        server.then(server.breakingAfter(100_000)).then(exchange -> {
            byte[] page = "<html>Welcome to the hotel</html>".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
        });
        fails(download(), "answers with a web page");
        assertThat(partial().resolve("Task99_Test.tar.part")).isNotEmptyFile();
        run();
        assertThat(server.asked()).last().asString().startsWith("bytes=");
    }

    @Test
    void anAnswerWithoutALengthIsRefused() {
        server.then(exchange -> exchange.sendResponseHeaders(200, 0));
        fails(download(), "does not say how long the archive is");
    }

    @Test
    void withoutANetworkTheHostIsNamedAtOnce() throws IOException {
        try (ServerSocket unused = new ServerSocket(0)) {
            server.close();
            int port = unused.getLocalPort();
            unused.close();
            fails(
                    download().from(URI.create("http://localhost:" + port + "/a.tar")),
                    "localhost:" + port,
                    "cannot be reached",
                    "check the connection");
        }
        fails(download().from(URI.create("http://nowhere.invalid/a.tar")), "cannot be reached: there is no such host");
        assertThat(told).isEmpty();
    }

    @Test
    void anArchiveThatHasNoRoomIsRefusedBeforeItsFirstByte() {
        server.then(exchange -> exchange.sendResponseHeaders(200, 1L << 55));
        fails(download(), "GB of free space, and Task99_Test needs 72057594.0 GB more; make room");
    }

    @Test
    void anArchiveWithoutADatasetIsNotTakenForOne() throws IOException {
        byte[] other = new TarBytes().file("readme.txt", "hello").bytes();
        server.replace(other, "\"two\"");
        fails(download().withMd5(md5(other)), "holds no dataset: a dataset.json must lie");
    }

    @Test
    void anArchiveThatWasPackedWithoutItsFolderGetsOne() throws IOException {
        byte[] flat = new TarBytes()
                .file("dataset.json", "{}")
                .file("imagesTr/a.nii.gz", "image")
                .bytes();
        server.replace(flat, "\"two\"");
        download().withMd5(md5(flat)).run(listener);
        isWhole();
    }

    @Test
    void anArchiveOnTheDiskIsCheckedUnpackedAndLeftAlone() throws IOException {
        Path tar = Files.write(Files.createTempDirectory("unet4j").resolve("a.tar"), archive);
        download().from(tar.toUri()).run(listener);
        isWhole();
        assertThat(tar).hasBinaryContent(archive);
        FolderTree.delete(folder.resolve("Task99_Test"));
        fails(download().from(tar.toUri()).withMd5(md5(new byte[0])), "a.tar] has the MD5 sum " + md5(archive));
        assertThat(tar).exists();
        FolderTree.delete(tar.getParent());
    }

    @Test
    void theArchiveStaysWhereThatIsAskedFor() throws IOException {
        download().keepingArchive().run(listener);
        assertThat(folder.resolve("Task99_Test.tar")).hasBinaryContent(archive);
        FolderTree.delete(folder.resolve("Task99_Test"));
        fails(download().keepingArchive(), "Task99_Test.tar");
    }

    @Test
    void aHalfUnpackedDatasetIsNotTakenForAWholeOne() throws IOException {
        Files.createDirectories(partial().resolve("unpacked/Task99_Test/imagesTr"));
        Files.writeString(partial().resolve("unpacked/Task99_Test/dataset.json"), "{}");
        Files.write(partial().resolve("Task99_Test.tar"), archive);
        assertThat(download().isThere()).isFalse();
        run();
        assertThat(server.asked()).as("the archive was whole").isEmpty();
    }

    @Test
    void twoProcessesAreNotAtItAtOnce() throws IOException {
        try (FolderLock other = FolderLock.take(partial(), "downloaded into")) {
            fails(download(), "is being downloaded into by another process");
        }
        run();
    }

    @Test
    void whatIsInTheWayIsNamedAndLeftAlone() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "mine");
        assertThatIOException()
                .isThrownBy(() -> new Download("T", server.address(), md5(archive), file, false, QUICK).run(listener))
                .withMessageContaining("[" + file + "] is a file; give the folder that T shall come into");
        Path mine = Files.createDirectories(folder.resolve("Task99_Test"));
        Files.writeString(mine.resolve("notes.txt"), "mine");
        assertThatIOException().isThrownBy(() -> download().run(listener)).withMessageContaining(mine.toString());
        assertThat(mine.resolve("notes.txt")).hasContent("mine");
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void anAddressOrSumThatMakesNoSenseIsTheCallersFault() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> download().from(URI.create("ftp://host/a.tar")))
                .withMessageContaining("must begin with https, http or file");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> download().withMd5("abc"))
                .withMessageContaining("'abc' must have 32 hexadecimal digits");
    }
}
