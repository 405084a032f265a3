package org.unet4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.report.InferenceResult;

/** A network in another format, as a person writes it and gets it wrong. */
class ExportCommandTest {

    @TempDir
    static Path folder;

    private final Path out = folder.resolve("out.txt");
    private final Path err = folder.resolve("err.txt");

    @BeforeAll
    static void train() throws IOException, InterruptedException {
        TinyPhantoms.prepare(folder);
        Files.writeString(folder.resolve("config.yaml"), "validation: {every: 0}\n");
        String[] command = {
            "train",
            "ct",
            "--model",
            "attention-resunet",
            "--fold",
            "all",
            "--plan",
            "small.yaml",
            "--config",
            "config.yaml",
            "--steps",
            "2",
            "--out",
            "run"
        };
        Path log = folder.resolve("train.txt");
        assertThat(EndToEndTest.start(folder, log, log, Main.class, command).waitFor())
                .as("%s", Files.readString(log))
                .isEqualTo(Main.DONE);
    }

    private int export(String... arguments) throws IOException, InterruptedException {
        return EndToEndTest.start(folder, out, err, Main.class, arguments).waitFor();
    }

    @Test
    void bothFormatsAreWrittenAndChecked() throws IOException, InterruptedException {
        assertThat(export("export", "run", "--format", "onnx", "--out", "a.onnx"))
                .as("%s", Files.readString(err))
                .isEqualTo(Main.DONE);
        assertThat(out).content().endsWith("a.onnx\n");
        assertThat(err)
                .content()
                .contains(
                        "checked on 4 batches of noise: 100.00 % of the foreground's voxels have the network's label, and no logit differs by more than ");
        assertThat(export("export", "run", "--format", "torchscript", "--out", "a.pt"))
                .isEqualTo(Main.DONE);
        assertThat(folder.resolve("a.pt")).isNotEmptyFile();
        String[] eightBits = {
            "export", "run", "--format", "onnx", "--weights", "int8", "--calibrate", "ct", "--out", "8.onnx"
        };
        assertThat(export(eightBits)).as("%s", Files.readString(err)).isEqualTo(Main.DONE);
        assertThat(err).content().contains("checked on 1 batches of patches: ");
        assertThat(export("predict", "8.onnx", "ct/imagesTs", "--out", "eight")).isEqualTo(Main.DONE);
        assertThat(export("export", "run", "--format", "onnx", "--weights", "int8", "--out", "9.onnx"))
                .isEqualTo(Main.USAGE);
        assertThat(err).content().contains("--weights int8 and --calibrate DATASET go together");

        assertThat(export("export", "run", "--format", "onnx", "--out", "a.onnx"))
                .isEqualTo(Main.FAILED);
        assertThat(err)
                .content()
                .endsWith("unet4j: [a.onnx] already exists: choose another --out, or delete it first; results are never"
                        + " overwritten\n");
    }

    @Test
    void scansArePredictedWithOnnxRuntime() throws IOException, InterruptedException {
        assertThat(export("export", "run", "--format", "onnx", "--out", "c.onnx"))
                .isEqualTo(Main.DONE);
        String scan = "ct/imagesTs";
        assertThat(export("predict", "c.onnx", scan, "--out", "file"))
                .as("%s", Files.readString(err))
                .isEqualTo(Main.DONE);
        assertThat(export("predict", "run", scan, "--engine", "onnx", "--out", "folder"))
                .isEqualTo(Main.DONE);
        List<String> written = Files.readAllLines(out);
        assertThat(written).isNotEmpty();
        for (String labels : written) {
            Path name = Path.of(labels).getFileName();
            assertThat(folder.resolve("file").resolve(name))
                    .hasSameBinaryContentAs(folder.resolve("folder").resolve(name));
        }
        Files.createDirectories(folder.resolve("both"));
        Files.writeString(folder.resolve("both/ensemble.yaml"), "models: [../c.onnx, ../c.onnx]\n");
        assertThat(export("predict", "both", scan, "--one-at-a-time", "--out", "ensemble"))
                .as("%s", Files.readString(err))
                .isEqualTo(Main.DONE);
        assertThat(export("predict", "c.onnx", scan, "--with", "c.onnx", "--out", "at-once"))
                .isEqualTo(Main.DONE);
        for (String labels : written) {
            Path name = Path.of(labels).getFileName();
            assertThat(folder.resolve("ensemble").resolve(name))
                    .hasSameBinaryContentAs(folder.resolve("at-once").resolve(name));
        }
        Files.writeString(
                folder.resolve("largest.yaml"), "classes: {1: {largest: true, minimumMl: 0.0, fillHoles: false}}\n");
        assertThat(export("predict", "both", scan, "--post-processing", "largest.yaml", "--out", "largest"))
                .isEqualTo(Main.DONE);
        assertThat(folder.resolve("largest/manifest.json")).content().contains("\"largest\" : true");
        assertThat(export("predict", "both", scan, "--post-processing", "nowhere.yaml", "--out", "never"))
                .isEqualTo(Main.FAILED);
        assertThat(err).content().contains("unet4j: [nowhere.yaml] does not exist");
        assertThat(export("predict", "both", scan, "--best", "--out", "never")).isEqualTo(Main.USAGE);
        assertThat(export("predict", "c.onnx", scan, "--best", "--out", "never"))
                .isEqualTo(Main.USAGE);
        assertThat(err).content().contains("--best needs a run folder or a package of one; c.onnx is an ONNX file");
    }

