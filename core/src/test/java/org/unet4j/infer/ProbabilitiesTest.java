package org.unet4j.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.unet4j.io.Nifti;
import org.unet4j.io.NiftiHeader;
import org.unet4j.io.ProbabilityFile;
import org.unet4j.io.Progress;
import org.unet4j.prep.Budget;
import org.unet4j.prep.Channel;
import org.unet4j.prep.CropRule;
import org.unet4j.prep.Normalization;
import org.unet4j.prep.Plan;
import org.unet4j.prep.Preparation;
import org.unet4j.prep.PreparedScan;
import org.unet4j.prep.Resampling;
import org.unet4j.prep.Topology;
import org.unet4j.volume.Affine;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Order;
import org.unet4j.volume.Reorient;
import org.unet4j.volume.Resample;
import org.unet4j.volume.Scan;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
import org.unet4j.volume.Volume;
import org.unet4j.volume.VoxelType;
import org.unet4j.volume.Voxels;

/** Files of probabilities, against softmax of whole volumes of logits in double precision. */
class ProbabilitiesTest {

    private static final int CLASSES = 3;
    private static final Shape SCAN = new Shape(10, 14, 12);

    /** Voxels of a sagittal scan: rows run from the front backwards, columns from below upwards, slices to the left. */
    private static final Grid SAGITTAL = new Grid(SCAN, new Affine(0, 0, -1.5, 40, -1, 0, 0, 3, 0, 1, 0, -7));

    /** Half a step of the file, and what float32 leaves of a logit of about 5. */
    private static final double TOLERANCE = 0.5 / 65535 + 3e-6;

    @TempDir
    Path folder;

    private static Plan plan(double spacing) {
        return new Plan(
                "world",
                List.of(new Channel("MRI", new Normalization.ZScore())),
                new TreeMap<>(Map.of(0, "background", 1, "front", 2, "back")),
                CropRule.NON_ZERO,
                new Spacing(spacing, spacing, spacing),
                Resampling.standard(),
                SCAN,
                Budget.COMPACT,
                Shape.cube(8),
                2,
                new Topology(
                        List.of(Shape.cube(1), Shape.cube(2)), List.of(Shape.cube(3), Shape.cube(3)), List.of(4, 8)));
    }

    private static Plan plan(Grid grid) {
        Spacing own = Reorient.toRas(grid).grid().spacing();
        Plan plan = plan(1);
        return new Plan(
                plan.dataset(),
                plan.channels(),
                plan.classes(),
                plan.crop(),
                own,
                plan.resampling(),
                plan.medianShape(),
                plan.budget(),
                plan.patch(),
                plan.batch(),
                plan.topology());
    }

    private static Volume volume(Grid grid) {
        SplittableRandom random = new SplittableRandom(4);
        float[] voxels = new float[grid.shape().arrayLength()];
        for (int i = 0; i < voxels.length; i++) {
            voxels[i] = i % grid.shape().x() < 2 ? 0 : 1 + random.nextFloat(); // two columns to crop away
        }
        return Volume.of(grid, voxels);
    }

    private Path write(String name, Volume volume) throws IOException {
        Path file = Files.createDirectories(folder.resolve("in")).resolve(name);
        Nifti.write(file, volume);
        return file;
    }

    private PredictionRequest request() {
        return PredictionRequest.of(List.of(folder.resolve("in")), folder.resolve("out"))
                .withProbabilities();
    }

    /** Returns the softmax, in double precision, of logits of one voxel. */
    private static double[] softmax(float[][] logits, int voxel) {
        double[] result = new double[logits.length];
        double sum = 0;
        for (int cls = 0; cls < result.length; cls++) {
            result[cls] = Math.exp(logits[cls][voxel]);
            sum += result[cls];
        }
        for (int cls = 0; cls < result.length; cls++) {
            result[cls] /= sum;
        }
        return result;
    }

    private static float[][] interpolated(float[][] values, PreparedScan prepared) {
        Shape to = prepared.recipe().cropped().shape();
        return Stream.of(values)
                .map(of -> Resample.image(of, prepared.shape(), to, Order.LINEAR))
                .toArray(float[][]::new);
    }

