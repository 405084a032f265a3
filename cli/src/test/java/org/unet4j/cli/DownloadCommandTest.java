package org.unet4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.unet4j.io.Dataset;
import org.unet4j.io.LoadedCase;

/** What a person sees of a download that goes well, that is stopped, killed, or asked for wrongly. */
class DownloadCommandTest {
    private static final int CASES = 2;
    private static final long PATIENCE_SECONDS = 300;
    private static final long POLL_MILLIS = 10;

    @TempDir
    static Path shared;

    @TempDir
    Path folder;

    private static byte[] tar;
    private static Path file;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeAll
    static void pack() throws IOException {
        tar = PackedPhantom.tar(shared, CASES);
        file = Files.write(shared.resolve("packed.tar"), tar);
    }

    private int run(String... arguments) {
        return Main.run(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                arguments);
    }

    private String text(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }

    private String[] download(String from, String... more) {
        return Stream.concat(
                        Stream.of(
                                "download",
                                "pancreas",
                                folder.toString(),
                                "--from",
                                from,
                                "--md5",
                                PackedPhantom.md5(tar)),
                        Stream.of(more))
                .toArray(String[]::new);
    }

    @Test
    void anArchiveWithAllTheDecathlonsQuirksBecomesADatasetWithoutProblems() throws IOException {
        assertThat(run(download(file.toString()))).as(text(err)).isEqualTo(Main.DONE);
        Path task = folder.resolve("Task07_Pancreas");
        assertThat(text(out).lines()).containsExactly(task + ": 2 labelled and 1 unlabelled cases");
        assertThat(text(err)).contains("Task07_Pancreas: unpacking: ");
        Dataset dataset = Dataset.open(task);
        assertThat(dataset.problems()).isEmpty();
        assertThat(dataset.training().get(0).images().get(0)).hasFileName("phantom_000.nii");
        for (var one : dataset.training()) {
            assertThat(LoadedCase.read(dataset, one).findings().problems()).isEmpty();
        }
        assertThat(run(download("http://localhost:1/gone.tar")))
                .as("it is there already")
                .isEqualTo(Main.DONE);
        assertThat(text(err)).contains(task + " is there already");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "download Task11_Nose there            | task 'Task11_Nose' is unknown; choose among Task01_BrainTumour, Task02_Heart",
                "download pancreas                     | Missing required parameter: 'DIR'",
                "download pancreas there --md5 abc     | MD5 sum 'abc' must have 32 hexadecimal digits",
                "download pancreas there --from ftp:/x | is no address that can be loaded from",
            })
    void whatMakesNoSenseIsAUsageError(String command, String message) {
        assertThat(run(command.split(" "))).isEqualTo(Main.USAGE);
        assertThat(text(err)).contains(message).contains("--help");
    }

    @Test
    void whatCannotBeDoneIsToldInOneLine() throws IOException {
        Path taken = Files.writeString(folder.resolve("taken"), "mine");
        assertThat(run("download", "7", taken.toString())).isEqualTo(Main.FAILED);
        assertThat(run(download("http://nowhere.invalid/a.tar"))).isEqualTo(Main.FAILED);
        assertThat(run(download(folder.resolve("absent.tar").toString()))).isEqualTo(Main.FAILED);
        List<String> lines = text(err).lines().toList();
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0))
                .isEqualTo("unet4j: [" + taken + "] is a file; give the folder that Task07_Pancreas shall come into");
        assertThat(lines.get(1))
                .startsWith("unet4j: [http://nowhere.invalid/a.tar] cannot be reached: there is no such host");
        assertThat(lines.get(2))
                .isEqualTo("unet4j: [" + folder.resolve("absent.tar")
                        + "] does not exist; give the .tar file of the dataset");
    }

    @DisabledOnOs(OS.WINDOWS)
    @ParameterizedTest
    @CsvSource({"INT, 130", "TERM, 143", "KILL, 137"})
    void aDownloadThatIsStoppedInTheMiddleGoesOn(String signal, int exitCode) throws IOException, InterruptedException {
        assumeTrue(!signal.equals("INT") || CtrlCTest.sigintIsHeard(), "SIGINT is ignored here");
        try (TarServer server = TarServer.stallingOnce(tar)) {
            Path part = folder.resolve("Task07_Pancreas.partial/Task07_Pancreas.tar.part");
            Process process = start(download(server.address()));
            while (!Files.exists(part) || Files.size(part) < tar.length / 2) {
                assertThat(process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS))
                        .as(printed())
                        .isFalse();
            }
            new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                    .start()
                    .waitFor();
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(exitCode);
            if (!signal.equals("KILL")) {
                assertThat(printed()).contains("unet4j: stopped; the same command goes on from here");
            }
            assertThat(folder.resolve("Task07_Pancreas")).doesNotExist();

            Process next = start(download(server.address()));
            assertThat(next.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(next.exitValue()).as(printed()).isEqualTo(Main.DONE);
            assertThat(server.asked()).containsExactly("all", "bytes=" + tar.length / 2 + "-");
            assertThat(Dataset.open(folder.resolve("Task07_Pancreas")).training())
                    .hasSize(CASES);
        }
    }

    private Process start(String... arguments) throws IOException {
        return EndToEndTest.start(folder, folder.resolve("out.txt"), folder.resolve("err.txt"), Main.class, arguments);
    }

    private String printed() throws IOException {
        return Files.readString(folder.resolve("err.txt"));
    }
}
