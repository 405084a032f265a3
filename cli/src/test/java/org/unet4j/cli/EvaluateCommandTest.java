package org.unet4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.infer.Manifest;
import org.unet4j.infer.PostProcessing;
import org.unet4j.io.Json;
import org.unet4j.io.Nifti;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;

/** A dataset of two cases of four voxels, and what was predicted for them. */
class EvaluateCommandTest {

    private static final Grid GRID = Grid.of(new Shape(1, 1, 4), new Spacing(1, 1, 1));

    @TempDir
    Path folder;

    private Path references;
    private Path predictions;
    private String out;
    private String err;

    @BeforeEach
    void dataset() throws IOException {
        references = Files.createDirectories(folder.resolve("data/labelsTr"));
        predictions = Files.createDirectories(folder.resolve("predictions"));
        Files.createDirectories(folder.resolve("data/imagesTr"));
        for (String id : new String[] {"a", "b"}) {
            write(folder.resolve("data/imagesTr").resolve(id + ".nii.gz"), 0, 0, 0, 0);
            write(references.resolve(id + ".nii.gz"), 1, 1, 0, 2);
            write(predictions.resolve(id + ".nii.gz"), 1, 0, 0, 2);
        }
        describe("\"0\": \"background\", \"1\": \"pancreas\", \"2\": \"tumour\"");
    }

    private void describe(String labels) throws IOException {
        Files.writeString(folder.resolve("data/dataset.json"), """
                {"name": "d", "modality": {"0": "CT"}, "labels": {%s}, "numTraining": 2, "numTest": 0, "test": [],
                 "training": [{"image": "./imagesTr/a.nii.gz", "label": "./labelsTr/a.nii.gz"},
                              {"image": "./imagesTr/b.nii.gz", "label": "./labelsTr/b.nii.gz"}]}
                """.formatted(labels));
    }

