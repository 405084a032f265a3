package org.unet4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.volume.Affine;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
import org.unet4j.volume.Volume;

/** Datasets of both layouts with one flaw each: what a look at the folder finds, and what a mended copy has left of it. */
class DatasetRepairTest {

    private static final Grid GRID = Grid.of(new Shape(10, 10, 10), new Spacing(2, 1, 1));
    private static final Grid ELSEWHERE = new Grid(GRID.shape(), new Affine(-1, 0, 0, 9, 0, -1, 0, 9, 0, 0, 2, 5));

    @TempDir
    Path parent;

    private Path folder;

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createDirectory(parent.resolve("Task99")).toRealPath();
    }

    private void scan(String name, int seed) throws IOException {
        short[] voxels = new short[1000];
        for (int i = 0; i < voxels.length; i++) {
            voxels[i] = (short) (i * 7 % 101 + seed);
        }
        Nifti.write(folder.resolve(name), Volume.of(GRID, voxels));
    }

    private void labels(String name, Grid grid) throws IOException {
        byte[] classes = new byte[1000];
        classes[555] = 1;
        Nifti.write(folder.resolve(name), new Labels(grid, classes));
    }

    /** Makes two good cases, a and b, in the Decathlon's layout and a test scan t. */
    private void decathlon() throws IOException {
        for (String id : List.of("a", "b")) {
            scan("imagesTr/" + id + ".nii.gz", id.charAt(0));
            labels("labelsTr/" + id + ".nii.gz", GRID);
        }
        scan("imagesTs/t.nii.gz", 't');
        describe(2, 1, entry("a"), entry("b"));
    }

    private static String entry(String id) {
        return "{\"image\": \"./imagesTr/" + id + ".nii.gz\", \"label\": \"./labelsTr/" + id + ".nii.gz\"}";
    }

    private void describe(int training, int test, String... entries) throws IOException {
        Files.writeString(
                folder.resolve("dataset.json"),
                "{\"name\": \"x\", \"relase\": 1.5, \"modality\": {\"0\": \"CT\"}, \"labels\": {\"0\": \"background\","
                        + " \"1\": \"bone\"}, \"numTraining\":"
                        + " " + training + ", \"numTest\": " + test + ", \"training\": ["
                        + String.join(", ", entries) + "], \"test\": [\"imagesTs/t.nii.gz\"]}");
    }

    private List<Problem> problems(Path dataset) throws IOException {
        Dataset opened = Dataset.open(dataset);
        List<LoadedCase.Findings> findings = Stream.concat(opened.training().stream(), opened.test().stream())
                .map(one -> CaseFindings.of(opened, one))
                .toList();
        List<Problem> all = new ArrayList<>(opened.check(findings));
        findings.forEach(one -> all.addAll(one.remarks()));
        all.addAll(FolderCheck.of(opened));
        return all;
    }

    private Repair repair() throws IOException {
        return Repair.of(Dataset.open(folder), parent.resolve("mended"), 2, Progress.silent());
    }

    /** Repairs what has exactly the given problem and finds the copy clean. */
    private Repair repairOf(String problem) throws IOException {
        assertThat(problems(folder)).singleElement().satisfies(one -> {
            assertThat(one.what()).contains(problem);
            assertThat(one.isMendable()).isTrue();
        });
        Repair repair = repair();
        assertThat(problems(repair.folder())).isEmpty();
        return repair;
    }

    private static void assertChange(Repair repair, String file, String what) {
        assertThat(repair.changes()).singleElement().satisfies(change -> {
            assertThat(change.file()).isEqualTo(file);
            assertThat(change.what()).contains(what);
        });
    }

    @Test
    void aGoodDatasetIsCopiedByteForByteWithAllThatLiesInIt() throws IOException {
        decathlon();
        Files.createDirectory(folder.resolve("notes"));
        Files.writeString(folder.resolve("notes/README.txt"), "of 2014");
        Files.writeString(folder.resolve("imagesTr/.DS_Store"), "x");
        assertThat(problems(folder)).isEmpty();
        Repair repair = repair();
        assertThat(repair).isEqualTo(new Repair(parent.resolve("mended"), List.of(), 7, 1));
        for (String file : List.of(
                "dataset.json", "imagesTr/a.nii.gz", "labelsTr/b.nii.gz", "imagesTs/t.nii.gz", "notes/README.txt")) {
            assertThat(repair.folder().resolve(file)).hasSameBinaryContentAs(folder.resolve(file));
        }
        assertThat(repair.folder().resolve("imagesTr/.DS_Store")).doesNotExist();
    }

    @Test
    void aLinkToAFolderAboveIsNotFollowedForEver() throws IOException {
        decathlon();
        Files.createSymbolicLink(folder.resolve("imagesTr/up"), Path.of(".."));
        assertThatIOException()
                .isThrownBy(this::repair)
                .withMessageContaining("up] is a link to a folder that it lies in")
                .withMessageEndingWith("remove the link");
        assertThat(parent.resolve("mended")).doesNotExist();
    }

    @Test
    void labelsElsewhereTakeTheGeometryOfTheirImage() throws IOException {
        decathlon();
        labels("labelsTr/b.nii.gz", ELSEWHERE);
        Repair repair = repairOf("axes to LPS against RAS, first voxel at (9, 9, 5) against (0, 0, 0) mm");
        assertChange(repair, "labelsTr/b.nii.gz", "takes the geometry of its image b.nii.gz");
        assertThat(repair.copied()).isEqualTo(5);
        assertThat(Nifti.readHeader(repair.folder().resolve("labelsTr/b.nii.gz"))
                        .grid())
                .isEqualTo(GRID);
    }

    @Test
    void wrongCountsAreCorrectedAndOtherKeysStay() throws IOException {
        decathlon();
        describe(3, 1, entry("a"), entry("b"));
        Repair repair = repairOf("numTraining is 3, but there are 2");
        assertChange(repair, "dataset.json", "numTraining is 2, no longer 3");
        assertThat(repair.folder().resolve("dataset.json")).content().contains("\"relase\" : 1.5");
        delete(repair.folder());
        describe(2, 9, entry("a"), entry("b"));
        assertChange(repairOf("numTest is 9, but there are 1"), "dataset.json", "numTest is 1, no longer 9");
    }

    private static void delete(Path folder) throws IOException {
        Files.move(folder, folder.resolveSibling("aside"));
    }

    @Test
    void anEntryGivenTwiceIsListedOnce() throws IOException {
        decathlon();
        describe(2, 1, entry("a"), entry("b"), entry("a"));
        assertChange(repairOf("lists case 'a' twice"), "dataset.json", "'training' no longer lists {\"image\"");
    }

    @Test
    void namesAreSpeltAsTheFilesAreCalled() throws IOException {
        decathlon();
        for (String name : List.of("imagesTr/a", "labelsTr/a", "imagesTs/t")) {
            Files.delete(folder.resolve(name + ".nii.gz"));
        }
        scan("imagesTr/a.nii", 'a');
        labels("labelsTr/a.nii", GRID);
        scan("imagesTs/t.nii", 't');
        Repair repair = repairOf("lists 3 files with another ending than they have");
        assertThat(repair.changes())
                .extracting(Repair.Change::what)
                .containsExactly(
                        "'training' names 2 files as they are called", "'test' names 1 file as they are called");
        assertThat(repair.folder().resolve("dataset.json"))
                .content()
                .contains("./imagesTr/a.nii\"", "./labelsTr/a.nii\"", "imagesTs/t.nii\"");
    }

    @Test
    void nnunetsEndingIsThatOfItsFiles() throws IOException {
        for (String id : List.of("a", "b")) {
            scan("imagesTr/" + id + "_0000.nii", id.charAt(0));
            scan("imagesTr/" + id + "_0001.nii", 2 * id.charAt(0));
            labels("labelsTr/" + id + ".nii", GRID);
        }
        labels("labelsTr/b.nii", ELSEWHERE);
        Files.writeString(
                folder.resolve("dataset.json"),
                "{\"channel_names\": {\"0\": \"T1\", \"1\": \"T2\"}, \"labels\": {\"background\": 0, \"bone\": 1},"
                        + " \"numTraining\": 2, \"file_ending\": \".nii.gz\"}");
        assertThat(problems(folder)).hasSize(2).allMatch(Problem::isMendable);
        Repair repair = repair();
        assertThat(problems(repair.folder())).isEmpty();
        assertThat(repair.changes())
                .extracting(Repair.Change::what)
                .satisfiesExactly(
                        change -> assertThat(change)
                                .isEqualTo("file_ending is .nii, as all files have it, no longer .nii.gz"),
                        change -> assertThat(change).startsWith("takes the geometry of its image b_0000.nii"));
    }

    @Test
    void filesOfMacOsAreLeftOut() throws IOException {
        decathlon();
        Files.write(folder.resolve("imagesTr/._a.nii.gz"), new byte[10]);
        Files.write(folder.resolve("imagesTr/._b.nii.gz"), new byte[10]);
        assertThat(repairOf("2 ._ files (the first is ._a.nii.gz) of macOS").skipped())
                .isEqualTo(2);
    }

    @Test
    void whatWouldNeedAGuessIsToldAndLeft() throws IOException {
        decathlon();
        scan("imagesTr/stray.nii.gz", 9);
        labels("labelsTr/a.nii.gz", Grid.of(new Shape(10, 10, 10), GRID.spacing()));
        labels("labelsTr/b.nii.gz", new Grid(new Shape(5, 20, 10), GRID.affine()));
        Files.copy(
                folder.resolve("imagesTr/a.nii.gz"),
                folder.resolve("imagesTr/b.nii.gz"),
                StandardCopyOption.REPLACE_EXISTING);
        byte[] damaged = Files.readAllBytes(folder.resolve("imagesTs/t.nii.gz"));
        damaged[damaged.length - 6] ^= 1;
        Files.write(folder.resolve("imagesTs/t.nii.gz"), damaged);
        List<Problem> problems = problems(folder);
        assertThat(problems)
                .extracting(Problem::what)
                .satisfiesExactly(
                        p -> assertThat(p)
                                .startsWith("labels of shape (5, 20, 10) do not fit the image's (10, 10, 10) (z, y, x):"
                                        + " spacing (1, 1, 2) against (1, 1, 2) mm")
                                .contains("corners up to 14.14 mm apart"),
                        p -> assertThat(p).contains("damaged"),
                        p -> assertThat(p).startsWith("1 file (stray.nii.gz) in no case"),
                        p -> assertThat(p).startsWith("has the same bytes as imagesTr"));
        assertThat(problems).noneMatch(Problem::isMendable);
        Repair repair = repair();
        assertThat(repair.changes()).isEmpty();
        assertThat(problems(repair.folder())).hasSameSizeAs(problems);
        assertThat(repair.folder().resolve("imagesTs/t.nii.gz")).hasBinaryContent(damaged);
    }

    @Test
    void aCountIsNotCorrectedWhileAFileIsMissing() throws IOException {
        decathlon();
        describe(3, 1, entry("a"), entry("b"), entry("c"));
        Repair repair = repair();
        assertThat(repair.changes()).isEmpty();
        assertThat(problems(repair.folder()))
                .extracting(Problem::what)
                .satisfiesExactly(
                        p -> assertThat(p).startsWith("is listed in dataset.json but does not exist"),
                        p -> assertThat(p).startsWith("is listed in dataset.json but does not exist"),
                        p -> assertThat(p).startsWith("numTraining is 3"));
    }

    @Test
    void everythingWrongWithALabelMapIsTold() throws IOException {
        decathlon();
        float[] voxels = new float[1000];
        voxels[12] = 0.5f;
        voxels[13] = -2;
        voxels[14] = 7;
        Nifti.write(folder.resolve("labelsTr/a.nii.gz"), Volume.of(ELSEWHERE, voxels));
        labels("labelsTr/b.nii.gz", GRID);
        Nifti.write(folder.resolve("labelsTr/b.nii.gz"), new Labels(GRID, new byte[1000]));
        assertThat(problems(folder))
                .extracting(Problem::what)
                .satisfiesExactly(
                        p -> assertThat(p)
                                .startsWith(
                                        "1 of 1000 voxels are no whole numbers, the first, at (x, y, z) = (2, 1, 0)"),
                        p -> assertThat(p).startsWith("1 of 1000 voxels lie outside 0 to 65535, from -2 to -2"),
                        p -> assertThat(p).startsWith("label 7 (1 voxels) is not in dataset.json"),
                        p -> assertThat(p).startsWith("labels lie up to"),
                        p -> assertThat(p).startsWith("no voxel is labelled"));
    }

    @Test
    void originalsAreNeverWrittenOver() throws IOException {
        decathlon();
        Dataset dataset = Dataset.open(folder);
        for (Path target : List.of(folder, folder.resolve("imagesTr"), parent)) {
            assertThatIOException()
                    .isThrownBy(() -> Repair.of(dataset, target, 1, Progress.silent()))
                    .withMessageContaining("is not empty");
        }
        assertThatIOException()
                .isThrownBy(() -> Repair.of(dataset, folder.resolve("new/copy"), 1, Progress.silent()))
                .withMessageContaining("lies in the dataset's folder");
        assertThat(folder.resolve("new")).doesNotExist();
    }

    @Test
    void filesOutsideTheFolderAreNoPartOfACopy() throws IOException {
        decathlon();
        Files.move(folder.resolve("imagesTr/a.nii.gz"), parent.resolve("a.nii.gz"));
        describe(2, 1, entry("a").replace("./imagesTr/a", "../a"), entry("b"));
        assertThatIOException().isThrownBy(this::repair).withMessageContaining("lies outside the dataset's folder");
        assertThat(parent.resolve("mended")).doesNotExist();
    }

    @Test
    void aCommandIsAdvisedForWhatCanBeMended() {
        Path where = Path.of("/data/Task 1");
        Problem sure = new Problem(where, "x").mendable();
        Problem unsure = new Problem(where, "y");
        assertThat(Repair.advice(where, List.of(unsure))).isEmpty();
        assertThat(Repair.advice(where, List.of(sure, unsure)))
                .hasValue("1 of 2 can be mended in a copy: ./unet4j inspect \"" + where + "\" --repair \"" + where
                        + "-mended\"");
        assertThat(Repair.advice(Path.of("ct"), List.of(sure)))
                .hasValue("all can be mended in a copy: ./unet4j inspect ct --repair ct-mended");
    }
}