    @Test
    void enginesAreComparedByTheirSpeedAndDice() throws IOException, InterruptedException {
        String[] command = {"throughput", "ct", "--inference", "run", "--cases", "1", "--rounds", "1", "--threads", "1"
        };
        assertThat(export(command)).as("%s", Files.readString(err)).isEqualTo(Main.DONE);
        assertThat(out)
                .content()
                .containsPattern("libtorch +fp32 +1 +\\d")
                .containsPattern("onnx +fp32 +1 +\\d.* 0\\.0000\n")
                .containsPattern("onnx +fp16 weights +1 +\\d")
                .containsPattern("onnx +int8 +1 +\\d");
        Path written = folder.resolve("work/throughput/ct");
        InferenceResult result = InferenceResult.read(written.resolve("inference.json"));
        assertThat(result.rows()).allSatisfy(row -> {
            assertThat(row.failures()).isEmpty();
            assertThat(row.passes())
                    .singleElement()
                    .satisfies(pass -> assertThat(pass.windows()).isPositive());
        });
        assertThat(result.provenance().get("command"))
                .isEqualTo("unet4j throughput ct --inference run --threads 1 --cases 1 --rounds 1");
        assertThat(written.resolve("inference.md")).content().contains("| onnx | fp32 | 1 |", "- onnxruntime: ");
        assertThat(written.resolve("models")).doesNotExist();

        assertThat(export(command)).isEqualTo(Main.FAILED);
        assertThat(err).content().contains("holds a measurement of inference already");
        assertThat(export("throughput", "ct", "--inference", "run", "--models", "unet"))
                .isEqualTo(Main.USAGE);
        assertThat(err).content().contains("--models goes with training only");
        assertThat(export("throughput", "ct", "--cases", "2")).isEqualTo(Main.USAGE);
        assertThat(err).content().contains("--threads and --cases go with --inference RUN");
    }

    @Test
    void mistakesAreNamedInALineOrTwo() throws IOException, InterruptedException {
        assertThat(export("export", "ct", "--format", "onnx", "--out", "b.onnx"))
                .isEqualTo(Main.FAILED);
        assertThat(err).content().contains("unet4j: [ct] is not the folder of a training run: it has no plan.yaml");
        assertThat(export("export", "run", "--format", "onnx", "--best", "--out", "b.onnx"))
                .isEqualTo(Main.FAILED);
        assertThat(err).content().contains("unet4j: [run] holds no best.safetensors: ");
        assertThat(export("export", "run", "--format", "tflite", "--out", "b")).isEqualTo(Main.USAGE);
        assertThat(err).content().contains("tflite", "ONNX", "TORCHSCRIPT");
        assertThat(export("export", "run", "--format", "torchscript", "--weights", "fp16", "--out", "b"))
                .isEqualTo(Main.USAGE);
        assertThat(err).content().contains("--weights fp16 goes with --format onnx only");
        assertThat(folder.resolve("b.onnx")).doesNotExist();
    }
}