    private static void write(Path file, int... classes) throws IOException {
        byte[] bytes = new byte[classes.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) classes[i];
        }
        Nifti.write(file, new Labels(GRID, bytes));
    }

    private int evaluate(String... arguments) {
        String[] all = new String[arguments.length + 1];
        all[0] = "evaluate";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        ByteArrayOutputStream stdout = new ByteArrayOutputStream();
        ByteArrayOutputStream stderr = new ByteArrayOutputStream();
        int code = Main.run(
                new PrintStream(stdout, true, StandardCharsets.UTF_8),
                new PrintStream(stderr, true, StandardCharsets.UTF_8),
                all);
        out = stdout.toString(StandardCharsets.UTF_8);
        err = stderr.toString(StandardCharsets.UTF_8);
        return code;
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }

    @Test
    void classesHaveTheNamesOfTheDatasetWhoseLabelsTheReferencesAre() throws IOException {
        assertThat(evaluate(path("predictions"), path("data"))).isEqualTo(Main.DONE);
        String ofDataset = out;
        assertThat(ofDataset).contains("pancreas", "tumour");
        assertThat(evaluate(path("predictions"), path("data/labelsTr"))).isEqualTo(Main.DONE);
        assertThat(out).isEqualTo(ofDataset);
        Files.move(folder.resolve("data/labelsTr"), folder.resolve("data/truth"));
        assertThat(evaluate(path("predictions"), path("data/truth"))).isEqualTo(Main.DONE);
        assertThat(out)
                .as("a folder of another name")
                .doesNotContain("pancreas")
                .contains("mean of 2 cases");
    }

    @Test
    void aDatasetThatCannotBeReadCostsTheNamesOnly() throws IOException {
        describe("\"0\": \"background\", \"1\": \"pancreas\", \"7\": \"tumour\"");
        assertThat(evaluate(path("predictions"), path("data/labelsTr"))).isEqualTo(Main.DONE);
        assertThat(err).contains("classes are told by their numbers, for the dataset of labelsTr cannot be read: ");
        assertThat(out).contains("mean of 2 cases");
    }

    @Test
    void aModelOfOtherClassesIsAnErrorThatSaysSo() throws IOException {
        write(predictions.resolve("b.nii.gz"), 1, 3, 0, 2);
        assertThat(evaluate(path("predictions"), path("data/labelsTr"))).isEqualTo(Main.FAILED);
        assertThat(err)
                .contains("[b.nii.gz] holds class 3, but the dataset's classes are [0, 1, 2]:"
                        + " its model was made for other classes; predict with one of this dataset");
    }

    @Test
    void classesThatChangedPlacesAreTold() throws IOException {
        for (String id : new String[] {"a", "b"}) {
            write(predictions.resolve(id + ".nii.gz"), 2, 2, 0, 1);
        }
        assertThat(evaluate(path("predictions"), path("data"))).isEqualTo(Main.DONE);
        assertThat(err)
                .contains(
                        "classes may be numbered otherwise: in most cases predictions lie on another class of the references,"
                                + " class 1 on class 2, class 2 on class 1; was the model made");
        assertThat(out).contains("mean of 2 cases: Dice 0.0000");
    }

    /** Writes beside a prediction what its model calls its classes. */
    private void predictedBy(String id, String... names) throws IOException {
        SortedMap<Integer, String> classes = new TreeMap<>();
        for (int i = 0; i < names.length; i++) {
            classes.put(i, names[i]);
        }
        Json.write(
                predictions.resolve(id + ".prediction.json"),
                new Manifest.Entry(
                        List.of(),
                        "world",
                        "1",
                        "engine",
                        0.5,
                        List.of(),
                        PostProcessing.nothing(),
                        Optional.empty(),
                        1,
                        Optional.of(classes),
                        new TreeMap<>(),
                        List.of()));
    }

    @Test
    void aModelThatSaysThatItNumbersClassesOtherwiseIsRefused() throws IOException {
        predictedBy("b", "background", "Tumour", "pancreas");
        assertThat(evaluate(path("predictions"), path("data"))).isEqualTo(Main.FAILED);
        assertThat(err)
                .contains("b.nii.gz] was predicted by a model whose class 1 is Tumour, which is 2 in the dataset of"
                        + " the references ({0=background, 1=pancreas, 2=tumour}): score it against");
    }

    @Test
    void aModelThatCallsAClassOtherwiseIsTold() throws IOException {
        predictedBy("b", "background", "Pancreas", "lesion");
        assertThat(evaluate(path("predictions"), path("data"))).isEqualTo(Main.DONE);
        assertThat(err).contains("class 2 is lesion for the model and tumour in the dataset: are these the same?");
    }

    @Test
    void whereModelsSayThatTheyNumberClassesAlikeNothingIsGuessed() throws IOException {
        for (String id : new String[] {"a", "b"}) {
            write(predictions.resolve(id + ".nii.gz"), 2, 2, 0, 1);
            predictedBy(id, "background", "pancreas", "tumour");
        }
        assertThat(evaluate(path("predictions"), path("data"))).isEqualTo(Main.DONE);
        assertThat(err).doesNotContain("numbered otherwise");
    }

    @Test
    void whatIsNotedOfTheWholeIsNotedOfItsShards() throws IOException {
        write(predictions.resolve("b.nii.gz"), 1, 3, 0, 2);
        Files.move(folder.resolve("data/labelsTr"), folder.resolve("truth"));
        String[] given = {path("predictions"), path("truth"), "--tolerances", "1=2,9=3"};
        assertThat(evaluate(given)).isEqualTo(Main.DONE);
        String wholeOut = out;
        String wholeErr = err;
        assertThat(wholeErr)
                .contains("not scored: predictions hold the classes [3]")
                .contains("--tolerances name the classes [9], which are not scored");
        for (String shard : new String[] {"1", "2"}) {
            String[] own = Arrays.copyOf(given, given.length + 4);
            System.arraycopy(
                    new String[] {"--shard", shard + "/2", "--json", path("shard-" + shard + ".json")},
                    0,
                    own,
                    given.length,
                    4);
            assertThat(evaluate(own)).isEqualTo(Main.DONE);
        }
        assertThat(evaluate("--gather", path("shard-1.json"), path("shard-2.json")))
                .isEqualTo(Main.DONE);
        assertThat(out).isEqualTo(wholeOut);
        assertThat(err).isNotEmpty();
        assertThat(wholeErr).as("but for the progress").endsWith(err);
    }
}
