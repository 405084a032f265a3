package org.unet4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.volume.Affine;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Scan;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
import org.unet4j.volume.Volume;

class DatasetTest {

    @TempDir
    Path parent;

    private DatasetWorld world;

    @BeforeEach
    void makeWorld() throws IOException {
        world = new DatasetWorld(parent);
    }

    @Test
    void decathlonLayoutIsRead() throws IOException {
        world.decathlonOfTwo();
        Dataset dataset = Dataset.open(world.folder);
        assertThat(dataset.name()).isEqualTo("Task99_Test");
        assertThat(dataset.channelNames()).containsExactly("CT");
        assertThat(dataset.isCt(0)).isTrue();
        assertThat(dataset.classes())
                .containsEntry(0, "background")
                .containsEntry(2, "tumour")
                .hasSize(3);
        assertThat(dataset.trainingIds()).containsExactly("a", "b");
        assertThat(dataset.test())
                .containsExactly(new Case("t", List.of(world.folder.resolve("imagesTs/t.nii.gz")), Optional.empty()));
        assertThat(DatasetWorld.problems(dataset)).isEmpty();
        Scan scan = dataset.training().get(0).readScan();
        assertThat(scan.grid()).isEqualTo(DatasetWorld.GRID);
        assertThat(dataset.training().get(0).readLabels(scan.grid()).counts()[2])
                .isEqualTo(1);
    }

    @Test
    void realWorldFlawsOfTheDecathlonAreForgiven() throws IOException {
        world.decathlonOfTwo();
        Nifti.write(
                world.folder.resolve("labelsTr/b.nii"),
                Dataset.open(world.folder).training().get(1).readLabels(DatasetWorld.GRID));
        Files.delete(world.folder.resolve("labelsTr/b.nii.gz"));
        world.image("imagesTr/b.nii", DatasetWorld.GRID, 1);
        Files.delete(world.folder.resolve("imagesTr/b.nii.gz"));
        Files.write(world.folder.resolve("imagesTr/._a.nii.gz"), new byte[100]);
        float[] floating = new float[24];
        floating[3] = 2;
        floating[4] = 1;
        Nifti.write(world.folder.resolve("labelsTr/a.nii.gz"), Volume.of(DatasetWorld.GRID, floating));
        world.decathlon(3, DatasetWorld.entry("a"), DatasetWorld.entry("._a"), DatasetWorld.entry("b"));
        Dataset dataset = Dataset.open(world.folder);
        assertThat(dataset.trainingIds()).containsExactly("a", "b");
        assertThat(dataset.training().get(0).readLabels(DatasetWorld.GRID).get(3))
                .isEqualTo(2);
        assertThat(DatasetWorld.problems(dataset)).singleElement().satisfies(problem -> {
            assertThat(problem.isError()).isFalse();
            assertThat(problem)
                    .hasToString("warning: [" + world.folder.resolve("dataset.json")
                            + "] numTraining is 3, but there are 2 labelled cases");
        });
    }

    @Test
    void nnunetLayoutIsRead() throws IOException {
        for (String id : List.of("p_10", "p_2")) {
            world.image("imagesTr/" + id + "_0000.nii.gz", DatasetWorld.GRID, 1);
            world.image("imagesTr/" + id + "_0001.nii.gz", DatasetWorld.GRID, 2);
            world.label("labelsTr/" + id + ".nii.gz", DatasetWorld.GRID, 1);
        }
        Files.write(world.folder.resolve("imagesTr/._p_10_0000.nii.gz"), new byte[10]);
        world.image("imagesTs/q_0000.nii.gz", DatasetWorld.GRID);
        world.image("imagesTs/q_0001.nii.gz", DatasetWorld.GRID);
        world.describe(
                "{\"channel_names\": {\"0\": \"T1\", \"1\": \"T2\"}, \"labels\": {\"background\": 0, \"tumour\": 1},"
                        + " \"numTraining\": 2, \"file_ending\": \".nii.gz\"}");
        Dataset dataset = Dataset.open(world.folder);
        assertThat(dataset.channelNames()).containsExactly("T1", "T2");
        assertThat(dataset.isCt(0)).isFalse();
        assertThat(dataset.classes()).containsEntry(1, "tumour").hasSize(2);
        assertThat(dataset.trainingIds()).containsExactly("p_10", "p_2");
        assertThat(dataset.test()).extracting(Case::id).containsExactly("q");
        assertThat(dataset.training().get(0).readScan().channels()).hasSize(2);
        assertThat(dataset.training().get(0).readScan().channels().get(1).get(0))
                .isEqualTo(2);
        assertThat(DatasetWorld.problems(dataset)).isEmpty();
    }

    @Test
    void nnunetsFirstVersionIsRead() throws IOException {
        world.decathlonOfTwo();
        for (String id : List.of("a", "b")) {
            Files.move(
                    world.folder.resolve("imagesTr/" + id + ".nii.gz"),
                    world.folder.resolve("imagesTr/" + id + "_0000.nii.gz"));
        }
        assertThat(Dataset.open(world.folder).trainingIds()).containsExactly("a", "b");
        assertThat(world.problems()).isEmpty();
    }

