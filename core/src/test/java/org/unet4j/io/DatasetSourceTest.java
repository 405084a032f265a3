package org.unet4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
import org.unet4j.volume.Volume;

/** Files as people have them become a dataset whose cases and classes are theirs, or a message that says what does not fit. */
class DatasetSourceTest {

    private static final Grid GRID = Grid.of(new Shape(1, 2, 3), new Spacing(3, 1, 1));

    @TempDir
    Path folder;

    private void scan(String name) throws IOException {
        Files.createDirectories(folder.resolve(name).getParent());
        Nifti.write(folder.resolve(name), Volume.of(GRID, new float[] {1, 2, 3, 4, 5, 6}));
    }

    private void labels(String name, int... values) throws IOException {
        Files.createDirectories(folder.resolve(name).getParent());
        short[] voxels = new short[GRID.shape().arrayLength()];
        for (int i = 0; i < values.length; i++) {
            voxels[i] = (short) values[i];
        }
        Nifti.write(folder.resolve(name), Volume.of(GRID, voxels));
    }

    private DatasetSource source(String images, String labels, String classes) {
        return new DatasetSource(
                List.of(new DatasetSource.Channel("CT", pattern(images))), pattern(labels), ClassNames.parse(classes));
    }

    private FilePattern pattern(String text) {
        return new FilePattern(folder + "/" + text);
    }

    private Dataset made(DatasetSource source) throws IOException {
        source.write(folder.resolve("made"), false, 2, Progress.silent());
        return Dataset.open(folder.resolve("made"));
    }

    @Test
    void filesOfOneNameAreOneCaseAndCopiedAsTheyAre() throws IOException {
        scan("scans/b.nii");
        scan("scans/a.nii.gz");
        labels("masks/a.nii.gz", 0, 1, 2);
        labels("masks/b.nii.gz", 1);
        Dataset made = made(source("scans", "masks", "pancreas,tumour"));
        assertThat(made.problems()).isEmpty();
        assertThat(made.channelNames()).containsExactly("CT");
        assertThat(made.classes())
                .containsEntry(0, "background")
                .containsEntry(1, "pancreas")
                .containsEntry(2, "tumour")
                .hasSize(3);
        assertThat(made.trainingIds()).containsExactly("a", "b");
        assertThat(folder.resolve("made/imagesTr/b.nii")).hasSameBinaryContentAs(folder.resolve("scans/b.nii"));
        assertThat(folder.resolve("made/labelsTr/a.nii.gz")).hasSameBinaryContentAs(folder.resolve("masks/a.nii.gz"));
    }

    @Test
    void starsStandForTheNameWhereverItIs() throws IOException {
        scan("p/one/one_t1.nii.gz");
        scan("p/one/flair.nii.gz");
        scan("p/two/two_t1.nii.gz");
        scan("p/two/flair.nii.gz");
        labels("m/seg-one-final.nii.gz", 1);
        labels("m/seg-two-final.nii.gz", 1);
        Dataset made = made(new DatasetSource(
                List.of(
                        new DatasetSource.Channel("T1", pattern("p/*/*_t1.nii.gz")),
                        new DatasetSource.Channel("FLAIR", pattern("p/*/flair.nii.gz"))),
                pattern("m/seg-*-final.nii.gz"),
                ClassNames.parse("lesion")));
        assertThat(made.channelNames()).containsExactly("T1", "FLAIR");
        assertThat(made.problems()).isEmpty();
        assertThat(made.training()).extracting(Case::id).containsExactly("one", "two");
        assertThat(made.training().get(0).images())
                .extracting(file -> file.getFileName().toString())
                .containsExactly("one_0000.nii.gz", "one_0001.nii.gz");
    }

    @Test
    void valuesBecomeNumbersWithoutGapsInWhichNamesAreJoined() throws IOException {
        scan("scans/a.nii.gz");
        labels("masks/a.nii.gz", 0, 205, 420, 500, 7, 600);
        Dataset made = made(source("scans", "masks", "205=muscle,420=aorta,500=muscle,7=Background,600=vein"));
        assertThat(made.classes())
                .containsEntry(1, "muscle")
                .containsEntry(2, "aorta")
                .containsEntry(3, "vein");
        Labels numbered = Nifti.readLabels(folder.resolve("made/labelsTr/a.nii.gz"));
        assertThat(numbered.bytes()).containsExactly(0, 1, 2, 1, 0, 3);
        assertThat(numbered.grid())
                .isEqualTo(Nifti.readHeader(folder.resolve("scans/a.nii.gz")).grid());
    }

