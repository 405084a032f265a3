package org.unet4j.prep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.unet4j.volume.Affine;
import org.unet4j.volume.Box;
import org.unet4j.volume.Grid;
import org.unet4j.volume.LabelArray;
import org.unet4j.volume.Shape;

class PreparedCaseTest {

    private static final Shape SHAPE = new Shape(5, 7, 9);

    @TempDir
    Path folder;

    private Path file;
    private PreparedScan scan;

    @BeforeEach
    void write() throws IOException {
        float[][] channels = new float[2][SHAPE.arrayLength()];
        byte[] labels = new byte[SHAPE.arrayLength()];
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < labels.length; i++) {
            channels[0][i] = i + 1;
            channels[1][i] = -i - 1;
            labels[i] = (byte) random.nextInt(3);
        }
        Grid original = new Grid(new Shape(9, 10, 11), new Affine(0, 0, 2, -90, -1, 0, 0, 126, 0, -1.5, 0, 72));
        Recipe recipe = new Recipe(original, Box.between(1, 2, 3, 6, 9, 11), SHAPE);
        scan = new PreparedScan(List.of(channels), SHAPE, Optional.of(LabelArray.of(labels)), recipe);
        file = folder.resolve("a.case");
        write(scan);
    }

    private void write(PreparedScan written) throws IOException {
        ForegroundLists lists =
                written.labels().map(l -> ForegroundLists.of(l, 4)).orElseGet(ForegroundLists::none);
        CaseWriter.write(file, new CaseFormat(2, lists.counts(), 11, -12, written.recipe()), written, lists);
    }

    private PreparedCase open() throws IOException {
        return PreparedCase.open("a", file);
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        PreparedCase read = open();
        assertThat(read.id()).isEqualTo("a");
        assertThat(read.channels()).isEqualTo(2);
        assertThat(read.shape()).isEqualTo(SHAPE);
        assertThat(read.recipe()).isEqualTo(scan.recipe());
        assertThat(read.classesPresent()).containsExactly(1, 2);
        FloatBuffer all = FloatBuffer.allocate(SHAPE.arrayLength());
        read.copyImage(1, Box.all(SHAPE), all, 0);
        assertThat(all.array()).isEqualTo(scan.channels().get(1));
        ByteBuffer labels = ByteBuffer.allocate(SHAPE.arrayLength());
        read.copyLabels(Box.all(SHAPE), labels, 0);
        assertThat(labels.array()).isEqualTo(scan.labels().orElseThrow().bytes());
        for (int cls = 1; cls <= 2; cls++) {
            for (int i = 0; i < read.foregroundSamples(cls); i++) {
                assertThat(labels.get(read.foregroundVoxel(cls, i))).isEqualTo((byte) cls);
            }
        }
        assertThatCode(read::verify).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void aBoxIsCopiedAndWhatLiesOutsideIsZero(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        PreparedCase read = open();
        for (int round = 0; round < 20; round++) {
            Box box = new Box(
                    random.nextInt(-8, 8),
                    random.nextInt(-8, 10),
                    random.nextInt(-12, 12),
                    new Shape(random.nextInt(1, 9), random.nextInt(1, 9), random.nextInt(1, 14)));
            int offset = random.nextInt(4);
            float[] image = new float[box.shape().arrayLength() + 8];
            byte[] labels = new byte[image.length];
            Arrays.fill(image, 77);
            Arrays.fill(labels, (byte) 77);
            read.copyImage(0, box, FloatBuffer.wrap(image), offset);
            read.copyLabels(box, ByteBuffer.wrap(labels), offset);
            float[] expectedImage = new float[image.length];
            byte[] expectedLabels = new byte[image.length];
            Arrays.fill(expectedImage, 77);
            Arrays.fill(expectedLabels, (byte) 77);
            int at = offset;
            for (int z = box.z0(); z < box.end(0); z++) {
                for (int y = box.y0(); y < box.end(1); y++) {
                    for (int x = box.x0(); x < box.end(2); x++, at++) {
                        boolean inside = new Box(z, y, x, Shape.cube(1)).isInside(SHAPE);
                        int index = inside ? SHAPE.index(z, y, x) : 0;
                        expectedImage[at] = inside ? scan.channels().get(0)[index] : 0;
                        expectedLabels[at] =
                                inside ? (byte) scan.labels().orElseThrow().get(index) : 0;
                    }
                }
            }
            assertThat(image).isEqualTo(expectedImage);
            assertThat(labels).isEqualTo(expectedLabels);
        }
    }

    @Test
    void aCaseWithoutLabelsSaysSo() throws IOException {
        write(new PreparedScan(scan.channels(), SHAPE, Optional.empty(), scan.recipe()));
        PreparedCase read = open();
        assertThat(read.hasLabels()).isFalse();
        assertThat(read.classesPresent()).isEmpty();
        assertThat(read.foregroundSamples(1)).isZero();
        assertThatThrownBy(() -> read.copyLabels(Box.all(SHAPE), ByteBuffer.allocate(1), 0))
                .hasMessage("[a] has no labels");
        assertThatThrownBy(() -> read.foregroundVoxel(1, 0)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void sectionsAreAligned() throws IOException {
        CaseFormat format = new CaseFormat(3, new int[] {0, 5, 7}, 1, 2, scan.recipe());
        for (long start : new long[] {
            format.headLength(),
            format.channelStart(1),
            format.channelStart(2),
            format.labelsStart(),
            format.listsStart()
        }) {
            assertThat(start % 64).isZero();
        }
        assertThat(format.fileLength()).isEqualTo(format.listsStart() + 48);
    }

    @Test
    void aFileCutShortAnywhereIsFound() throws IOException {
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length += 61) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatThrownBy(this::open)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("a.case")
                    .hasMessageContaining("run prepare again");
        }
    }

    @Test
    void anyChangedByteIsFound() throws IOException {
        byte[] whole = Files.readAllBytes(file);
        for (int at = 0; at < whole.length; at += 7) {
            byte[] changed = whole.clone();
            changed[at] ^= 4;
            Files.write(file, changed);
            assertThatThrownBy(() -> open().verify())
                    .as("byte %d", at)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("a.case");
        }
    }

    @Test
    void aMissingFileIsNamed() throws IOException {
        Files.delete(file);
        assertThatThrownBy(this::open).hasMessageContaining("a.case").hasMessageContaining("run prepare again");
    }

    @Test
    void aFolderThatCannotBeWrittenIsNamed() {
        file = folder.resolve("missing").resolve("b.case");
        assertThatThrownBy(() -> write(scan)).isInstanceOf(IOException.class).hasMessageContaining("b.case");
    }

    @Test
    void aScanTooLargeToMapIsRejected() {
        Grid grid = scan.recipe().original();
        Recipe huge = new Recipe(grid, Box.all(grid.shape()), new Shape(1000, 1100, 1000));
        assertThatThrownBy(() -> new CaseFormat(1, new int[0], 0, 0, huge))
                .hasMessageContaining("choose a coarser spacing");
    }
}