    @Test
    void missingFilesOfNnunetsLayoutAreNamed() throws IOException {
        world.image("imagesTr/a_0000.nii.gz", DatasetWorld.GRID);
        world.image("imagesTr/b_0000.nii.gz", DatasetWorld.GRID);
        world.image("imagesTr/b_0001.nii.gz", DatasetWorld.GRID);
        world.image("imagesTr/c.nii.gz", DatasetWorld.GRID);
        world.describe(
                "{\"channel_names\": {\"0\": \"T1\", \"1\": \"T2\"}, \"labels\": {\"background\": 0, \"tumour\": 1}}");
        assertThat(Dataset.open(world.folder).problems())
                .extracting(problem ->
                        world.folder.relativize(problem.file()).toString().replace('\\', '/'))
                .containsExactly(
                        "imagesTr/c.nii.gz", "imagesTr/a_0001.nii.gz", "labelsTr/a.nii.gz", "labelsTr/b.nii.gz");
    }

    @Test
    void aMissingTestScanIsAWarningSinceTrainingNeverReadsIt() throws IOException {
        world.decathlonOfTwo();
        Files.delete(world.folder.resolve("imagesTs/t.nii.gz"));
        assertThat(Dataset.open(world.folder).test()).isEmpty();
        assertThat(world.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.isError()).isFalse();
            assertThat(problem.file()).isEqualTo(world.folder.resolve("imagesTs/t.nii.gz"));
            assertThat(problem.what()).startsWith("is listed in dataset.json but does not exist");
        });
    }

    @Test
    void aMissingChannelIsAnErrorForTrainingAndAWarningForATest() throws IOException {
        for (String images : List.of("imagesTr", "imagesTs")) {
            world.image(images + "/a_0000.nii.gz", DatasetWorld.GRID, 1);
            world.image(images + "/b_0000.nii.gz", DatasetWorld.GRID, 1);
            world.image(images + "/b_0001.nii.gz", DatasetWorld.GRID, 1);
        }
        world.label("labelsTr/a.nii.gz", DatasetWorld.GRID, 1);
        world.label("labelsTr/b.nii.gz", DatasetWorld.GRID, 1);
        world.describe(
                "{\"channel_names\": {\"0\": \"T1\", \"1\": \"T2\"}, \"labels\": {\"background\": 0, \"tumour\": 1}}");
        assertThat(Dataset.open(world.folder).problems())
                .containsExactly(
                        new Problem(
                                world.folder.resolve("imagesTr/a_0001.nii.gz"),
                                "does not exist; its case cannot be used"),
                        Problem.warning(
                                world.folder.resolve("imagesTs/a_0001.nii.gz"),
                                "does not exist; its case cannot be used"));
    }

    @Test
    void voxelsAndLabelsAreCountedWhileACaseIsRead() throws IOException {
        world.decathlonOfTwo();
        world.image("imagesTr/a.nii.gz", DatasetWorld.GRID, -3, Float.NaN, 9);
        Dataset dataset = Dataset.open(world.folder);
        LoadedCase.Findings found = CaseFindings.of(dataset, dataset.training().get(0));
        assertThat(found.channels()).singleElement().satisfies(voxels -> {
            assertThat(voxels.count()).isEqualTo(24);
            assertThat(voxels.finite()).isEqualTo(23);
            assertThat(voxels.min()).isEqualTo(-3);
            assertThat(voxels.max()).isEqualTo(9);
            assertThat(voxels.mean()).isEqualTo(7.0 / 23);
        });
        assertThat(found.classes()).isEqualTo(Map.of(0, 22L, 1, 1L, 2, 1L));
    }

    @Test
    void allProblemsAreReportedAtOnceEachWithItsFile() throws IOException {
        world.decathlonOfTwo();
        for (String id : List.of("c", "d", "e", "f", "g", "h")) {
            world.pair(id);
        }
        List<String> entries = new ArrayList<>();
        for (String id : List.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "a")) {
            entries.add(DatasetWorld.entry(id));
        }
        world.image("imagesTr/b.nii.gz", DatasetWorld.GRID, 1, Float.NaN, Float.POSITIVE_INFINITY);
        world.label("labelsTr/c.nii.gz", DatasetWorld.GRID, 1, 7, 7);
        world.label("labelsTr/d.nii.gz", Grid.of(new Shape(2, 3, 5), DatasetWorld.GRID.spacing()), 1);
        world.label(
                "labelsTr/e.nii.gz",
                new Grid(DatasetWorld.GRID.shape(), new Affine(1, 0, 0, 0.5, 0, 1, 0, 0, 0, 0, 2, 0)),
                1);
        Files.write(world.folder.resolve("imagesTr/f.nii.gz"), new byte[0]);
        Nifti.write(world.folder.resolve("labelsTr/g.nii.gz"), Volume.of(DatasetWorld.GRID, floats(0.5f)));
        Files.delete(world.folder.resolve("labelsTr/h.nii.gz"));
        Files.delete(world.folder.resolve("imagesTs/t.nii.gz"));
        world.decathlon(8, entries.toArray(String[]::new));
        List<Problem> problems = world.problems();
        assertThat(problems.stream()
                        .map(problem -> world.folder
                                        .relativize(problem.file())
                                        .toString()
                                        .replace('\\', '/') + ": " + problem.what()))
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
                                        "imagesTr/b.nii.gz: 2 of 24 voxels are NaN or infinite, the first at (x, y, z)"
                                                + " = (1, 0, 0)"),
                        p -> assertThat(p)
                                .startsWith("labelsTr/c.nii.gz: label 7 (2 voxels) is not in dataset.json, which has 0"
                                        + " to 2"),
                        p -> assertThat(p)
                                .startsWith("labelsTr/d.nii.gz: labels of shape (2, 3, 5) do not fit the image's (2, 3,"
                                        + " 4)"),
                        p -> assertThat(p)
                                .startsWith(
                                        "labelsTr/e.nii.gz: labels lie up to 0.5000 mm away from the image (tolerance"
                                                + " 0.01 mm)"),
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
        world.decathlonOfTwo();
        world.describe(Files.readString(world.folder.resolve("dataset.json"))
                .replace("{\"0\": \"CT\"}", "{\"0\": \"FLAIR\", \"1\": \"T1w\"}"));
        assertThat(world.problems())
                .hasSize(3)
                .allSatisfy(problem ->
                        assertThat(problem.what()).isEqualTo("1 channel, but dataset.json names 2 [FLAIR, T1w]"));
    }

    @Test
    void channelsOnDifferentGridsAreReported() throws IOException {
        world.image("imagesTr/a_0000.nii.gz", DatasetWorld.GRID);
        world.image("imagesTr/a_0001.nii.gz", Grid.of(DatasetWorld.GRID.shape(), new Spacing(2, 1, 1.5)));
        world.label("labelsTr/a.nii.gz", DatasetWorld.GRID, 1);
        world.describe(
                "{\"channel_names\": {\"0\": \"T1\", \"1\": \"T2\"}, \"labels\": {\"background\": 0, \"tumour\": 1}}");
        assertThat(world.problems()).anySatisfy(problem -> {
            assertThat(problem.file()).isEqualTo(world.folder.resolve("imagesTr/a_0000.nii.gz"));
            assertThat(problem.what()).contains("channel 1 lies on another grid than channel 0");
        });
        assertThatThrownBy(() -> Dataset.open(world.folder).training().get(0).readScan())
                .isInstanceOf(IOException.class);
    }

    @Test
    void aClassThatNeverOccursIsReported() throws IOException {
        world.decathlonOfTwo();
        world.label("labelsTr/a.nii.gz", DatasetWorld.GRID, 1);
        world.label("labelsTr/b.nii.gz", DatasetWorld.GRID, 1);
        assertThat(world.problems())
                .singleElement()
                .satisfies(problem ->
                        assertThat(problem.what()).startsWith("class 2 (tumour) occurs in no labelled case"));
    }

    @Test
    void aDatasetOfOneCaseIsReported() throws IOException {
        world.decathlonOfTwo();
        world.decathlon(1, DatasetWorld.entry("a"));
        assertThat(world.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.isError()).isTrue();
            assertThat(problem.what()).startsWith("only 1 labelled case found");
        });
    }

    @Test
    void labelsElsewhereAreRejectedByTheCase() throws IOException {
        world.decathlonOfTwo();
        Case one = Dataset.open(world.folder).training().get(0);
        assertThatThrownBy(() -> one.readLabels(Grid.of(DatasetWorld.GRID.shape(), new Spacing(2, 1, 2))))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("[a.nii.gz] labels lie up to 3.000 mm away from the image");
        assertThatThrownBy(() -> Dataset.open(world.folder).test().get(0).readLabels(DatasetWorld.GRID))
                .hasMessage("case 't' has no labels");
        assertThatThrownBy(() -> new Case("x", List.of(), Optional.empty())).hasMessageContaining("at least one image");
    }

    @Test
    void theHippocampusDatasetIsWithoutErrors() throws IOException {
        String data = System.getProperty("unet4j.data", System.getenv("UNET4J_DATA"));
        assumeTrue(data != null, "skipped: neither -Dunet4j.data nor UNET4J_DATA names a folder with datasets");
        Dataset hippocampus = Dataset.open(Path.of(data, "Task04_Hippocampus"));
        assertThat(hippocampus.trainingIds()).hasSize(208).startsWith("hippocampus_001", "hippocampus_003");
        assertThat(hippocampus.test()).hasSize(30);
        assertThat(DatasetWorld.problems(hippocampus)).isEmpty();
    }
}
