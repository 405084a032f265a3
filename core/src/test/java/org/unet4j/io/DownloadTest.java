package org.unet4j.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An archive from a server on this machine that breaks off, forgets, lies and changes its mind. */
class DownloadTest {

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
    void theDatasetAppearsWithoutWhatMacOsAddsAndNothingElseStays() throws IOException {
        world.run();
        assertThat(world.server.asked()).containsExactly("all");
        assertThat(world.told).isEmpty();
    }

    @Test
    void whatIsThereIsNotLoadedAgain() throws IOException {
        world.run();
        Files.writeString(world.folder.resolve("Task99_Test/dataset.json"), "edited");
        assertThat(world.download().isThere()).isTrue();
        world.download().run(world.listener);
        assertThat(world.server.asked()).hasSize(1);
        assertThat(world.folder.resolve("Task99_Test/dataset.json")).hasContent("edited");
    }

    @Test
    void aConnectionThatBreaksOffIsGoneOnWithByRange() throws IOException {
        world.server.then(world.server.breakingAfter(100_000)).then(world.server.breakingAfter(50_000));
        world.run();
        assertThat(world.server.asked()).hasSize(3).first().isEqualTo("all");
        assertThat(world.server.asked().subList(1, 3)).allMatch(range -> range.matches("bytes=[1-9]\\d+-"));
        assertThat(world.told).hasSize(2).allMatch(line -> line.contains("broke") && line.contains("trying again in"));
    }

    @Test
    void aLaterProcessGoesOnWithWhatAnEarlierOneBrought() throws IOException {
        world.server.then(world.server.breakingAfter(100_000)).then(ArchiveServer.status(404));
        world.fails(world.download(), "cannot be had: the server answers with status 404");
        long kept = Files.size(world.partial().resolve("Task99_Test.tar.part"));
        assertThat(kept).isPositive().isLessThanOrEqualTo(100_000);
        world.run();
        assertThat(world.server.asked()).last().isEqualTo("bytes=" + kept + "-");
    }

    @Test
    void aPartThatWasWholeWhenItsProcessWasKilledNeedsNoServer() throws IOException {
        Files.createDirectories(world.partial());
        Files.write(world.partial().resolve("Task99_Test.tar.part"), world.archive);
        Json.write(
                world.partial().resolve("Task99_Test.tar.part.json"),
                new PartialFile.Origin(
                        world.server.address().toString(), Optional.of("\"one\""), world.archive.length));
        world.run();
        assertThat(world.server.asked()).isEmpty();
    }

    @Test
    void aServerWithoutRangesSendsAllFromTheBeginning() throws IOException {
        world.server.then(world.server.breakingAfter(100_000)).then(world.server::withoutRanges);
        world.run();
        assertThat(world.server.asked()).hasSize(2).last().asString().startsWith("bytes=");
        assertThat(world.told).anyMatch(line -> line.contains("knows no ranges: beginning anew"));
    }

    @Test
    void anArchiveThatChangedMeanwhileIsNotSpliced() throws IOException {
        byte[] other = DownloadWorld.archive(2);
        world.server.then(exchange -> {
            world.server.breakingAfter(100_000).to(exchange);
            world.server.replace(other, "\"two\"");
        });
        assertThat(world.download().withMd5(DownloadWorld.md5(other)).run(world.listener))
                .isNotNull();
        world.isWhole();
        assertThat(world.told).anyMatch(line -> line.contains("another version by now"));
    }

    @Test
    void aServerThatSendsTheRestOfAnotherVersionIsNotBelieved() throws IOException {
        byte[] other = DownloadWorld.archive(2);
        world.server.then(world.server.breakingAfter(100_000)).then(exchange -> {
            world.server.replace(other, "\"two\"");
            world.server.withoutConditions(exchange);
        });
        assertThat(world.download().withMd5(DownloadWorld.md5(other)).run(world.listener))
                .isNotNull();
        assertThat(world.told).anyMatch(line -> line.contains("has another file than the one that had begun"));
        assertThat(world.server.asked()).last().isEqualTo("all");
    }

    @Test
    void aVersionWithoutANameIsBegunAnew() throws IOException {
        world.server.replace(world.archive, null);
        world.server.then(world.server.breakingAfter(100_000)).then(ArchiveServer.status(404));
        world.fails(world.download(), "404");
        assertThat(world.server.asked()).containsExactly("all", "all");
        world.run();
    }

    @Test
    void aPartOfWhichNothingIsKnownIsBegunAnew() throws IOException {
        Files.createDirectories(world.partial());
        Files.write(world.partial().resolve("Task99_Test.tar.part"), new byte[1000]);
        world.run();
        assertThat(world.server.asked()).containsExactly("all");
        assertThat(world.told).containsExactly("what had come before cannot be gone on with: beginning anew");
    }

    @Test
    void aPartFromAnotherAddressIsBegunAnew() throws IOException {
        world.server.then(world.server.breakingAfter(100_000)).then(ArchiveServer.status(404));
        world.fails(world.download(), "404");
        world.download().from(URI.create(world.server.address() + "?mirror")).run(world.listener);
        assertThat(world.server.asked()).last().isEqualTo("all");
        assertThat(world.told)
                .anyMatch(line -> line.contains("what had come before is from " + world.server.address()));
    }

