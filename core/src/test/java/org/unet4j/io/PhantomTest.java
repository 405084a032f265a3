package org.unet4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.unet4j.volume.Box;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;

/** The phantom is no toy: neither intensity alone nor place alone finds the pancreas. */
class PhantomTest {

    private static final int CASES = 24;
    private static final Phantom.Settings SMALL = Phantom.Settings.small();
    private static final Phantom.Settings TINY = new Phantom.Settings(
            new Shape(8, 20, 24), new Shape(10, 20, 24), new Spacing(15, 12, 12), new Spacing(16, 13, 13), 12, 4);

    /** Any foreground, then each class. */
    private static final List<List<Integer>> TARGETS = List.of(List.of(1, 2), List.of(1), List.of(2));

    private static List<Phantom.Case> cases;

    @TempDir
    Path folder;

    @BeforeAll
    static void makeCases() {
        cases = InOrder.map(IntStream.range(0, CASES).boxed().toList(), 2, index -> Phantom.generate(SMALL, 1, index));
    }

    private static short[] hu(Phantom.Case one) {
        return (short[]) one.image().array();
    }

    @Test
    void bestWindowOfIntensitiesFindsNeitherPancreasNorTumour() {
        int low = -200;
        int step = 5;
        int bins = 120;
        for (List<Integer> target : TARGETS) {
            double[][] best = new double[bins][bins + 1];
            int scored = 0;
            for (Phantom.Case one : cases) {
                long[] all = new long[bins + 1];
                long[] wanted = new long[bins + 1];
                short[] hu = hu(one);
                for (int i = 0; i < hu.length; i++) {
                    int bin = Math.floorDiv(hu[i] - low, step);
                    if (bin >= 0 && bin < bins) {
                        all[bin + 1]++;
                        wanted[bin + 1] += target.contains(one.labels().get(i)) ? 1 : 0;
                    }
                }
                for (int bin = 0; bin < bins; bin++) {
                    all[bin + 1] += all[bin];
                    wanted[bin + 1] += wanted[bin];
                }
                if (wanted[bins] == 0) {
                    continue;
                }
                scored++;
                for (int from = 0; from < bins; from++) {
                    for (int to = from + 1; to <= bins; to++) {
                        best[from][to] += 2.0 * (wanted[to] - wanted[from]) / (all[to] - all[from] + wanted[bins]);
                    }
                }
            }
            double highest = 0;
            for (double[] row : best) {
                for (double sum : row) {
                    highest = Math.max(highest, sum / scored);
                }
            }
            assertThat(highest)
                    .as("mean Dice of the best HU window for classes " + target)
                    .isBetween(0.01, 0.25);
        }
    }

    /** Place is measured in the body's own box, as a preparation that crops to the body would give it. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void trainingLabelsAsAPriorOfPlaceDoNotFindThePancreas(boolean cropped) {
        Shape common = new Shape(48, 64, 80);
        List<Split> folds = Splits.fiveFold(
                IntStream.range(0, CASES).mapToObj(i -> String.valueOf(100 + i)).toList());
        for (List<Integer> target : TARGETS) {
            List<boolean[]> masks = IntStream.range(0, CASES)
                    .mapToObj(index -> mask(index, target, common, cropped))
                    .toList();
            double sum = 0;
            for (Split fold : folds) {
                int[] prior = new int[common.arrayLength()];
                for (String id : fold.training()) {
                    boolean[] mask = masks.get(Integer.parseInt(id) - 100);
                    for (int i = 0; i < prior.length; i++) {
                        prior[i] += mask[i] ? 1 : 0;
                    }
                }
                sum += bestDice(
                        prior,
                        fold.validation().stream()
                                .map(id -> masks.get(Integer.parseInt(id) - 100))
                                .toList());
            }
            assertThat(sum / folds.size())
                    .as("Dice of the mean label at its best threshold, classes " + target)
                    .isBetween(0.005, 0.4);
        }
    }

    /** Returns the highest mean Dice that any threshold of {@code prior} reaches on the masks that are not empty. */
    private static double bestDice(int[] prior, List<boolean[]> masks) {
        double[] dice = new double[CASES + 1];
        int scored = 0;
        for (boolean[] mask : masks) {
            long[] voxels = new long[CASES + 2];
            long[] wanted = new long[CASES + 2];
            for (int i = 0; i < prior.length; i++) {
                voxels[prior[i]]++;
                wanted[prior[i]] += mask[i] ? 1 : 0;
            }
            for (int count = CASES; count >= 0; count--) {
                voxels[count] += voxels[count + 1];
                wanted[count] += wanted[count + 1];
            }
            if (wanted[0] > 0) {
                scored++;
                for (int threshold = 1; threshold <= CASES; threshold++) {
                    dice[threshold] += 2.0 * wanted[threshold] / (voxels[threshold] + wanted[0]);
                }
            }
        }
        return java.util.Arrays.stream(dice).max().orElseThrow() / scored;
    }

