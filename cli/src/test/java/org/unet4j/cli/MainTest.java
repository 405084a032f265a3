package org.unet4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.unet4j.io.Json;
import org.unet4j.io.Nifti;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
import org.unet4j.volume.Volume;

/** What a person sees who makes a mistake: a line or two, and the exit code that scripts rely on. */
class MainTest {
    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... arguments) {
        return Main.run(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                arguments);
    }

    private String errors() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aMissingFileIsNamedInOneLine() {
        Path missing = folder.resolve("missing.nii.gz");
        assertThat(run("inspect", missing.toString())).isEqualTo(Main.FAILED);
        assertThat(errors().lines()).containsExactly("unet4j: [" + missing + "] does not exist");
    }

    @Test
    void aFileThatIsNoNiftiIsNamedWithoutAStackTrace() throws IOException {
        Path html = Files.writeString(folder.resolve("scan.nii"), "<!DOCTYPE html><html>not found</html>".repeat(20));
        assertThat(run("inspect", html.toString())).isEqualTo(Main.FAILED);
        assertThat(errors()).contains("scan.nii").doesNotContain("at org.unet4j");
    }

    @Test
    void debugShowsTheStackTrace() throws IOException {
        Path empty = Files.createFile(folder.resolve("empty.nii"));
        assertThat(run("inspect", empty.toString(), "--debug")).isEqualTo(Main.FAILED);
        assertThat(errors()).contains("at org.unet4j");
    }

    @Test
    void anUnknownModelIsAnErrorThatNamesTheKnownOnes() throws IOException {
        Path dataset = folder.resolve("phantoms");
        assertThat(run("phantom", dataset.toString(), "--cases", "5")).isEqualTo(Main.DONE);
        assertThat(run("train", dataset.toString(), "--model", "vnet", "--fold", "0"))
                .isNotEqualTo(Main.DONE);
        assertThat(errors()).contains("vnet", "attention-resunet");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--models vnet       | --models vnet is unknown; choose among unet, resunet",
                "--models unet,unet  | names a network twice",
                "--precisions fp8    | --precisions fp8 is unknown; choose among fp64, fp32, tf32, bf16, fp16",
                "--precisions bf16,BF16 | names a precision twice",
                "--patch 64x64       | --patch 64x64 must be three sizes along z, y and x, such as 64x64x64",
                "--steps 0           | --steps 0 must be at least 1",
                "--warmup 0          | --warmup 0 must be at least 1",
                "--batch 0           | --batch 0 must be at least 1",
            })
    void aThroughputThatCannotBeMeasuredIsToldBeforeAnythingIsMade(String options, String message) {
        List<String> arguments = new ArrayList<>(List.of("throughput", folder.toString()));
        arguments.addAll(List.of(options.split(" ")));
        assertThat(run(arguments.toArray(String[]::new))).isEqualTo(Main.USAGE);
        assertThat(errors()).contains(message);
    }

    @Test
    void throughputsOfEarlierAreNotOverwritten() throws IOException {
        Files.writeString(folder.resolve("throughput.json"), "{}");
        assertThat(run("throughput", "--out", folder.toString())).isEqualTo(Main.FAILED);
        assertThat(errors()).contains("holds a measurement already", "--out");
    }

    @Test
    void aFoldThatIsNoFoldIsExplained() throws IOException {
        Path dataset = folder.resolve("phantoms");
        assertThat(run("phantom", dataset.toString(), "--cases", "5")).isEqualTo(Main.DONE);
        assertThat(run("train", dataset.toString(), "--model", "unet", "--fold", "7"))
                .isEqualTo(Main.USAGE);
        assertThat(errors()).contains("fold 7 does not exist", "0 to 4");
    }

    @ParameterizedTest
    @ValueSource(strings = {"train --model unet", "benchmark"})
    void aValueThatBreaksARuleIsToldBeforeAnythingIsPrepared(String command) throws IOException {
        Path dataset = folder.resolve("phantoms");
        assertThat(run("phantom", dataset.toString(), "--cases", "5")).isEqualTo(Main.DONE);
        Path config = Files.writeString(folder.resolve("config.yaml"), "steps: -5");
        List<String> arguments = new ArrayList<>(List.of(command.split(" ")));
        arguments.addAll(List.of(dataset.toString(), "--fold", "0", "--config", config.toString()));
        err.reset();
        assertThat(run(arguments.toArray(String[]::new))).isEqualTo(Main.FAILED);
        assertThat(errors().lines()).containsExactly("unet4j: [" + config + "] steps -5 must be at least 1");
    }

    @Test
    void stepsBelowOneAndWeightsThatAreNotThereAreToldAtOnce() throws IOException {
        Path dataset = folder.resolve("phantoms");
        assertThat(run("phantom", dataset.toString(), "--cases", "5")).isEqualTo(Main.DONE);
        String[] train = {
            "train",
            dataset.toString(),
            "--model",
            "unet",
            "--fold",
            "0",
            "--out",
            folder.resolve("run").toString()
        };
        assertThat(run(Stream.concat(Stream.of(train), Stream.of("--steps", "0"))
                        .toArray(String[]::new)))
                .isEqualTo(Main.USAGE);
        assertThat(errors()).contains("--steps 0 must be at least 1");
        assertThat(run(Stream.concat(Stream.of(train), Stream.of("--init", "absent"))
                        .toArray(String[]::new)))
                .isEqualTo(Main.FAILED);
        assertThat(errors()).contains("--init [absent] does not exist").doesNotContain("preparing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"train --model unet", "benchmark"})
    void aMisspeltKeyIsToldBeforeAnythingIsPrepared(String command) throws IOException {
        Path dataset = folder.resolve("phantoms");
        assertThat(run("phantom", dataset.toString(), "--cases", "5")).isEqualTo(Main.DONE);
        Path config =
                Files.writeString(folder.resolve("config.yaml"), "samples: {augmentation: {noise: {probabilty: 0.5}}}");
        List<String> arguments = new ArrayList<>(List.of(command.split(" ")));
        arguments.addAll(List.of(dataset.toString(), "--fold", "0", "--config", config.toString()));
        err.reset();
        assertThat(run(arguments.toArray(String[]::new))).isEqualTo(Main.FAILED);
        assertThat(errors().lines())
                .containsExactly("unet4j: [" + config + "] unknown key 'probabilty' in 'samples.augmentation.noise';"
                        + " did you mean 'probability'?");
    }

    @Test
    void warningsAreNoFailure() throws IOException {
        Path dataset = folder.resolve("phantoms");
        assertThat(run("phantom", dataset.toString(), "--cases", "5")).isEqualTo(Main.DONE);
        Path description = dataset.resolve("dataset.json");
        String text = Files.readString(description);
        Files.writeString(description, text.replaceFirst("(\"numTraining\"\\s*:\\s*)\\d+", "$19"));
        assertThat(run("inspect", dataset.toString())).isEqualTo(Main.DONE);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("warning: ", "numTraining is 9, but there are");
        try (Stream<Path> images = Files.list(dataset.resolve("imagesTr"))) {
            Files.delete(images.findFirst().orElseThrow());
        }
        assertThat(run("inspect", dataset.toString())).isEqualTo(Main.FAILED);
    }

    @Test
    void inspectShowsGeometryIntensitiesAndLabelsOfADataset() throws IOException {
        Path dataset = folder.resolve("phantoms");
        assertThat(run("phantom", dataset.toString(), "--cases", "5")).isEqualTo(Main.DONE);
        out.reset();
        assertThat(run("inspect", dataset.toString())).isEqualTo(Main.DONE);
        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .anyMatch(line -> line.matches("shape        \\d.* x .* x .* voxels \\(x, y, z\\)"))
                .anyMatch(line -> line.matches("spacing      \\d.* x .* x .* mm"))
                .anyMatch(line -> line.matches("orientation  [RL][AP][SI] in 5"))
                .anyMatch(line -> line.matches("values       CT: min -1\\S+, max \\d\\S+, mean -\\S+"))
                .anyMatch(line -> line.matches("label        1 pancreas: in 5 of 5 cases, .* voxels, .* ml"))
                .anyMatch(line -> line.matches("label        2 tumour: in [1-5] of 5 cases, .* voxels, .* ml"))
                .endsWith("no problems");
        out.reset();
        assertThat(run("inspect", dataset.toString(), "--json")).isEqualTo(Main.DONE);
        String line = out.toString(StandardCharsets.UTF_8);
        InspectCommand.DatasetReport report = Json.parse(dataset, line, InspectCommand.DatasetReport.class);
        assertThat(report.training()).isEqualTo(5);
        assertThat(report.contents().orElseThrow().cases()).isEqualTo(5);
        assertThat(report.contents().orElseThrow().classes()).containsOnlyKeys(1, 2);
    }

    /** Two legs in air: the crop to the largest body keeps the left one. */
    private Path legs(int cases) throws IOException {
        Path dataset = folder.resolve("legs");
        Grid grid = Grid.of(new Shape(16, 16, 48), new Spacing(4, 4, 4));
        short[] hu = new short[grid.shape().arrayLength()];
        byte[] classes = new byte[hu.length];
        for (int i = 0; i < hu.length; i++) {
            int x = i % 48;
            hu[i] = (short) (x < 16 || x > 40 ? i % 100 : -1000);
            classes[i] = (byte) (x == 8 || x == 44 ? 1 : 0);
        }
        for (int i = 0; i < cases; i++) {
            hu[0] = (short) i; // No scan is in two cases.
            Nifti.write(dataset.resolve("imagesTr/leg" + i + "_0000.nii.gz"), Volume.of(grid, hu));
            Nifti.write(dataset.resolve("labelsTr/leg" + i + ".nii.gz"), new Labels(grid, classes));
        }
        Files.writeString(
                dataset.resolve("dataset.json"),
                "{\"channel_names\": {\"0\": \"CT\"}, \"labels\": {\"background\": 0, \"bone\": 1}}");
        return dataset;
    }

    @Test
    void foregroundThatTheCropLosesIsToldByInspectAndByPrepare() throws IOException {
        Path dataset = legs(2);
        String warning = "256 of 512 foreground voxels lie outside what 'crop: body' keeps";
        assertThat(run("inspect", dataset.toString())).isEqualTo(Main.DONE);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("leg0.nii.gz] " + warning, "2 problems");
        PrintStream before = System.err;
        try {
            System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8)); // Where the log goes.
            assertThat(run(
                            "prepare",
                            dataset.toString(),
                            "--out",
                            folder.resolve("store").toString()))
                    .isEqualTo(Main.DONE);
        } finally {
            System.setErr(before);
        }
        assertThat(errors()).contains("leg1.nii.gz] " + warning);
    }

    @Test
    void aDatasetIsNeverWrittenOverAnother() throws IOException {
        Path dataset = folder.resolve("phantoms");
        assertThat(run("phantom", dataset.toString(), "--cases", "5")).isEqualTo(Main.DONE);
        assertThat(run("phantom", dataset.toString(), "--cases", "5")).isEqualTo(Main.FAILED);
        assertThat(errors()).contains(dataset.toString());
    }

    @Test
    void scoresAreNeverWrittenOverOthers() throws IOException {
        Path scores = Files.createFile(folder.resolve("scores.json"));
        assertThat(run("evaluate", folder.toString(), folder.toString(), "--json", scores.toString()))
                .isEqualTo(Main.FAILED);
        assertThat(errors()).contains("scores.json", "never overwritten");
        assertThat(scores).isEmptyFile();
    }

    @ParameterizedTest
    @CsvSource({
        "benchmark --seeds 0, --seeds 0 must be at least 1",
        "'benchmark --models unet,unet', 'names a network twice'",
        "phantom there --cases 0, --cases 0 must be at least 1",
        "prepare ct --shard 0/4, '--shard: shard 0/4 does not exist: i/n has i from 1 to n; add 1 where'",
        "predict run in --out out --shard 5/4, --shard: shard 5/4 does not exist",
        "evaluate a b --json c --shard x, '--shard: shard ''x'' must be two numbers i/n'",
        "evaluate a b --shard 1/2, --shard needs --json",
        "evaluate a b --shard 1/2 --json c --csv d, goes without --csv",
        "evaluate a b --tolerances x=1, '--tolerances: tolerances ''x=1'' must be millimetres'",
        "evaluate a b --tolerances -1, '--tolerances: tolerance -1.0 mm must be a number from 0'",
        "evaluate a b --tolerances kidney, '--tolerances: task ''kidney'' is unknown'",
        "evaluate --gather c --tolerances 1, '--gather goes with --json, --csv and --cases only'",
        "evaluate a b --shard 1/2 --json c --cases, --cases goes with --gather",
        "evaluate a b --json c --csv c, --json and --csv name the same file",
        "compare, Missing required parameter",
        "cross-validate a --models unet+foo, --models unet+foo is unknown; choose among",
        "cross-validate a --seeds 0, --seeds 0 must be at least 1",
        "evaluate a, Missing REFERENCES",
        "evaluate, Missing PREDICTIONS and REFERENCES",
        "evaluate a b --gather c, '--gather goes with --json, --csv and --cases only'",
        "evaluate --gather c --shard 1/2, '--gather goes with --json, --csv and --cases only'"
    })
    void valuesThatMakeNoSenseAreUsageErrors(String command, String message) {
        assertThat(run(command.split(" "))).isEqualTo(Main.USAGE);
        assertThat(errors()).contains(message);
    }

    @Test
    void aPlanStaysUntilAnotherIsAskedFor() throws IOException {
        Path dataset = folder.resolve("phantoms");
        assertThat(run("phantom", dataset.toString(), "--cases", "5")).isEqualTo(Main.DONE);
        Path store = folder.resolve("store");
        String[] prepare = {"prepare", dataset.toString(), "--out", store.toString()};
        assertThat(run(prepare)).isEqualTo(Main.DONE);
        Path plan = store.resolve("plan.yaml");
        String derived = Files.readString(plan);
        String edited = derived.replaceFirst("batch: \\d+", "batch: 7").replace("budget: compact", "budget: standard");
        Path given = Files.writeString(folder.resolve("mine.yaml"), edited);
        assertThat(run(with(prepare, "--plan", given.toString()))).isEqualTo(Main.DONE);
        assertThat(errors()).contains("was another one; it is kept as plan-");
        assertThat(errors())
                .contains("--plan replaces the plan in [" + store + "]: it prepares scans alike, so no case");
        Files.writeString(given, edited.replace("crop: body", "crop: none"));
        assertThat(run(with(prepare, "--plan", given.toString()))).isEqualTo(Main.DONE);
        assertThat(errors()).contains("it prepares scans otherwise, so every case is prepared again now");
        Files.writeString(given, edited);
        assertThat(run(with(prepare, "--plan", given.toString()))).isEqualTo(Main.DONE);
        assertThat(run(prepare)).isEqualTo(Main.DONE);
        assertThat(plan).content().isEqualTo(edited);
        assertThat(errors()).contains("is for the budget standard; --budget compact makes one");
        assertThat(run(with(prepare, "--budget", "compact"))).isEqualTo(Main.DONE);
        assertThat(plan).content().isEqualTo(derived);
        assertThat(run(with(prepare, "--budget", "compact", "--plan", given.toString())))
                .isEqualTo(Main.USAGE);
    }

    @Test
    void preparingAgainMendsADamagedCase() throws IOException {
        Path dataset = folder.resolve("phantoms");
        assertThat(run("phantom", dataset.toString(), "--cases", "2")).isEqualTo(Main.DONE);
        Path store = folder.resolve("store");
        String[] prepare = {"prepare", dataset.toString(), "--out", store.toString()};
        assertThat(run(prepare)).isEqualTo(Main.DONE);
        Path prepared = store.resolve("phantom_000.case");
        byte[] whole = Files.readAllBytes(prepared);
        byte[] flipped = whole.clone();
        flipped[whole.length / 3] ^= 1;
        Files.write(prepared, flipped);
        assertThat(run(prepare)).isEqualTo(Main.DONE);
        assertThat(errors())
                .contains("[" + prepared + "] was damaged since it was written: the case is prepared again");
        assertThat(prepared).hasBinaryContent(whole);
    }

    private static String[] with(String[] command, String... more) {
        return Stream.concat(Arrays.stream(command), Arrays.stream(more)).toArray(String[]::new);
    }

    @Test
    void noResultIsWrittenIntoAFolderOfOtherResults() throws IOException {
        Path dataset = folder.resolve("phantoms");
        assertThat(run("phantom", dataset.toString(), "--cases", "5")).isEqualTo(Main.DONE);
        Path store = folder.resolve("store");
        Path trained = Files.createDirectories(folder.resolve("trained"));
        Path compared = Files.createDirectories(folder.resolve("compared"));
        assertThat(run("prepare", dataset.toString(), "--out", store.toString()))
                .isEqualTo(Main.DONE);
        Files.writeString(trained.resolve("config.yaml"), "model: unet");
        Files.writeString(compared.resolve("benchmark.yaml"), "dataset: phantoms");
        for (Path other : List.of(trained, compared)) {
            Files.createFile(other.resolve(".lock")); // All three are locked while they are written.
        }
        for (Path other : List.of(trained, compared)) {
            assertThat(run("prepare", dataset.toString(), "--out", other.toString()))
                    .isEqualTo(Main.FAILED);
            assertThat(other).isDirectoryNotContaining("glob:**/*.case");
        }
        for (Path other : List.of(store, trained, compared)) {
            assertThat(run("train", dataset.toString(), "--model", "unet", "--fold", "0", "--out", other.toString()))
                    .isEqualTo(Main.FAILED);
            assertThat(other.resolve("split.json")).doesNotExist();
        }
    }

    @Test
    void anUnknownNetworkInAComparisonIsAUsageError() {
        assertThat(run("benchmark", "--models", "unet,vnet")).isEqualTo(Main.USAGE);
        assertThat(errors()).contains("vnet", "attention-resunet");
    }

    @ParameterizedTest
    @ValueSource(strings = {"benchmark", "inspect", "phantom", "prepare", "train", "predict", "evaluate", "download"})
    void everyCommandExplainsItself(String command) {
        assertThat(run(command, "--help")).isEqualTo(Main.DONE);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("Usage: unet4j " + command);
    }
}