    @Test
    void aPartThatIsLongerThanTheFileByNowIsDropped() throws IOException {
        world.server.then(world.server.breakingAfter(100_000)).then(ArchiveServer.status(416));
        world.run();
        assertThat(world.server.asked()).hasSize(3).last().isEqualTo("all");
    }

    @Test
    void aBusyServerIsAskedAgain() throws IOException {
        world.server.then(ArchiveServer.status(503)).then(ArchiveServer.status(429));
        world.run();
        assertThat(world.told).hasSize(2).first().asString().contains("status 503", "trying again");
    }

    @Test
    void aServerIsLeftAloneAsLongAsItAsks() throws IOException {
        world.server.then(ArchiveServer.status(503, "Retry-After", "1"));
        long start = System.nanoTime();
        world.run();
        assertThat(System.nanoTime() - start).isGreaterThan(TimeUnit.SECONDS.toNanos(1));
        assertThat(world.told).first().asString().contains("trying again in 1 s");
    }

    @Test
    void aServerThatAsksForALongPauseIsNotWaitedFor() {
        world.server.then(ArchiveServer.status(503, "Retry-After", "7200"));
        world.fails(world.download(), "status 503", "asks to be left alone for 120 min");
    }

    @Test
    void aServerThatNeverRecoversIsGivenUp() {
        for (int i = 0; i < 4; i++) {
            world.server.then(ArchiveServer.status(500));
        }
        world.fails(world.download(), "status 500", "4 attempts brought nothing", "try again later");
        assertThat(world.server.asked()).hasSize(4);
    }

    @Test
    void attemptsThatBringSomethingAreNotCounted() throws IOException {
        for (int i = 0; i < 10; i++) {
            world.server.then(world.server.breakingAfter(20_000));
        }
        world.run();
        assertThat(world.server.asked()).hasSize(11);
    }

    @Test
    void aServerThatFallsSilentIsLikeABrokenConnection() throws IOException {
        CountDownLatch done = new CountDownLatch(1);
        world.server.then(exchange -> {
            exchange.getResponseHeaders().set("ETag", "\"one\"");
            exchange.sendResponseHeaders(200, world.archive.length);
            exchange.getResponseBody().write(world.archive, 0, 50_000);
            exchange.getResponseBody().flush();
            try {
                done.await(30, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Patience shortEars = new Patience(
                Duration.ofMillis(1), Duration.ofMillis(1), 50, Duration.ofSeconds(1), Duration.ofSeconds(60));
        world.download().withPatience(shortEars).run(world.listener);
        done.countDown();
        world.isWhole();
        assertThat(world.told).anyMatch(line -> line.contains("nothing came for 1 s"));
        assertThat(world.server.asked()).anyMatch(range -> range.startsWith("bytes="));
    }

    @Test
    void aWrongSumPutsTheArchiveAsideAndTheNextAttemptBeginsAnew() throws IOException {
        byte[] damaged = world.archive.clone();
        damaged[200_000] ^= 1;
        world.server.replace(damaged, "\"one\"");
        world.fails(
                world.download(),
                "Task99_Test.tar.wrong] has the MD5 sum " + DownloadWorld.md5(damaged),
                "should have " + DownloadWorld.md5(world.archive));
        assertThat(world.partial().resolve("Task99_Test.tar.wrong")).hasBinaryContent(damaged);
        world.server.replace(world.archive, "\"two\"");
        world.run();
        assertThat(world.server.asked()).containsExactly("all", "all");
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 410})
    void anAddressThatIsWrongIsToldAtOnce(int status) {
        world.server.then(ArchiveServer.status(status));
        world.fails(world.download(), world.server.address().toString(), "status " + status, "check the address");
        assertThat(world.server.asked()).hasSize(1);
    }

    @Test
    void aLoginPageIsNoArchiveAndWhatHadComeStays() throws IOException {
        world.server.then(world.server.breakingAfter(100_000)).then(exchange -> {
            byte[] page = "<html>Welcome to the hotel</html>".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
        });
        world.fails(world.download(), "answers with a web page");
        assertThat(world.partial().resolve("Task99_Test.tar.part")).isNotEmptyFile();
        world.run();
        assertThat(world.server.asked()).last().asString().startsWith("bytes=");
    }

    @Test
    void anAnswerWithoutALengthIsRefused() {
        world.server.then(exchange -> exchange.sendResponseHeaders(200, 0));
        world.fails(world.download(), "does not say how long the archive is");
    }

    @Test
    void withoutANetworkTheHostIsNamedAtOnce() throws IOException {
        try (ServerSocket unused = new ServerSocket(0)) {
            world.server.close();
            int port = unused.getLocalPort();
            unused.close();
            world.fails(
                    world.download().from(URI.create("http://localhost:" + port + "/a.tar")),
                    "localhost:" + port,
                    "cannot be reached",
                    "check the connection");
        }
        world.fails(
                world.download().from(URI.create("http://nowhere.invalid/a.tar")),
                "cannot be reached: there is no such host");
        assertThat(world.told).isEmpty();
    }
}
