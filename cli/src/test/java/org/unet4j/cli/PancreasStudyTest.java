package org.unet4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.io.Json;
import org.unet4j.report.BenchmarkResult;
import org.unet4j.report.NetworkResult;

/** The study's own script, on a small synthetic dataset that a server on this machine offers as Task07_Pancreas.tar. */
@DisabledOnOs(OS.WINDOWS)
class PancreasStudyTest {
    private static final long PATIENCE_SECONDS = 300;

    @TempDir
    Path folder;

    private Path out;
    private Path err;

    /** Returns the exit code of the script, which starts this build in place of the launcher's. */
    private int study(String address, String md5, String... arguments) throws IOException, InterruptedException {
        Path launcher = folder.resolve("unet4j");
        Files.writeString(
                launcher,
                "#!/bin/sh\nexec '%s/bin/java' -Xmx1g -cp '%s' %s \"$@\"\n"
                        .formatted(
                                System.getProperty("java.home"),
                                System.getProperty("java.class.path"),
                                Main.class.getName()));
        launcher.toFile().setExecutable(true);
        out = folder.resolve("out.txt");
        err = folder.resolve("err.txt");
        var command = new ArrayList<>(List.of("bash", "../runs/pancreas.sh"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().put("UNET4J", launcher.toString());
        builder.environment().put("MSD_URL", address);
        builder.environment().put("MSD_MD5", md5);
        builder.environment().put("STEPS", "2");
        Process process = builder.start();
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    @Test
    void theStudyRunsFromTheArchiveToTheReportAndGoesOn() throws IOException, InterruptedException {
        byte[] tar = PackedPhantom.tar(folder.resolve("packed"), 5);
        Path study = folder.resolve("the study");
        try (TarServer server = TarServer.good(tar)) {
            assertThat(study(server.address(), PackedPhantom.md5(new byte[0]), study.toString()))
                    .as("another archive than was asked for")
                    .isEqualTo(Main.FAILED);
            assertThat(err).content().contains("has the MD5 sum " + PackedPhantom.md5(tar));

            assertThat(study(server.address(), PackedPhantom.md5(tar), study.toString(), "2"))
                    .as(Files.readString(err))
                    .isEqualTo(Main.DONE);
            assertThat(err)
                    .content()
                    .contains("no card: small networks")
                    .contains("attention-resunet, seed 1: run 4 of 4");
            Path results = study.resolve("work/benchmark/Task07_Pancreas");
            BenchmarkResult result = Json.read(results.resolve("results.json"), BenchmarkResult.class);
            assertThat(result.steps()).isEqualTo(2);
            assertThat(result.networks())
                    .extracting(NetworkResult::name)
                    .containsExactly("unet", "resunet", "attention-unet", "attention-resunet");
            assertThat(result.provenance().get("command")).endsWith("--ranks 2");
            assertThat(results.resolve("report.html")).isNotEmptyFile();

            assertThat(study(server.address(), PackedPhantom.md5(tar), study.toString(), "2"))
                    .isEqualTo(Main.DONE);
            assertThat(err)
                    .content()
                    .contains("is there already")
                    .contains("attention-resunet, seed 1: Dice")
                    .contains("(scored before)");
            assertThat(server.asked()).as("loaded once for each sum").hasSize(2);
        }
    }

    @Test
    void aNumberOfRanksThatIsNoneIsToldBeforeAnythingIsDone() throws IOException, InterruptedException {
        assertThat(study("http://localhost:1/a.tar", "", folder.resolve("study").toString(), "many"))
                .isEqualTo(Main.USAGE);
        assertThat(err).content().isEqualTo("RANKS is 'many', must be a number from 1\n");
        assertThat(folder.resolve("study")).doesNotExist();
    }
}