    private static float[][] meanSoftmax(List<float[][]> members) {
        float[][] mean = new float[CLASSES][members.get(0)[0].length];
        for (int i = 0; i < mean[0].length; i++) {
            for (float[][] member : members) {
                double[] one = softmax(member, i);
                for (int cls = 0; cls < CLASSES; cls++) {
                    mean[cls][i] += (float) (one[cls] / members.size());
                }
            }
        }
        return mean;
    }

    /** Returns for each voxel of the scan its probabilities, found by where it lies in space. */
    private static double[][] expected(Plan plan, Scan scan, List<Engine> engines) {
        PreparedScan prepared = Preparation.apply(plan, scan, Optional.empty());
        List<float[][]> logits = new ArrayList<>();
        for (Engine engine : engines) {
            logits.add(WholeLogits.of(
                    SlidingWindow.of(plan.patch()),
                    engine,
                    List.of(Voxels.of(prepared.channels().get(0))),
                    prepared.shape()));
        }
        boolean one = logits.size() == 1;
        float[][] back = interpolated(one ? logits.get(0) : meanSoftmax(logits), prepared);
        Grid cropped = prepared.recipe().cropped();
        double[][] result = new double[SCAN.arrayLength()][];
        for (int i = 0; i < result.length; i++) {
            int slice = i / (SCAN.x() * SCAN.y());
            double[] mm = scan.grid().affine().apply(i % SCAN.x(), i / SCAN.x() % SCAN.y(), slice);
            double[] at = cropped.affine().inverse().apply(mm[0], mm[1], mm[2]);
            int x = (int) Math.rint(at[0]);
            int y = (int) Math.rint(at[1]);
            int z = (int) Math.rint(at[2]);
            Shape shape = cropped.shape();
            boolean inside = x >= 0 && x < shape.x() && y >= 0 && y < shape.y() && z >= 0 && z < shape.z();
            if (!inside) {
                result[i] = new double[] {1, 0, 0};
            } else {
                int voxel = shape.index(z, y, x);
                result[i] = one ? softmax(back, voxel) : new double[] {back[0][voxel], back[1][voxel], back[2][voxel]};
            }
        }
        return result;
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "2, 0", "1, 0.9", "1, 1.7", "2, 1.7"}) // 0: the scan's own spacing
    void theyAreTheSoftmaxOfInterpolatedLogitsOnTheScansGridAndTheLargestIsTheLabel(int networks, double spacing)
            throws IOException {
        Plan plan = spacing == 0 ? plan(SAGITTAL) : plan(spacing);
        Path scan = write("ct.nii.gz", volume(SAGITTAL));
        List<Engine> engines = List.<Engine>of(
                        new ConvolutionEngine(3, 1, CLASSES), new ConvolutionEngine(1, 1, CLASSES))
                .subList(0, networks);
        double[][] expected = expected(plan, new Scan("ct", List.of(volume(SAGITTAL))), engines);
        try (Predictor predictor = Predictor.ensemble(
                engines.stream().map(engine -> Predictor.of(engine, plan)).toList())) {
            predictor.predictFiles(request(), Progress.silent());
        }
        Path file = folder.resolve("out/ct.probabilities.nii.gz");
        NiftiHeader header = Nifti.readHeader(file);
        assertThat(header.dims()).containsExactly(12L, 14L, 10L, 3L);
        assertThat(header.type()).isEqualTo(VoxelType.UINT16);
        assertThat(header.qform()).isEqualTo(Nifti.readHeader(scan).qform());
        assertThat(header.sform()).isEqualTo(Nifti.readHeader(scan).sform());
        List<Volume> probabilities = Nifti.readChannels(file);
        Labels labels = Nifti.readLabels(folder.resolve("out/ct.nii.gz"));
        for (int i = 0; i < expected.length; i++) {
            double sum = 0;
            for (int cls = 0; cls < CLASSES; cls++) {
                double probability = probabilities.get(cls).get(i);
                assertThat(probability).isCloseTo(expected[i][cls], within(TOLERANCE));
                assertThat(probability)
                        .isBetween(0.0, probabilities.get(labels.get(i)).get(i));
                sum += probability;
            }
            assertThat(sum).isCloseTo(1, within(CLASSES * TOLERANCE));
        }
        assertThat(labels.counts()[1] * labels.counts()[2]).isPositive();
        try (Stream<Path> left = Files.list(folder.resolve("out"))) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "ct.nii.gz",
                            "ct.probabilities.nii.gz",
                            "ct.preview.png",
                            "ct.prediction.json",
                            "manifest.json");
        }
        assertThat(Manifest.read(folder.resolve("out/manifest.json"))
                        .labels()
                        .get("ct.nii.gz")
                        .probabilities())
                .contains("ct.probabilities.nii.gz");
    }

    private void predict(PredictionRequest request) throws IOException {
        try (Predictor predictor = Predictor.of(new ConvolutionEngine(3, 1, CLASSES), plan(1))) {
            assertThat(predictor.predictFiles(request, Progress.silent()).failures())
                    .isEmpty();
        }
    }

    @Test
    void aRunThatGoesOnLeavesWhatIsWholeAndSaysWhatLacks() throws IOException {
        write("a.nii.gz", volume(SAGITTAL));
        write("b.nii.gz", volume(SAGITTAL));
        predict(request());
        Path labels = folder.resolve("out/a.nii.gz");
        Path probabilities = folder.resolve("out/a.probabilities.nii.gz");
        byte[] whole = Files.readAllBytes(probabilities);
        byte[] others = Files.readAllBytes(folder.resolve("out/b.probabilities.nii.gz"));
        Files.delete(labels); // as if killed before it was there
        Files.writeString(probabilities, "not whole");
        assertThatThrownBy(() -> predict(request()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is there already");
        predict(request().withExisting(Existing.SKIP));
        assertThat(probabilities).hasBinaryContent(whole);
        assertThat(folder.resolve("out/b.probabilities.nii.gz")).hasBinaryContent(others);
        Files.delete(probabilities);
        assertThatThrownBy(() -> predict(request().withExisting(Existing.SKIP)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("a.nii.gz] is there already, without probabilities, and nothing was written");
    }

    @Test
    void probabilitiesOfLabelsThatAreReplacedGoWithThem() throws IOException {
        write("a.nii.gz", volume(SAGITTAL));
        predict(request());
        predict(PredictionRequest.of(List.of(folder.resolve("in")), folder.resolve("out"))
                .withExisting(Existing.OVERWRITE));
        assertThat(folder.resolve("out/a.probabilities.nii.gz")).doesNotExist();
        assertThat(Manifest.read(folder.resolve("out/manifest.json"))
                        .labels()
                        .get("a.nii.gz")
                        .probabilities())
                .isEmpty();
    }

    /** Else they would be taken for those of labels that another network made later. */
    @Test
    void probabilitiesThatAKilledRunLeftGoWhenLabelsAreWritten() throws IOException {
        write("a.nii.gz", volume(SAGITTAL));
        predict(request());
        Files.delete(folder.resolve("out/a.nii.gz"));
        PredictionRequest labelsOnly = PredictionRequest.of(List.of(folder.resolve("in")), folder.resolve("out"));
        assertThatThrownBy(() -> predict(labelsOnly)).hasMessageContaining("is there already, without labels");
        predict(labelsOnly.withExisting(Existing.SKIP));
        assertThat(folder.resolve("out/a.nii.gz")).exists();
        assertThat(folder.resolve("out/a.probabilities.nii.gz")).doesNotExist();
    }

    @Test
    void aFileOfProbabilitiesIsNoScan() throws IOException {
        write("a.nii.gz", volume(SAGITTAL));
        predict(request());
        Path out = folder.resolve("out");
        assertThat(ScanFiles.find(List.of(out), 1))
                .singleElement()
                .satisfies(scan -> assertThat(scan.id()).isEqualTo("a"));
        Path file = ProbabilityFile.of(out, "a");
        assertThatThrownBy(() -> ScanFiles.find(List.of(file), 1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("holds probabilities");
    }

    @Test
    void aFullDiskIsNoFaultOfTheScan() throws IOException {
        write("a.nii.gz", volume(SAGITTAL));
        Files.createDirectories(folder.resolve("out/a.probabilities.nii.gz/full"));
        assertThatThrownBy(() -> predict(request().withExisting(Existing.OVERWRITE)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("[a.probabilities.nii.gz] could not be written");
        assertThat(folder.resolve("out/a.nii.gz"))
                .as("where labels are, all is")
                .doesNotExist();
    }
}