    @Test
    void scansWithoutLabelsAreKeptApart() throws IOException {
        scan("scans/a.nii.gz");
        scan("scans/new.nii.gz");
        labels("masks/a.nii.gz", 1);
        assertThat(source("scans", "masks", "organ").write(folder.resolve("made"), true, 1, Progress.silent()))
                .containsExactly("new");
        Dataset made = Dataset.open(folder.resolve("made"));
        assertThat(made.test()).extracting(Case::id).containsExactly("new");
        assertThat(folder.resolve("made/imagesTs/new.nii.gz")).isSymbolicLink();
        assertThat(made.training().get(0).readScan().channels()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "scans          | masks             | organ | masks] has labels of a_seg, and",
                "scans          | masks             | organ | scans without labels are a. Where names differ in what surrounds",
                "scans          | more              | organ | no scans of that name; add the scans, or move these labels elsewhere",
                "nowhere        | masks             | organ | nowhere] does not exist",
                ".              | masks             | organ | holds no .nii or .nii.gz file, but folders;",
                "empty          | masks             | organ | empty] holds no .nii or .nii.gz file",
                "scans/a.nii.gz | masks             | organ | scans/a.nii.gz] is one file; give its folder",
                "scans/*        | masks             | organ | must end in .nii.gz or .nii",
                "none/*.nii.gz  | masks             | organ | none/*.nii.gz] fits no file",
                "scans          | masks/*_seg.nii.gz| 2=organ | holds the value 1, which --classes does not name: write --classes 1=NAME,2=organ, with",
                "scans          | scans             | organ | a.nii.gz] holds the value 2",
                "two            | masks/*_seg.nii.gz| organ | two] has two files of the case a"
            })
    void whatDoesNotFitIsToldAndNothingWritten(String images, String labels, String classes, String message)
            throws IOException {
        scan("scans/a.nii.gz");
        scan("two/a.nii.gz");
        scan("two/a.nii");
        Files.createDirectories(folder.resolve("empty"));
        labels("masks/a_seg.nii.gz", 1);
        labels("more/a.nii.gz", 1);
        labels("more/b.nii.gz", 1);
        assertThatIOException()
                .isThrownBy(() -> made(source(images, labels, classes)))
                .withMessageContaining(message);
        assertThat(folder.resolve("made")).doesNotExist();
    }

    @Test
    void everyCaseNeedsEveryChannel() throws IOException {
        scan("t1/a.nii.gz");
        scan("t1/b.nii.gz");
        scan("t2/a.nii.gz");
        labels("masks/a.nii.gz", 1);
        DatasetSource.Channel t1 = new DatasetSource.Channel("T1", pattern("t1"));
        DatasetSource.Channel t2 = new DatasetSource.Channel("T2", pattern("t2"));
        assertThatIOException()
                .isThrownBy(() -> made(new DatasetSource(List.of(t1, t2), pattern("masks"), ClassNames.parse("x"))))
                .withMessageContaining("t2] lacks T2 of b, which T1 has; every case needs a file of each channel");
    }

    @Test
    void imagesAreNoLabels() throws IOException {
        scan("scans/a.nii.gz");
        Nifti.write(folder.resolve("scans/a.nii.gz"), Volume.of(GRID, new float[] {0.5f, 2, 3, 4, 5, 6}));
        assertThatIOException()
                .isThrownBy(() -> made(source("scans", "scans", "organ")))
                .withMessageContaining("a.nii.gz] is no label map: 1 of 6 voxels are no whole numbers");
    }

    @Test
    void whatACopyThatFailsLeavesIsNamed() throws IOException {
        for (String name : List.of("a", "b")) {
            scan("scans/" + name + ".nii.gz");
            labels("masks/" + name + ".nii.gz", 1);
        }
        DatasetSource source = source("scans", "masks", "organ");
        Path scan = folder.resolve("scans/b.nii.gz");
        Progress removing = (what, done, total) -> {
            if (what.startsWith("copying")) { // a is copied.
                assertThat(scan.toFile().delete()).isTrue();
            }
        };
        assertThatIOException()
                .isThrownBy(() -> source.write(folder.resolve("made"), false, 1, removing))
                .withMessageContaining("NoSuchFileException: " + scan)
                .withMessageContaining("; what was written is left in [" + folder.resolve("made.partial") + "], and");
        assertThat(folder.resolve("made")).doesNotExist();
    }

    @Test
    void aDiskWithoutRoomIsToldBeforeCopying() throws IOException {
        DatasetSource.requireRoom(folder, 1L << 30, 1L << 30);
        assertThatIOException()
                .isThrownBy(() -> DatasetSource.requireRoom(Path.of("made"), 1L << 30, 3L << 29))
                .withMessage(
                        "[made] there is room for 1.0 GiB, and copies of scans and labels need 1.5; choose a folder on"
                                + " another disk, or --link");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "a,a             | 'a' is named twice; to make one class of two values write 1=a,2=a",
                "a,              | the class of value 2 has no name",
                "1=a,b           | 'b' must be VALUE=NAME",
                "1=a,1=b         | value 1 is named twice, a and b",
                "0=liver         | value 0 is background, and cannot be liver",
                "70000=liver     | value 70000 of liver must lie from 1 to 65535",
                "background,a,b  | background is value 0, and is not listed: write a,b for the values 1, 2, ..., or VALUE=background",
                "a, Background   | background is value 0, and is not listed: write a for",
                "background      | no class has a name beside background",
                "1=background    | no class has a name beside background"
            })
    void listsOfClassesThatMeanNothingAreRefused(String list, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClassNames.parse(list))
                .withMessageContaining(message);
    }
}