    private static boolean[] mask(int index, List<Integer> target, Shape common, boolean cropped) {
        Phantom.Case one = cases.get(index);
        Shape shape = one.labels().grid().shape();
        Box box = cropped ? body(one) : Box.all(shape);
        boolean[] mask = new boolean[common.arrayLength()];
        for (int z = 0; z < common.z(); z++) {
            for (int y = 0; y < common.y(); y++) {
                for (int x = 0; x < common.x(); x++) {
                    int from = shape.index(
                            box.z0() + z * box.shape().z() / common.z(),
                            box.y0() + y * box.shape().y() / common.y(),
                            box.x0() + x * box.shape().x() / common.x());
                    mask[common.index(z, y, x)] = target.contains(one.labels().get(from));
                }
            }
        }
        return mask;
    }

    /** Returns the box of all voxels above -120 HU, which leaves the couch out. */
    private static Box body(Phantom.Case one) {
        Shape shape = one.labels().grid().shape();
        short[] hu = hu(one);
        int[] low = {shape.z(), shape.y(), shape.x()};
        int[] high = new int[3];
        for (int i = 0; i < hu.length; i++) {
            if (hu[i] > -120) {
                int[] at = {i / (shape.x() * shape.y()), i / shape.x() % shape.y(), i % shape.x()};
                for (int axis = 0; axis < 3; axis++) {
                    low[axis] = Math.min(low[axis], at[axis]);
                    high[axis] = Math.max(high[axis], at[axis] + 1);
                }
            }
        }
        return Box.between(low[0], low[1], low[2], high[0], high[1], high[2]);
    }

    @Test
    void everyFourthCaseHasNoTumourAndTheOthersHaveOneInThePancreas() {
        for (int index = 0; index < CASES; index++) {
            Labels labels = cases.get(index).labels();
            long[] counts = labels.counts();
            double ml = labels.grid().spacing().voxelMl();
            assertThat(counts[Phantom.PANCREAS] * ml)
                    .as("pancreas of case " + index + ", ml")
                    .isBetween(25.0, 160.0);
            assertThat(counts[0] + counts[1] + counts[2]).isEqualTo(labels.bytes().length);
            if (index % 4 == 3) {
                assertThat(counts[Phantom.TUMOUR]).isZero();
            } else {
                assertThat(counts[Phantom.TUMOUR] * ml)
                        .as("tumour of case " + index + ", ml")
                        .isBetween(2.0, 40.0);
                assertThat(contacts(labels))
                        .as("faces that tumour and pancreas share in case " + index)
                        .isGreaterThan(10);
                assertThat(mean(index, Phantom.TUMOUR)).isLessThan(mean(index, Phantom.PANCREAS) - 25);
            }
        }
    }

    private static double mean(int index, int label) {
        double sum = 0;
        long count = 0;
        short[] hu = hu(cases.get(index));
        for (int i = 0; i < hu.length; i++) {
            if (cases.get(index).labels().get(i) == label) {
                sum += hu[i];
                count++;
            }
        }
        return sum / count;
    }

    private static int contacts(Labels labels) {
        Shape shape = labels.grid().shape();
        int[] steps = {1, shape.x(), shape.x() * shape.y()};
        int shared = 0;
        for (int i = 0; i < labels.bytes().length; i++) {
            for (int step : steps) {
                shared += i + step < labels.bytes().length
                                && labels.get(i) + labels.get(i + step) == 3
                                && labels.get(i) != 0
                                && labels.get(i + step) != 0
                        ? 1
                        : 0;
            }
        }
        return shared;
    }

    @Test
    void shapesAndSpacingsVaryWithinTheSettings() {
        assertThat(cases.stream()
                        .map(one -> one.image().grid().shape())
                        .distinct()
                        .count())
                .isGreaterThan(CASES / 2);
        assertThat(cases.stream()
                        .map(one -> one.image().grid().spacing())
                        .distinct()
                        .count())
                .isGreaterThan(CASES / 2);
        for (Phantom.Case one : cases) {
            Grid grid = one.image().grid();
            for (int axis = 0; axis < 3; axis++) {
                assertThat(grid.shape().get(axis))
                        .isBetween(SMALL.smallest().get(axis), SMALL.largest().get(axis));
                assertThat(grid.spacing().get(axis))
                        .isBetween(SMALL.finest().get(axis), SMALL.coarsest().get(axis));
            }
            assertThat(one.labels().grid()).isEqualTo(grid);
        }
    }

