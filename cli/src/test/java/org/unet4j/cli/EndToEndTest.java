package org.unet4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.eval.CaseScores;
import org.unet4j.io.Json;
import org.unet4j.io.Nifti;
import org.unet4j.io.NiftiHeader;
import org.unet4j.report.BenchmarkResult;
import org.unet4j.report.ThroughputResult;
import org.unet4j.volume.Shape;

/** A user's whole way from scans to a table, each command a process of its own in a folder of its own. */
class EndToEndTest {
    private static final String CONFIG = "steps: 2\nmachine: {checkpointEvery: 1}\nvalidation: {every: 0}\n";

    @TempDir
    Path folder;

    private record Finished(int code, String out, String err) {}

    private Finished unet4j(String... arguments) throws IOException, InterruptedException {
        Path out = folder.resolve("out.txt");
        Path err = folder.resolve("err.txt");
        int code = start(folder, out, err, Main.class, arguments).waitFor();
        return new Finished(code, Files.readString(out), Files.readString(err));
    }

    /** Returns a process that runs {@code main} in {@code folder} and prints to the two files. */
    static Process start(Path folder, Path out, Path err, Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(TestJava.command(System.getProperty("java.class.path"), main));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
    }

    private Finished succeeds(String... arguments) throws IOException, InterruptedException {
        Finished finished = unet4j(arguments);
        assertThat(finished.code)
                .as("%s%n%s%s", String.join(" ", arguments), finished.out, finished.err)
                .isEqualTo(Main.DONE);
        return finished;
    }

    @Test
    void aSyntheticDatasetIsPreparedLearnedPredictedAndScored() throws IOException, InterruptedException {
        succeeds("phantom", "ct", "--cases", "5", "--seed", "3");
        Files.writeString(folder.resolve("short.yaml"), CONFIG);
        assertThat(succeeds("inspect", "ct").out).contains("no problems");
        learnPredictAndScore(folder.resolve("ct"));
        measuresSpeed("ct");
    }

    @Test
    void realScansArePreparedLearnedPredictedAndScored() throws IOException, InterruptedException {
        Path source = realHippocampus();
        Path few = folder.resolve("Hippocampus");
        copyCases(source, few, 6);
        Files.writeString(folder.resolve("short.yaml"), CONFIG);
        assertThat(succeeds("inspect", "Hippocampus").out)
                .contains("hippocampus_003.nii.gz] labels are stored as float32, all whole numbers", "1 problem\n");
        assertThat(succeeds("inspect", "Hippocampus", "--repair", "mended").out).contains("no problems");
        learnPredictAndScore(few);
        comparesTwoNetworks(few);
    }

    private void learnPredictAndScore(Path dataset) throws IOException, InterruptedException {
        String name = dataset.getFileName().toString();
        assertThat(succeeds("prepare", name).out).contains("prepared", "plan: spacing");
        assertThat(succeeds("prepare", name).err)
                .as("nothing is prepared twice")
                .doesNotContain("preparing cases");

        String[] train = {"train", name, "--model", "unet", "--fold", "0", "--config", "short.yaml", "--out", "run"};
        assertThat(succeeds(train).out).contains("trained 2 steps");
        assertThat(unet4j(train).code).as("a run is never overwritten").isEqualTo(Main.FAILED);

        List<Path> scans;
        try (Stream<Path> files = Files.list(dataset.resolve("imagesTr"))) {
            scans = files.sorted().limit(2).toList();
        }
        assertThat(folder.resolve("run/ranges.yaml"))
                .content()
                .contains("cases:")
                .doesNotContain(".nii");
        succeeds("predict", "run", scans.get(0).toString(), scans.get(1).toString(), "--out", "labels");
        for (Path scan : scans) {
            NiftiHeader labels = Nifti.readHeader(folder.resolve("labels").resolve(Nifti.stem(scan) + ".nii.gz"));
            assertThat(labels.grid()).isEqualTo(Nifti.readHeader(scan).grid());
        }
        Finished mirrored = unet4j("predict", "run", scans.get(0).toString(), "--mirror", "--out", "mirrored");
        assertThat(mirrored.code).isEqualTo(Main.FAILED);
        assertThat(mirrored.err).contains("--mirror: the network in [run] learned without mirroring");
        succeeds("evaluate", "labels", name, "--partial", "--json", "scores.json");
        CaseScores scores = CaseScores.readJson(folder.resolve("scores.json"));
        assertThat(scores.cases()).hasSize(2);
        assertThat(scores.meanDice()).isBetween(0.0, 1.0);
    }

