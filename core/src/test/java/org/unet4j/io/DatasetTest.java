package org.unet4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.unet4j.volume.Affine;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Scan;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
import org.unet4j.volume.Volume;

class DatasetTest {

    private static final Grid GRID = Grid.of(new Shape(2, 3, 4), new Spacing(2, 1, 1));

    @TempDir
    Path parent;

    private Path folder;

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createDirectory(parent.resolve("Task99_Test")).toRealPath();
        for (String name : List.of("imagesTr", "labelsTr", "imagesTs")) {
            Files.createDirectory(folder.resolve(name));
        }
    }

    private void image(String name, Grid grid, float... first) throws IOException {
        float[] voxels = Arrays.copyOf(first, grid.shape().arrayLength());
        Nifti.write(folder.resolve(name), Volume.of(grid, voxels));
    }

    private void label(String name, Grid grid, int... first) throws IOException {
        byte[] classes = new byte[grid.shape().arrayLength()];
        for (int i = 0; i < first.length; i++) {
            classes[i] = (byte) first[i];
        }
        Nifti.write(folder.resolve(name), new Labels(grid, classes));
    }

    private void pair(String id) throws IOException {
        image("imagesTr/" + id + ".nii.gz", GRID, 1);
        label("labelsTr/" + id + ".nii.gz", GRID, 1, 2);
    }

    private static String entry(String id) {
        return "{\"image\": \"./imagesTr/" + id + ".nii.gz\", \"label\": \"./labelsTr/" + id + ".nii.gz\"}";
    }

    /** A description as the Decathlon has it, spelling mistakes and all. */
    private void decathlon(int announced, String... entries) throws IOException {
        describe("{\"name\": \"Test\", \"relase\": \"1.0\", \"tensorImageSize\": \"3D\", \"modality\": {\"0\": \"CT\"},"
                + " \"labels\": {\"0\": \"background\", \"1\": \"pancreas\", \"2\": \"tumour\"}, \"numTraining\": "
                + announced
                + ", \"numTest\": 1, \"training\": [" + String.join(", ", entries)
                + "], \"test\": [\"./imagesTs/t.nii.gz\"]}");
    }

    private void describe(String json) throws IOException {
        Files.writeString(folder.resolve("dataset.json"), json);
    }

    private void decathlonOfTwo() throws IOException {
        pair("a");
        pair("b");
        image("imagesTs/t.nii.gz", GRID);
        decathlon(2, entry("b"), entry("a"));
    }

    private List<Problem> problems() throws IOException {
        return problems(Dataset.open(folder));
    }

    /** Returns what is wrong with the files of all cases, each read. */
    private static List<Problem> problems(Dataset dataset) {
        return dataset.check(Stream.concat(dataset.training().stream(), dataset.test().stream())
                .map(one -> CaseFindings.of(dataset, one))
                .toList());
    }

    @Test
    void decathlonLayoutIsRead() throws IOException {
        decathlonOfTwo();
        Dataset dataset = Dataset.open(folder);
        assertThat(dataset.name()).isEqualTo("Task99_Test");
        assertThat(dataset.channelNames()).containsExactly("CT");
        assertThat(dataset.isCt(0)).isTrue();
        assertThat(dataset.classes())
                .containsEntry(0, "background")
                .containsEntry(2, "tumour")
                .hasSize(3);
        assertThat(dataset.trainingIds()).containsExactly("a", "b");
        assertThat(dataset.test())
                .containsExactly(new Case("t", List.of(folder.resolve("imagesTs/t.nii.gz")), Optional.empty()));
        assertThat(problems(dataset)).isEmpty();
        Scan scan = dataset.training().get(0).readScan();
        assertThat(scan.grid()).isEqualTo(GRID);
        assertThat(dataset.training().get(0).readLabels(scan.grid()).counts()[2])
                .isEqualTo(1);
    }

    @Test
    void realWorldFlawsOfTheDecathlonAreForgiven() throws IOException {
        decathlonOfTwo();
        Nifti.write(
                folder.resolve("labelsTr/b.nii"),
                Dataset.open(folder).training().get(1).readLabels(GRID));
        Files.delete(folder.resolve("labelsTr/b.nii.gz"));
        image("imagesTr/b.nii", GRID, 1);
        Files.delete(folder.resolve("imagesTr/b.nii.gz"));
        Files.write(folder.resolve("imagesTr/._a.nii.gz"), new byte[100]);
        float[] floating = new float[24];
        floating[3] = 2;
        floating[4] = 1;
        Nifti.write(folder.resolve("labelsTr/a.nii.gz"), Volume.of(GRID, floating));
        decathlon(3, entry("a"), entry("._a"), entry("b"));
        Dataset dataset = Dataset.open(folder);
        assertThat(dataset.trainingIds()).containsExactly("a", "b");
        assertThat(dataset.training().get(0).readLabels(GRID).get(3)).isEqualTo(2);
        assertThat(problems(dataset)).singleElement().satisfies(problem -> {
            assertThat(problem.isError()).isFalse();
            assertThat(problem)
                    .hasToString("warning: [" + folder.resolve("dataset.json")
                            + "] numTraining is 3, but there are 2 labelled cases");
        });
    }

    @Test
    void nnunetLayoutIsRead() throws IOException {
        for (String id : List.of("p_10", "p_2")) {
            image("imagesTr/" + id + "_0000.nii.gz", GRID, 1);
            image("imagesTr/" + id + "_0001.nii.gz", GRID, 2);
            label("labelsTr/" + id + ".nii.gz", GRID, 1);
        }
        Files.write(folder.resolve("imagesTr/._p_10_0000.nii.gz"), new byte[10]);
        image("imagesTs/q_0000.nii.gz", GRID);
        image("imagesTs/q_0001.nii.gz", GRID);
        describe("{\"channel_names\": {\"0\": \"T1\", \"1\": \"T2\"}, \"labels\": {\"background\": 0, \"tumour\": 1},"
                + " \"numTraining\": 2, \"file_ending\": \".nii.gz\"}");
        Dataset dataset = Dataset.open(folder);
        assertThat(dataset.channelNames()).containsExactly("T1", "T2");
        assertThat(dataset.isCt(0)).isFalse();
        assertThat(dataset.classes()).containsEntry(1, "tumour").hasSize(2);
        assertThat(dataset.trainingIds()).containsExactly("p_10", "p_2");
        assertThat(dataset.test()).extracting(Case::id).containsExactly("q");
        assertThat(dataset.training().get(0).readScan().channels()).hasSize(2);
        assertThat(dataset.training().get(0).readScan().channels().get(1).get(0))
                .isEqualTo(2);
        assertThat(problems(dataset)).isEmpty();
    }

    @Test
    void nnunetsFirstVersionIsRead() throws IOException {
        decathlonOfTwo();
        for (String id : List.of("a", "b")) {
            Files.move(folder.resolve("imagesTr/" + id + ".nii.gz"), folder.resolve("imagesTr/" + id + "_0000.nii.gz"));
        }
        assertThat(Dataset.open(folder).trainingIds()).containsExactly("a", "b");
        assertThat(problems()).isEmpty();
    }

    @Test
    void missingFilesOfNnunetsLayoutAreNamed() throws IOException {
        image("imagesTr/a_0000.nii.gz", GRID);
        image("imagesTr/b_0000.nii.gz", GRID);
        image("imagesTr/b_0001.nii.gz", GRID);
        image("imagesTr/c.nii.gz", GRID);
        describe("{\"channel_names\": {\"0\": \"T1\", \"1\": \"T2\"}, \"labels\": {\"background\": 0, \"tumour\": 1}}");
        assertThat(Dataset.open(folder).problems())
                .extracting(
                        problem -> folder.relativize(problem.file()).toString().replace('\\', '/'))
                .containsExactly(
                        "imagesTr/c.nii.gz", "imagesTr/a_0001.nii.gz", "labelsTr/a.nii.gz", "labelsTr/b.nii.gz");
    }

    @Test
    void aMissingTestScanIsAWarningSinceTrainingNeverReadsIt() throws IOException {
        decathlonOfTwo();
        Files.delete(folder.resolve("imagesTs/t.nii.gz"));
        assertThat(Dataset.open(folder).test()).isEmpty();
        assertThat(problems()).singleElement().satisfies(problem -> {
            assertThat(problem.isError()).isFalse();
            assertThat(problem.file()).isEqualTo(folder.resolve("imagesTs/t.nii.gz"));
            assertThat(problem.what()).startsWith("is listed in dataset.json but does not exist");
        });
    }

    @Test
    void aMissingChannelIsAnErrorForTrainingAndAWarningForATest() throws IOException {
        for (String images : List.of("imagesTr", "imagesTs")) {
            image(images + "/a_0000.nii.gz", GRID, 1);
            image(images + "/b_0000.nii.gz", GRID, 1);
            image(images + "/b_0001.nii.gz", GRID, 1);
        }
        label("labelsTr/a.nii.gz", GRID, 1);
        label("labelsTr/b.nii.gz", GRID, 1);
        describe("{\"channel_names\": {\"0\": \"T1\", \"1\": \"T2\"}, \"labels\": {\"background\": 0, \"tumour\": 1}}");
        assertThat(Dataset.open(folder).problems())
                .containsExactly(
                        new Problem(
                                folder.resolve("imagesTr/a_0001.nii.gz"), "does not exist; its case cannot be used"),
                        Problem.warning(
                                folder.resolve("imagesTs/a_0001.nii.gz"), "does not exist; its case cannot be used"));
    }

    @Test
    void voxelsAndLabelsAreCountedWhileACaseIsRead() throws IOException {
        decathlonOfTwo();
        image("imagesTr/a.nii.gz", GRID, -3, Float.NaN, 9);
        Dataset dataset = Dataset.open(folder);
        LoadedCase.Findings found = CaseFindings.of(dataset, dataset.training().get(0));
        assertThat(found.channels()).singleElement().satisfies(voxels -> {
            assertThat(voxels.count()).isEqualTo(24);
            assertThat(voxels.finite()).isEqualTo(23);
            assertThat(voxels.min()).isEqualTo(-3);
            assertThat(voxels.max()).isEqualTo(9);
            assertThat(voxels.mean()).isEqualTo(6.0 / 23);
        });
        assertThat(found.classes()).isEqualTo(Map.of(0, 22L, 1, 1L, 2, 1L));
    }

    @Test
    void allProblemsAreReportedAtOnceEachWithItsFile() throws IOException {
        decathlonOfTwo();
        for (String id : List.of("c", "d", "e", "f", "g", "h")) {
            pair(id);
        }
        List<String> entries = new ArrayList<>();
        for (String id : List.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "a")) {
            entries.add(entry(id));
        }
        image("imagesTr/b.nii.gz", GRID, 1, Float.NaN, Float.POSITIVE_INFINITY);
        label("labelsTr/c.nii.gz", GRID, 1, 7, 7);
        label("labelsTr/d.nii.gz", Grid.of(new Shape(2, 3, 5), GRID.spacing()), 1);
        label("labelsTr/e.nii.gz", new Grid(GRID.shape(), new Affine(1, 0, 0, 0.5, 0, 1, 0, 0, 0, 0, 2, 0)), 1);
        Files.write(folder.resolve("imagesTr/f.nii.gz"), new byte[0]);
        Nifti.write(folder.resolve("labelsTr/g.nii.gz"), Volume.of(GRID, floats(0.5f)));
        Files.delete(folder.resolve("labelsTr/h.nii.gz"));
        Files.delete(folder.resolve("imagesTs/t.nii.gz"));
        decathlon(8, entries.toArray(String[]::new));
        List<Problem> problems = problems();
        assertThat(problems.stream()
                        .map(problem ->
                                folder.relativize(problem.file()).toString().replace('\\', '/') + ": "
                                        + problem.what()))
                .satisfiesExactly(
                        p -> assertThat(p)
                                .startsWith("labelsTr/h.nii.gz: is listed in dataset.json but does not exist"),
                        p -> assertThat(p)
                                .startsWith("imagesTr/i.nii.gz: is listed in dataset.json but does not exist"),
                        p -> assertThat(p).startsWith("labelsTr/i.nii.gz: is listed"),
                        p -> assertThat(p).startsWith("dataset.json: 'training' lists case 'a' twice"),
                        p -> assertThat(p).startsWith("dataset.json: numTraining is 8, but there are 7"),
                        p -> assertThat(p).startsWith("imagesTs/t.nii.gz: is listed"),
                        p -> assertThat(p)
                                .startsWith(
                                        "imagesTr/b.nii.gz: 2 of 24 voxels are NaN or infinite, the first at (x, y, z) = (1, 0, 0)"),
                        p -> assertThat(p)
                                .startsWith(
                                        "labelsTr/c.nii.gz: label 7 (2 voxels) is not in dataset.json, which has 0 to 2"),
                        p -> assertThat(p)
                                .startsWith(
                                        "labelsTr/d.nii.gz: labels of shape (2, 3, 5) do not fit the image's (2, 3, 4)"),
                        p -> assertThat(p)
                                .startsWith(
                                        "labelsTr/e.nii.gz: labels lie up to 0.5000 mm away from the image (tolerance 0.01 mm)"),
                        p -> assertThat(p).startsWith("imagesTr/f.nii.gz: "),
                        p -> assertThat(p).startsWith("labelsTr/g.nii.gz: ").contains("0.5"));
        assertThat(problems).extracting(Problem::what).noneMatch(what -> what.startsWith("["));
    }

    private static float[] floats(float first) {
        float[] values = new float[24];
        values[0] = first;
        return values;
    }

    @Test
    void severalChannelsInOneFileMustBeAsManyAsNamed() throws IOException {
        decathlonOfTwo();
        describe(Files.readString(folder.resolve("dataset.json"))
                .replace("{\"0\": \"CT\"}", "{\"0\": \"FLAIR\", \"1\": \"T1w\"}"));
        assertThat(problems())
                .hasSize(3)
                .allSatisfy(problem ->
                        assertThat(problem.what()).isEqualTo("1 channel, but dataset.json names 2 [FLAIR, T1w]"));
    }

    @Test
    void channelsOnDifferentGridsAreReported() throws IOException {
        image("imagesTr/a_0000.nii.gz", GRID);
        image("imagesTr/a_0001.nii.gz", Grid.of(GRID.shape(), new Spacing(2, 1, 1.5)));
        label("labelsTr/a.nii.gz", GRID, 1);
        describe("{\"channel_names\": {\"0\": \"T1\", \"1\": \"T2\"}, \"labels\": {\"background\": 0, \"tumour\": 1}}");
        assertThat(problems()).anySatisfy(problem -> {
            assertThat(problem.file()).isEqualTo(folder.resolve("imagesTr/a_0000.nii.gz"));
            assertThat(problem.what()).contains("channel 1 lies on another grid than channel 0");
        });
        assertThatThrownBy(() -> Dataset.open(folder).training().get(0).readScan())
                .isInstanceOf(IOException.class);
    }

    @Test
    void aClassThatNeverOccursIsReported() throws IOException {
        decathlonOfTwo();
        label("labelsTr/a.nii.gz", GRID, 1);
        label("labelsTr/b.nii.gz", GRID, 1);
        assertThat(problems())
                .singleElement()
                .satisfies(problem ->
                        assertThat(problem.what()).startsWith("class 2 (tumour) occurs in no labelled case"));
    }

    @Test
    void aDatasetOfOneCaseIsReported() throws IOException {
        decathlonOfTwo();
        decathlon(1, entry("a"));
        assertThat(problems()).singleElement().satisfies(problem -> {
            assertThat(problem.isError()).isTrue();
            assertThat(problem.what()).startsWith("only 1 labelled case found");
        });
    }

    @Test
    void labelsElsewhereAreRejectedByTheCase() throws IOException {
        decathlonOfTwo();
        Case one = Dataset.open(folder).training().get(0);
        assertThatThrownBy(() -> one.readLabels(Grid.of(GRID.shape(), new Spacing(2, 1, 2))))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("[a.nii.gz] labels lie up to 3.000 mm away from the image");
        assertThatThrownBy(() -> Dataset.open(folder).test().get(0).readLabels(GRID))
                .hasMessage("case 't' has no labels");
        assertThatThrownBy(() -> new Case("x", List.of(), Optional.empty())).hasMessageContaining("at least one image");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {"0": "CT"}            | {}                       | needs 'modality'
            {"0": "CT"}            | {"1": "CT"}              | numbers its channels [1]
            {"0": "CT"}            | {"x": "CT"}              | 'modality': 'x' is not a whole number
            "labels": {            | "label": {               | needs 'labels'
            "2": "tumour"          | "3": "tumour"            | has labels [0, 1, 3]; they must be 0 (background), 1, ... without gaps
            "2": "tumour"          | "tumour": [1, 2]         | label 'tumour' is made of regions
            "2": "tumour"          | "ignore": 2              | has the label 'ignore'
            "2": "tumour"          | "tumour": 1              | gives value 1 to 'pancreas' and to 'tumour'
            "1": "pancreas", "2": "tumour" | "9": "x"         | without gaps
            "modality"             | broken"modality"         | line 1
            """)
    void mistakesInTheDescriptionAreNamed(String right, String wrong, String message) throws IOException {
        decathlonOfTwo();
        describe(Files.readString(folder.resolve("dataset.json")).replace(right, wrong));
        assertThatThrownBy(() -> Dataset.open(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("dataset.json] ")
                .hasMessageContaining(message);
    }

    @Test
    void anEntryWithoutALabelIsAProblem() throws IOException {
        decathlonOfTwo();
        decathlon(2, entry("a"), entry("b"), "{\"image\": \"./imagesTr/c.nii.gz\"}");
        assertThat(problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.what()).contains("without 'image' or 'label'"));
    }

    @Test
    void foldersThatAreNoDatasetsAreRejected() throws IOException {
        assertThatThrownBy(() -> Dataset.open(parent.resolve("none"))).hasMessageContaining("there is no such folder");
        assertThatThrownBy(() -> Dataset.open(folder)).hasMessageContaining("has no dataset.json");
        describe("{\"channel_names\": {\"0\": \"CT\"}, \"labels\": {\"background\": 0, \"a\": 1}}");
        assertThatThrownBy(() -> Dataset.open(folder)).hasMessageContaining("lists no training case");
        describe(
                "{\"channel_names\": {\"0\": \"CT\"}, \"labels\": {\"background\": 0, \"a\": 1}, \"file_ending\": \".mha\"}");
        assertThatThrownBy(() -> Dataset.open(folder)).hasMessageContaining("file_ending '.mha' is not supported");
    }

    @Test
    void theHippocampusDatasetIsWithoutErrors() throws IOException {
        String data = System.getProperty("unet4j.data", System.getenv("UNET4J_DATA"));
        assumeTrue(data != null, "skipped: neither -Dunet4j.data nor UNET4J_DATA names a folder with datasets");
        Dataset hippocampus = Dataset.open(Path.of(data, "Task04_Hippocampus"));
        assertThat(hippocampus.trainingIds()).hasSize(208).startsWith("hippocampus_001", "hippocampus_003");
        assertThat(hippocampus.test()).hasSize(30);
        assertThat(problems(hippocampus)).isEmpty();
    }
}