    /** Published results name the seed: these numbers change only when the phantom is changed on purpose. */
    @ParameterizedTest
    @CsvSource({"1, 0, cdd85a71", "1, 23, 75d1e65f", "2, 0, 25eefb93"})
    void aSeedStandsForTheSameVoxelsForEver(long seed, int index, String crc) {
        Phantom.Case one = Phantom.generate(SMALL, seed, index);
        CRC32 voxels = new CRC32();
        for (short voxel : hu(one)) {
            voxels.update(voxel >> 8);
            voxels.update(voxel);
        }
        voxels.update(one.labels().bytes());
        assertThat(Long.toHexString(voxels.getValue())).isEqualTo(crc);
    }

    @Test
    void noiseHasTheStandardDeviationAskedFor() {
        Shape shape = new Shape(4, 64, 64);
        short[] noise = PhantomScanner.digitise(new float[shape.arrayLength()], shape, 20, 7);
        double sum = 0;
        double squares = 0;
        double neighbours = 0;
        for (int i = 0; i + 1 < noise.length; i++) {
            sum += noise[i];
            squares += noise[i] * noise[i];
            neighbours += noise[i] * noise[i + 1];
        }
        assertThat(sum / noise.length).isBetween(-1.0, 1.0);
        assertThat(Math.sqrt(squares / noise.length)).isBetween(19.0, 21.0);
        assertThat(neighbours / squares).as("correlation of neighbours").isBetween(0.3, 0.7);
    }

    @Test
    void writtenDatasetIsReadBackWithoutProblems() throws IOException {
        Path target = folder.resolve("phantoms");
        Files.createDirectories(folder.resolve("phantoms.partial/imagesTr"));
        Files.writeString(folder.resolve("phantoms.partial/imagesTr/left-behind"), "x");
        Files.createDirectory(target);
        ConcurrentHashMap<Long, Long> heard = new ConcurrentHashMap<>();
        Phantom.write(target, TINY, 6, 5, (what, done, total) -> heard.put(done, total));
        assertThat(heard).hasSize(7).containsEntry(7L, 7L);
        assertThat(folder.resolve("phantoms.partial")).doesNotExist();
        Dataset dataset = Dataset.open(target);
        assertThat(dataset.trainingIds()).hasSize(6).startsWith("phantom_000").endsWith("phantom_005");
        assertThat(dataset.test()).extracting(Case::id).containsExactly("phantom_006");
        assertThat(dataset.classes().values()).containsExactly("background", "pancreas", "tumour");
        assertThat(dataset.isCt(0)).isTrue();
        assertThat(dataset.check(Stream.concat(dataset.training().stream(), dataset.test().stream())
                        .map(one -> LoadedCase.read(dataset, one).findings())
                        .toList()))
                .isEmpty();
        Case last = dataset.training().get(5);
        Phantom.Case made = Phantom.generate(TINY, 5, 5);
        assertThat(last.readScan().channels().get(0).array())
                .isEqualTo(made.image().array());
        assertThat(last.readLabels(last.readScan().grid()).bytes())
                .isEqualTo(made.labels().bytes());
        assertThat(last.readScan().grid().matches(made.image().grid(), 1e-3)).isTrue();
    }

    @Test
    void whatIsInTheFolderIsNeverOverwritten() throws IOException {
        Files.writeString(folder.resolve("mine"), "x");
        assertThatThrownBy(() -> Phantom.write(folder, TINY, 2, 1, Progress.silent()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is not empty; choose another folder");
        assertThat(folder.resolve("mine")).hasContent("x");
    }

    @Test
    void senselessSettingsAreRejected() {
        Shape shape = new Shape(8, 8, 8);
        Spacing spacing = new Spacing(1, 1, 1);
        assertThatThrownBy(() -> Phantom.write(folder, TINY, 0, 1, Progress.silent()))
                .hasMessageContaining("at least 1 case");
        assertThatThrownBy(() -> new Phantom.Settings(shape.with(1, 9), shape, spacing, spacing, 1, 0))
                .hasMessageContaining("exceeds largest");
        assertThatThrownBy(() -> new Phantom.Settings(shape, shape, new Spacing(2, 1, 1), spacing, 1, 0))
                .hasMessageContaining("exceeds coarsest");
        assertThatThrownBy(() -> new Phantom.Settings(shape, shape, spacing, spacing, -1, 0))
                .hasMessageContaining("must not be negative");
        assertThatThrownBy(() -> new Phantom.Settings(shape, shape, spacing, spacing, 1, -1))
                .hasMessageContaining("must not be negative");
    }

    @Test
    void aClinicalScanHas512By512Slices() {
        Phantom.Settings full = Phantom.Settings.full();
        assertThat(full.smallest()).isEqualTo(new Shape(90, 512, 512)).isEqualTo(full.largest());
        assertThat(full.coarsest().x() * 512).as("field of view, mm").isBetween(290.0, 500.0);
    }
}