    private void measuresSpeed(String name) throws IOException, InterruptedException {
        Finished uneven = unet4j("throughput", name, "--patch", "33x32x32");
        assertThat(uneven.code).isEqualTo(Main.FAILED);
        assertThat(uneven.err).contains("unet4j: patch (33, 32, 32) must be divisible by");
        String plan =
                Files.readString(folder.resolve("work/prepared").resolve(name).resolve("plan.yaml"));
        assertThat(succeeds(
                                "throughput",
                                name,
                                "--models",
                                "unet",
                                "--precisions",
                                "fp32",
                                "--steps",
                                "1",
                                "--warmup",
                                "1",
                                "--rounds",
                                "1",
                                "--naive",
                                "--patch",
                                "32x32x32",
                                "--batch",
                                "1",
                                "--out",
                                "speed")
                        .out)
                .containsPattern("unet +fp32 +auto +offline +\\d")
                .containsPattern("unet +fp32 +auto +naive +\\d");
        ThroughputResult result = ThroughputResult.read(folder.resolve("speed/throughput.json"));
        assertThat(result.patch()).isEqualTo(Shape.cube(32));
        assertThat(result.provenance().get("command")).startsWith("unet4j throughput ct --models unet");
        assertThat(folder.resolve("work/prepared").resolve(name).resolve("plan.yaml"))
                .as("the plan stays")
                .hasContent(plan);
    }

    private void comparesTwoNetworks(Path dataset) throws IOException, InterruptedException {
        String[] benchmark = {
            "benchmark", dataset.getFileName().toString(), "--models", "unet,attention-unet", "--config", "short.yaml"
        };
        assertThat(succeeds(benchmark).out).contains("attention-unet", "report.html");
        Path out = folder.resolve("work/benchmark").resolve(dataset.getFileName());
        BenchmarkResult result = Json.read(out.resolve("results.json"), BenchmarkResult.class);
        assertThat(result.networks()).hasSize(2);
        assertThat(out.resolve("report.html")).content().contains("<svg", "data:image/png");
        assertThat(succeeds(benchmark).err).as("scored before").contains("scored before");
    }

    private static Path realHippocampus() {
        String property = System.getProperty("unet4j.data", System.getenv("UNET4J_DATA"));
        assumeTrue(property != null, "no real data: set UNET4J_DATA to a folder with Task04_Hippocampus");
        Path source = Path.of(property, "Task04_Hippocampus");
        assumeTrue(Files.isDirectory(source), source + " is not there");
        return source;
    }

    private static void copyCases(Path source, Path target, int count) throws IOException {
        List<Path> images;
        try (Stream<Path> files = Files.list(source.resolve("imagesTr"))) {
            images = files.filter(Nifti::isNifti).sorted().limit(count).toList();
        }
        Files.createDirectories(target.resolve("imagesTr"));
        Files.createDirectories(target.resolve("labelsTr"));
        List<Map<String, String>> training = new ArrayList<>();
        for (Path image : images) {
            String file = image.getFileName().toString();
            Files.copy(image, target.resolve("imagesTr").resolve(file));
            Files.copy(
                    source.resolve("labelsTr").resolve(file),
                    target.resolve("labelsTr").resolve(file));
            training.add(Map.of("image", "./imagesTr/" + file, "label", "./labelsTr/" + file));
        }
        Json.write(
                target.resolve("dataset.json"),
                Map.of(
                        "name",
                        "Hippocampus",
                        "modality",
                        Map.of("0", "MRI"),
                        "labels",
                        Map.of("0", "background", "1", "Anterior", "2", "Posterior"),
                        "numTraining",
                        count,
                        "numTest",
                        0,
                        "training",
                        training,
                        "test",
                        List.of()));
    }
}
