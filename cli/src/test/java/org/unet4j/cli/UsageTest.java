package org.unet4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtProvider;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person sees whose command line is not as {@code --help} says. */
class UsageTest {

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
                .contains(
                        "download",
                        "benchmark",
                        "dataset",
                        "inspect",
                        "phantom",
                        "prepare",
                        "train",
                        "predict",
                        "export",
                        "evaluate",
                        "throughput");
    }

    @Test
    void aVolumeIsCountedFromZero() {
        assertThat(run("predict", "run", "ct.nii.gz", "--out", "out", "--volume", "-1"))
                .isEqualTo(Main.USAGE);
        assertThat(errors()).contains("--volume -1 must be 0 or more: volumes are counted from 0");
    }

    @Test
    void aDeviceIsForOnnxRuntimeAndMustBeInTheBuild() {
        assertThat(run("predict", "run", "ct.nii.gz", "--out", "out", "--device", "cuda"))
                .isEqualTo(Main.USAGE);
        assertThat(errors()).contains("--device is for --engine onnx; libtorch takes a card by itself");
        assumeFalse(OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA), "this build is for cards");
        assertThat(run("predict", "a.onnx", "ct.nii.gz", "--out", "out", "--device", "tensorrt"))
                .isEqualTo(Main.FAILED);
        assertThat(errors())
                .contains("unet4j: this build of ONNX Runtime has no TensorRT, only ")
                .doesNotContain("defect");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  "})
    void anEmptyPathIsNotTheCurrentFolder(String path) {
        assertThat(run("prepare", path)).isEqualTo(Main.USAGE);
        assertThat(errors()).contains("DATASET", "a path is empty; is a variable of a script not set?");
        assertThat(run("evaluate", "predictions", "references", "--csv", path)).isEqualTo(Main.USAGE);
        assertThat(errors()).contains("--csv");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dataset d --images scans --labels masks --classes liver | --images scans must say what the scans show",
                "dataset d --images CT= --labels masks --classes liver | --images CT= must say what the scans show",
                "dataset d --images CT=a --labels masks --classes 0=liver | --classes: value 0 is background",
                "dataset d --images CT=a --labels m1.nii m2.nii --classes liver | put patterns in quotes, such as"
            })
    void aDatasetThatIsNotDescribedAsHelpSaysIsExplained(String command, String message) {
        assertThat(run(command.split(" "))).isEqualTo(Main.USAGE);
        assertThat(errors()).contains(message, "See `unet4j dataset --help`");
    }

    @Test
    void aPathThatCannotBeOneIsExplained() {
        assertThat(run("inspect", "a\0b")).isEqualTo(Main.USAGE);
        assertThat(errors()).contains("is no path").doesNotContain("InvalidPathException");
    }
}
