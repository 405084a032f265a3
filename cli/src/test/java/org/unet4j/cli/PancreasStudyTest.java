package org.unet4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.report.BenchmarkResult;
import org.unet4j.report.NetworkResult;

/** The study's own script, on a small synthetic dataset that a server on this machine offers as Task07_Pancreas.tar. */
@DisabledOnOs(OS.WINDOWS)
class PancreasStudyTest {
    private static final long PATIENCE_SECONDS = 300;
    private static final long POLL_MILLIS = 50;
    private static final int TERMINATED = 143;

    @TempDir
    Path folder;

    private Path out;
    private Path err;

    /** Starts the script, and in it this build in place of the launcher's. */
    private Process start(String address, String md5, String... arguments) throws IOException {
        Path launcher = folder.resolve("unet4j");
        Files.writeString(
                launcher,
                "#!/bin/sh\nexec '%s' \"$@\"\n"
                        .formatted(String.join(
                                "' '", TestJava.command(System.getProperty("java.class.path"), Main.class))));
        launcher.toFile().setExecutable(true);
        out = folder.resolve("out.txt");
        err = folder.resolve("err.txt");
        List<String> command = new ArrayList<>(List.of("bash", "../runs/pancreas.sh"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment()
                .putAll(Map.of("UNET4J", launcher.toString(), "MSD_URL", address, "MSD_MD5", md5, "STEPS", "2"));
        return builder.start();
    }

    private static int end(Process process) throws InterruptedException {
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    @Test
    @Tag("slow")
    void theStudyRunsFromTheArchiveToTheReportAndGoesOnWhereItWasStopped() throws IOException, InterruptedException {
        byte[] tar = PackedPhantom.tar(folder.resolve("packed"), 5);
        String study = folder.resolve("the study").toString();
        try (TarServer server = TarServer.good(tar)) {
            Process first = start(server.address(), PackedPhantom.md5(tar), study, "2");
            while (!Files.readString(err).contains("resunet, seed 1: run 2 of 4")) {
                assertThat(first.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS))
                        .as(Files.readString(err))
                        .isFalse();
            }
            first.destroy();
            assertThat(end(first)).isEqualTo(TERMINATED);

            Process second = start(server.address(), PackedPhantom.md5(tar), study, "2");
            assertThat(end(second)).as(Files.readString(err)).isEqualTo(Main.DONE);
            assertThat(err)
                    .content()
                    .contains("Task07_Pancreas is there already")
                    .contains("no card: small networks")
                    .containsPattern("unet, seed 1: Dice .* \\(scored before\\)")
                    .contains("attention-resunet, seed 1: run 4 of 4");
            assertThat(server.asked()).containsExactly("all");
        }
        Path results = folder.resolve("the study").resolve("work").resolve("benchmark/Task07_Pancreas");
        BenchmarkResult result = BenchmarkResult.read(results.resolve("results.json"));
        assertThat(result.steps()).isEqualTo(2);
        assertThat(result.networks())
                .extracting(NetworkResult::name)
                .containsExactly("unet", "resunet", "attention-unet", "attention-resunet");
        assertThat(result.provenance().get("command")).endsWith("--ranks 2");
        assertThat(results.resolve("report.html")).isNotEmptyFile();
    }

    @Test
    void anArchiveWithAnotherSumEndsTheStudy() throws IOException, InterruptedException {
        byte[] tar = {1, 2, 3};
        Path study = folder.resolve("study");
        try (TarServer server = TarServer.good(tar)) {
            Process process = start(server.address(), PackedPhantom.md5(new byte[0]), study.toString());
            assertThat(end(process)).isEqualTo(Main.FAILED);
        }
        assertThat(err).content().contains("has the MD5 sum " + PackedPhantom.md5(tar));
        assertThat(study.resolve("Task07_Pancreas")).doesNotExist();
        assertThat(study.resolve("work")).doesNotExist();
    }

    @Test
    void aNumberOfRanksThatIsNoneIsToldBeforeAnythingIsDone() throws IOException, InterruptedException {
        assertThat(end(start(
                        "http://localhost:1/a.tar", "", folder.resolve("study").toString(), "many")))
                .isEqualTo(Main.USAGE);
        assertThat(err).content().isEqualTo("RANKS is 'many', must be a number from 1\n");
        assertThat(folder.resolve("study")).doesNotExist();
    }
}
