package org.unet4j.prep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.io.Case;
import org.unet4j.io.Dataset;
import org.unet4j.io.Nifti;
import org.unet4j.io.Progress;
import org.unet4j.volume.Box;
import org.unet4j.volume.Grid;
import org.unet4j.volume.LabelArray;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;

/** Cases of more classes than a byte holds: every voxel of 16 x 16 x 16 is of class (its index mod 300). */
class WideLabelsTest {

    private static final int CLASSES = 300;
    private static final Grid GRID = Grid.of(Shape.cube(16), new Spacing(1, 1, 1));

    @TempDir
    Path folder;

    private Dataset dataset;
    private Plan plan;

    @BeforeEach
    void write() throws IOException {
        TreeMap<Integer, String> classes = new TreeMap<>();
        IntStream.range(0, CLASSES).forEach(cls -> classes.put(cls, "class " + cls));
        LabelArray labels = LabelArray.background(4096, CLASSES);
        IntStream.range(0, 4096).forEach(i -> labels.set(i, i % CLASSES));
        List<Case> cases = List.of("a", "b").stream()
                .map(id ->
                        new Case(id, List.of(folder.resolve(id + ".nii")), Optional.of(folder.resolve(id + "_l.nii"))))
                .toList();
        for (Case one : cases) {
            Nifti.write(
                    one.images().get(0),
                    Worlds.scan(one.id(), GRID, 1).channels().get(0));
            Nifti.write(one.labels().orElseThrow(), new Labels(GRID, labels));
        }
        dataset = new Dataset("many", folder, List.of("MRI"), classes, cases, List.of());
        Plan few = Worlds.plan();
        plan = new Plan(
                "many",
                few.channels(),
                classes,
                few.crop(),
                few.spacing(),
                few.resampling(),
                few.medianShape(),
                few.budget(),
                few.patch(),
                few.batch(),
                few.topology());
    }

    private PreparedCase prepared() throws IOException {
        return Prepare.by(plan, dataset, folder.resolve("store"), 2, Progress.silent())
                .get("a");
    }

    @Test
    void labelsAreStoredInTwoBytes() throws IOException {
        PreparedCase prepared = prepared();
        prepared.verify();
        LabelArray labels = prepared.labels();
        assertThat(IntStream.range(0, 4096).map(labels::get).toArray())
                .isEqualTo(IntStream.range(0, 4096).map(i -> i % CLASSES).toArray());
        // Head 192 + 300 ints, in 64s; halves; shorts; the index of each voxel but those of background.
        long listed = IntStream.range(0, 4096).filter(i -> i % CLASSES != 0).count();
        assertThat(Files.size(folder.resolve("store/a.case"))).isEqualTo(1408 + 2 * 4096 + 2 * 4096 + 4 * listed);
    }

    @Test
    void everyClassCanBeDrawn() throws IOException {
        PreparedCase prepared = prepared();
        assertThat(prepared.classesPresent())
                .containsExactly(IntStream.range(1, CLASSES).toArray());
        for (int cls = 1; cls < CLASSES; cls++) {
            for (int i = 0; i < prepared.foregroundSamples(cls); i++) {
                assertThat(prepared.foregroundVoxel(cls, i) % CLASSES).isEqualTo(cls);
            }
        }
    }

    @Test
    void aBoxIsCopiedIntoIntsAndOutsideIsBackground() throws IOException {
        Box box = new Box(-1, 3, 14, Shape.cube(4));
        int[] expected = new int[64];
        int at = 0;
        for (int z = -1; z < 3; z++) {
            for (int y = 3; y < 7; y++) {
                for (int x = 14; x < 18; x++) {
                    expected[at++] = z < 0 || x > 15 ? 0 : GRID.shape().index(z, y, x) % CLASSES;
                }
            }
        }
        for (LabelledCase one :
                List.of(prepared(), FreshCase.read(dataset.training().get(0), plan))) {
            IntBuffer ints = IntBuffer.allocate(66);
            one.copyLabels(box, ints, 2);
            assertThat(IntStream.range(0, 64).map(i -> ints.get(i + 2)).toArray())
                    .isEqualTo(expected);
        }
    }

    @Test
    void aBoxDoesNotFitIntoBytes() throws IOException {
        for (LabelledCase one :
                List.of(prepared(), FreshCase.read(dataset.training().get(0), plan))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> one.copyLabels(Box.all(GRID.shape()), ByteBuffer.allocate(4096), 0))
                    .withMessageContaining("more than 256 classes");
        }
    }

    /** The head of many classes is longer than what is read of a file at first. */
    @Test
    void aHeadOfTheMostClassesIsRead() throws IOException {
        Path file = folder.resolve("most.case");
        LabelArray labels = LabelArray.background(8, Labels.MAX_CLASSES);
        labels.set(5, 65_535);
        Grid grid = Grid.of(Shape.cube(2), new Spacing(1, 1, 1));
        Recipe recipe = new Recipe(grid, Box.all(grid.shape()), grid.shape());
        PreparedScan scan = new PreparedScan(List.of(new float[8]), grid.shape(), Optional.of(labels), recipe);
        ForegroundLists lists = ForegroundLists.of(labels, Labels.MAX_CLASSES);
        CaseWriter.write(file, new CaseFormat(1, lists.counts(), 1, 2, recipe), scan, lists);
        PreparedCase read = PreparedCase.open("most", file);
        read.verify();
        assertThat(read.labels().get(5)).isEqualTo(65_535);
        assertThat(read.foregroundVoxel(65_535, 0)).isEqualTo(5);
    }
}
