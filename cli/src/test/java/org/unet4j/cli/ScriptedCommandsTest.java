package org.unet4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.io.Json;
import tools.jackson.databind.JsonNode;

/** What scripts get of each command of long work: an object on standard output, an object a line on standard error. */
class ScriptedCommandsTest {

    @TempDir
    static Path folder;

    private final Path out = folder.resolve("out.txt");
    private final Path err = folder.resolve("err.txt");

    @BeforeAll
    static void prepare() throws IOException {
        TinyPhantoms.prepare(folder);
        Files.writeString(folder.resolve("config.yaml"), "machine: {checkpointEvery: 2}\nvalidation: {every: 0}\n");
    }

    private int run(String... arguments) throws IOException, InterruptedException {
        return EndToEndTest.start(folder, out, err, Main.class, arguments).waitFor();
    }

    private JsonNode result(String... arguments) throws IOException, InterruptedException {
        int code = run(arguments);
        assertThat(code).as("%s", Files.readString(err)).isEqualTo(Main.DONE);
        List<String> lines = Files.readAllLines(out);
        assertThat(lines).hasSize(1);
        return Json.tree(lines.get(0));
    }

    /** Lines of native libraries and of the virtual machine are no objects; all of ours are. */
    private List<JsonNode> events(String kind) throws IOException {
        return Files.readAllLines(err).stream()
                .filter(line -> line.startsWith("{"))
                .map(Json::tree)
                .filter(event -> event.path("event").asString().equals(kind))
                .toList();
    }

    private static String[] train(String run, String... more) {
        return Stream.concat(
                        Stream.of(
                                "train",
                                "ct",
                                "--model",
                                "unet",
                                "--fold",
                                "0",
                                "--plan",
                                "small.yaml",
                                "--config",
                                "config.yaml",
                                "--steps",
                                "3",
                                "--out",
                                run),
                        Stream.of(more))
                .toArray(String[]::new);
    }

    @Test
    void everyCommandOfLongWorkSpeaksJson() throws IOException, InterruptedException {
        JsonNode prepared = result("prepare", "ct", "--plan", "small.yaml", "--json");
        assertThat(prepared.path("cases").asInt()).isPositive();
        assertThat(Files.isDirectory(folder.resolve(prepared.path("store").asString())))
                .isTrue();
        assertThat(prepared.path("plan").path("patch").size()).isEqualTo(3);

        JsonNode trained = result(train("run", "--json"));
        assertThat(trained.path("run").asString()).isEqualTo("run");
        assertThat(trained.path("steps").asInt()).isEqualTo(3);
        assertThat(trained.path("interrupted").asBoolean()).isFalse();
        assertThat(trained.path("meanDice").isNumber()).isTrue();
        JsonNode step = events("progress").stream()
                .filter(event -> event.path("task").asString().equals("unet"))
                .reduce((first, last) -> last)
                .orElseThrow();
        assertThat(step.path("done").asInt()).isEqualTo(3);
        assertThat(step.path("unit").asString()).isEqualTo("steps");
        assertThat(step.path("values").path("loss").isNumber()).isTrue();
        assertThat(events("note")).isNotEmpty();

        JsonNode reported = result("report", "run", "--json", "--quiet");
        assertThat(folder.resolve(reported.path("report").asString())).isNotEmptyFile();

        JsonNode predicted = result("predict", "run", "ct/imagesTr", "--out", "predicted", "--json");
        assertThat(predicted.path("written").size()).isPositive();
        assertThat(predicted.path("failures").isEmpty()).isTrue();

        JsonNode scores = result("evaluate", "predicted", "ct", "--json", "-");
        assertThat(scores.path("cases").size()).isPositive();
        assertThat(folder.resolve("-")).doesNotExist();
        result("evaluate", "predicted", "ct", "--json", "-", "--quiet");
        assertThat(events("progress")).isEmpty();

        assertThat(run("predict", "run", "absent.nii", "--out", "elsewhere", "--json"))
                .isEqualTo(Main.FAILED);
        assertThat(out).isEmptyFile();
        assertThat(events("error")).hasSize(1);
        assertThat(events("error").get(0).path("text").asString())
                .contains("absent.nii")
                .doesNotStartWith("unet4j");
    }

    @Test
    void aDatasetThatIsMadeSpeaksJsonAsItsInspectionDoes() throws IOException, InterruptedException {
        String[] dataset = {
            "dataset", "made", "--images", "CT=ct/imagesTr", "--labels", "ct/labelsTr", "--classes", "pancreas,tumour"
        };
        JsonNode made = result(Stream.concat(Stream.of(dataset), Stream.of("--json", "--quiet"))
                .toArray(String[]::new));
        assertThat(made.path("training").asInt()).isPositive();
        assertThat(events("progress")).isEmpty();
        assertThat(made).isEqualTo(result("inspect", "made", "--json"));
    }

    @Test
    void quietTrainingTellsItsResultOnly() throws IOException, InterruptedException {
        assertThat(run(train("quiet", "--quiet"))).isEqualTo(Main.DONE);
        assertThat(Files.readString(out)).contains("trained 3 steps");
        assertThat(Files.readString(err)).doesNotContain("unet: ").doesNotContain("preparing");
    }

    /** Nothing listens on port 1. */
    @Test
    void aTrainingWhoseServerIsAwayIsTheSameTraining() throws IOException, InterruptedException {
        assertThat(run(train("plain"))).isEqualTo(Main.DONE);
        assertThat(run(train("tracked", "--track", "mlflow:http://ann:secret@127.0.0.1:1#tests")))
                .as("%s", Files.readString(err))
                .isEqualTo(Main.DONE);
        assertThat(Files.readAllLines(err).stream().filter(line -> line.startsWith("tracking: ")))
                .hasSize(2)
                .allMatch(line -> line.contains("[http://127.0.0.1:1]"));
        assertThat(Files.readString(err)).doesNotContain("secret");
        assertThat(folder.resolve("tracked/last.safetensors"))
                .hasSameBinaryContentAs(folder.resolve("plain/last.safetensors"));
        assertThat(folder.resolve("tracked/mlflow.json")).doesNotExist();
    }

    @Test
    void whatIsNoTrackerIsToldBeforeTheWork() throws IOException, InterruptedException {
        for (String wrong : List.of("mlflow:", "mlflow:file:///tmp/mlruns", "wandb", "mlflows:http://host", "mlflow")) {
            assertThat(run(train("wrong", "--track", wrong))).as(wrong).isEqualTo(Main.USAGE);
            assertThat(Files.readString(err)).contains("--track").contains("http://localhost:5000");
        }
        assertThat(folder.resolve("wrong")).doesNotExist();
    }
}
