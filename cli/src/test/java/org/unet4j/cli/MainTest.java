package org.unet4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
    void noCommandIsAUsageError() {
        assertThat(run()).isEqualTo(Main.USAGE);
        assertThat(errors()).contains("Missing command", "--help");
    }

    @Test
    void aMisspeltCommandIsCorrected() {
        assertThat(run("inspekt")).isEqualTo(Main.USAGE);
        assertThat(errors()).contains("inspekt", "inspect");
    }

    @Test
    void helpNamesEveryCommand() {
        assertThat(run("--help")).isEqualTo(Main.DONE);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("benchmark", "inspect", "phantom", "prepare", "train", "predict", "evaluate");
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
    void aMisspeltKeyIsToldBeforeAnythingIsPrepared(String command) throws IOException {
        Path dataset = folder.resolve("phantoms");
        assertThat(run("phantom", dataset.toString(), "--cases", "5")).isEqualTo(Main.DONE);
        Path config = Files.writeString(folder.resolve("config.yaml"), "augmentation: {noise: {probabilty: 0.5}}");
        List<String> arguments = new ArrayList<>(List.of(command.split(" ")));
        arguments.addAll(List.of(dataset.toString(), "--fold", "0", "--config", config.toString()));
        err.reset();
        assertThat(run(arguments.toArray(String[]::new))).isEqualTo(Main.FAILED);
        assertThat(errors().lines())
                .containsExactly("unet4j: [config.yaml] unknown key 'probabilty' in 'augmentation.noise';"
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

    @Test
    void anUnknownNetworkInAComparisonIsAUsageError() {
        assertThat(run("benchmark", "--models", "unet,vnet")).isEqualTo(Main.USAGE);
        assertThat(errors()).contains("vnet", "attention-resunet");
    }

    @ParameterizedTest
    @ValueSource(strings = {"benchmark", "inspect", "phantom", "prepare", "train", "predict", "evaluate"})
    void everyCommandExplainsItself(String command) {
        assertThat(run(command, "--help")).isEqualTo(Main.DONE);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("Usage: unet4j " + command);
    }
}
