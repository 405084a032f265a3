package org.unet4j.infer;

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
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.io.Nifti;
import org.unet4j.io.Progress;
import org.unet4j.io.Shard;
import org.unet4j.model.ModelFile;
import org.unet4j.model.ModelSpec;
import org.unet4j.model.Network;
import org.unet4j.prep.Budget;
import org.unet4j.prep.Channel;
import org.unet4j.prep.CropRule;
import org.unet4j.prep.Normalization;
import org.unet4j.prep.Plan;
import org.unet4j.prep.Preparation;
import org.unet4j.prep.PreparedScan;
import org.unet4j.prep.Resampling;
import org.unet4j.prep.Topology;
import org.unet4j.torch.Device;
import org.unet4j.torch.OneThread;
import org.unet4j.torch.Precision;
import org.unet4j.volume.Affine;
import org.unet4j.volume.Grid;
import org.unet4j.volume.LabelArray;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Order;
import org.unet4j.volume.Reorient;
import org.unet4j.volume.Resample;
import org.unet4j.volume.Scan;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
import org.unet4j.volume.Volume;
import org.unet4j.volume.Voxels;

@ExtendWith(OneThread.class)
class PredictorTest {

    private static final Device CPU = Device.cpu();
    private static final Shape SCAN = new Shape(10, 14, 12);
    private static final int CLASSES = 3;

    @TempDir
    Path folder;

    private Network network;

    @BeforeEach
    void buildNetwork() {
        network = spec(1).build(7);
    }

    @AfterEach
    void freeNetwork() {
        network.close();
    }

    private static Topology topology() {
        return new Topology(
                List.of(Shape.cube(1), Shape.cube(2)), List.of(Shape.cube(3), Shape.cube(3)), List.of(4, 8));
    }

    private static ModelSpec spec(int channels) {
        return ModelSpec.of("unet", channels, CLASSES, topology());
    }

    private static Plan plan(int channels, double spacing) {
        List<Channel> list = new ArrayList<>();
        for (int channel = 0; channel < channels; channel++) {
            list.add(new Channel("MRI " + channel, new Normalization.ZScore()));
        }
        return new Plan(
                "world",
                list,
                new TreeMap<>(Map.of(0, "background", 1, "front", 2, "back")),
                CropRule.NON_ZERO,
                new Spacing(spacing, spacing, spacing),
                Resampling.standard(),
                SCAN,
                Budget.COMPACT,
                Shape.cube(8),
                2,
                topology());
    }

    private Predictor predictor(double spacing) {
        return Predictor.of(LibtorchEngine.of(network, 1, CLASSES, CPU, Precision.FP32), plan(1, spacing));
    }

    private static Volume volume(Grid grid, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] voxels = new float[grid.shape().arrayLength()];
        for (int i = 0; i < voxels.length; i++) {
            int x = i % grid.shape().x();
            voxels[i] = x < 2 ? 0 : 1 + random.nextFloat(); // two columns to crop away
        }
        return Volume.of(grid, voxels);
    }

    private static Scan scan(Grid grid) {
        return new Scan("scan", List.of(volume(grid, 1)));
    }

    private static Grid grid(double spacing) {
        return Grid.of(SCAN, new Spacing(spacing, spacing, spacing));
    }

    private Path runFolder() throws IOException {
        Path run = Files.createDirectories(folder.resolve("run"));
        plan(1, 1).write(run.resolve("plan.yaml"));
        ModelFile.save(run.resolve("last.safetensors"), network, spec(1));
        return run;
    }

    private Path write(String name, Volume volume) throws IOException {
        Path file = Files.createDirectories(folder.resolve("in")).resolve(name);
        Nifti.write(file, volume);
        return file;
    }

    @Test
    void labelsLieOnTheScansOwnGridAndTheCroppedPartIsBackground() {
        Labels labels = predictor(1).predict(scan(grid(1)));
        assertThat(labels.grid()).isEqualTo(grid(1));
        for (int i = 0; i < labels.voxels().bytes().length; i++) {
            if (i % SCAN.x() < 2) {
                assertThat(labels.get(i)).isZero();
            }
        }
        assertThat(labels.counts()[1] + labels.counts()[2]).isPositive();
    }

    @Test
    void aScanGetsWhatTheWindowSays() {
        PreparedScan prepared = Preparation.apply(plan(1, 1), scan(grid(1)), Optional.empty());
        assertThat(prepared.recipe().undo(classes(prepared)).voxels().bytes())
                .isEqualTo(predictor(1).predict(scan(grid(1))).voxels().bytes());
    }

    private LabelArray classes(PreparedScan prepared) {
        return SlidingWindow.of(Shape.cube(8))
                .labels(
                        LibtorchEngine.of(network, 1, CLASSES, CPU, Precision.FP32),
                        List.of(Voxels.of(prepared.channels().get(0))),
                        prepared.shape());
    }

    @Test
    void aScanInAnotherOrientationGetsTheSameLabelsInTheSamePlaces() {
        // the same voxels in space, stored from left to right and from the front backwards
        Grid ras = grid(1);
        Volume stored = volume(ras, 1);
        Grid lps = new Grid(SCAN, new Affine(-1, 0, 0, SCAN.x() - 1, 0, -1, 0, SCAN.y() - 1, 0, 0, 1, 0));
        float[] flipped = new float[SCAN.arrayLength()];
        for (int i = 0; i < flipped.length; i++) {
            int x = SCAN.x() - 1 - i % SCAN.x();
            int y = SCAN.y() - 1 - i / SCAN.x() % SCAN.y();
            flipped[i] = (float) stored.get(SCAN.index(i / (SCAN.x() * SCAN.y()), y, x));
        }
        Labels expected = predictor(1).predict(new Scan("ras", List.of(stored)));
        Labels labels = predictor(1).predict(new Scan("lps", List.of(Volume.of(lps, flipped))));
        assertThat(labels.grid()).isEqualTo(lps);
        assertThat(Reorient.toRas(lps).apply(labels).voxels().bytes())
                .isEqualTo(expected.voxels().bytes());
    }

    @Test
    void logitsAreBroughtBackWhereTheSpacingChanged() {
        Predictor predictor = predictor(1.5);
        PreparedScan prepared = Preparation.apply(plan(1, 1.5), scan(grid(1)), Optional.empty());
        Labels labels = predictor.predict(scan(grid(1)));
        assertThat(labels.grid()).isEqualTo(grid(1));
        float[][] logits = predictor
                .window()
                .logits(
                        LibtorchEngine.of(network, 1, CLASSES, CPU, Precision.FP32),
                        List.of(Voxels.of(prepared.channels().get(0))),
                        prepared.shape());
        assertThat(labels.voxels().bytes()).isEqualTo(largestOnTheScansGrid(prepared, logits));
        assertThat(labels.voxels().bytes())
                .isNotEqualTo(prepared.recipe().undo(classes(prepared)).voxels().bytes());
    }

    /** Returns what comparing whole volumes of logits gives. The way back is only a change of spacing and a crop along x. */
    private static byte[] largestOnTheScansGrid(PreparedScan prepared, float[][] logits) {
        Shape cropped = prepared.recipe().cropped().shape();
        float[][] back = new float[CLASSES][];
        for (int cls = 0; cls < CLASSES; cls++) {
            back[cls] = Resample.image(logits[cls], prepared.shape(), cropped, Order.LINEAR);
        }
        byte[] largest = new byte[SCAN.arrayLength()];
        for (int i = 0; i < back[0].length; i++) {
            int winner = 0;
            for (int cls = 1; cls < CLASSES; cls++) {
                winner = back[cls][i] > back[winner][i] ? cls : winner;
            }
            int x = i % cropped.x() + SCAN.x() - cropped.x();
            largest[i / cropped.x() * SCAN.x() + x] = (byte) winner;
        }
        return largest;
    }

    /** A hundredfold resolution takes 5.6 GB; the scan beside it is as fine already. */
    @Test
    void aScanTooLargeForTheHeapStopsNoOther() throws IOException {
        assumeTrue(Runtime.getRuntime().maxMemory() < 5_000_000_000L, "skipped: the heap holds the scan");
        write("a.nii.gz", volume(grid(1), 1));
        write("b.nii.gz", volume(grid(0.01), 2));
        Predictions predictions = predictor(0.01)
                .predictFiles(List.of(folder.resolve("in")), folder.resolve("out"), Existing.FAIL, Progress.silent());
        assertThat(predictions.written()).containsExactly(folder.resolve("out/b.nii.gz"));
        assertThat(predictions.failures())
                .singleElement()
                .satisfies(failure -> assertThat(failure.reason())
                        .contains("a.nii.gz] needs more than the heap of")
                        .contains("-Xmx"));
    }

    @Test
    void aFolderThatCannotBeWrittenIsRefusedBeforeAnyScanIsSegmented() throws IOException {
        write("a.nii.gz", volume(grid(1), 1));
        Path file = Files.writeString(folder.resolve("file"), "x");
        List<String> heard = new ArrayList<>();
        assertThatThrownBy(() -> predictor(1)
                        .predictFiles(
                                List.of(folder.resolve("in")),
                                file,
                                Existing.OVERWRITE,
                                (what, done, total) -> heard.add(what)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no file can be written there");
        assertThat(heard).isEmpty();
    }

    /** Nothing can be put where a folder with something in it stands: as on a full disk, every further scan would fail too. */
    @Test
    void labelsThatCannotBeWrittenAreNoFaultOfTheScan() throws IOException {
        write("a.nii.gz", volume(grid(1), 1));
        Path out = folder.resolve("out");
        Files.createDirectories(out.resolve("a.nii.gz/full"));
        assertThatThrownBy(() -> predictor(1)
                        .predictFiles(List.of(folder.resolve("in")), out, Existing.OVERWRITE, Progress.silent()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("[a.nii.gz] could not be written");
    }

    @Test
    void aScanOfOtherChannelsIsRefused() {
        Scan two = new Scan("two", List.of(volume(grid(1), 1), volume(grid(1), 2)));
        assertThatThrownBy(() -> predictor(1).predict(two))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[two] has 2 channels")
                .hasMessageContaining("has 1");
        assertThatThrownBy(() -> Predictor.of(LibtorchEngine.of(network, 1, CLASSES, CPU, Precision.FP32), plan(2, 1)))
                .hasMessage("the network has 1 channels and 3 classes, the plan of world has 2 and 3");
    }

    @Test
    void aRunFolderPredictsAsTheNetworkThatWasSaved() throws IOException {
        try (Predictor loaded = Predictor.load(runFolder(), Weights.LAST, CPU, Precision.FP32)) {
            assertThat(loaded.plan()).isEqualTo(plan(1, 1));
            assertThat(loaded.predict(scan(grid(1))).voxels().bytes())
                    .isEqualTo(predictor(1).predict(scan(grid(1))).voxels().bytes());
        }
    }

    @Test
    void bestWeightsAreOnlyTakenWhenAskedFor() throws IOException {
        Path run = runFolder();
        assertThatThrownBy(() -> Predictor.load(run, Weights.BEST, CPU, Precision.FP32))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("best.safetensors")
                .hasMessageContaining("never validated");
        try (Network best = spec(1).build(8)) {
            ModelFile.save(run.resolve("best.safetensors"), best, spec(1));
        }
        byte[] last = predictor(1).predict(scan(grid(1))).voxels().bytes();
        try (Predictor loaded = Predictor.load(run, Weights.BEST, CPU, Precision.FP32)) {
            assertThat(loaded.predict(scan(grid(1))).voxels().bytes()).isNotEqualTo(last);
        }
    }

    @Test
    void aFolderThatIsNoRunIsRefused() throws IOException {
        assertThatThrownBy(() -> Predictor.load(folder, CPU))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not the folder of a training run")
                .hasMessageContaining("plan.yaml");
        Path run = runFolder();
        Files.delete(run.resolve("last.safetensors"));
        assertThatThrownBy(() -> Predictor.load(run, CPU)).hasMessageContaining("not saved any weights");
    }

    @Test
    void aPlanThatWasEditedAfterTheTrainingIsRefused() throws IOException {
        Path run = runFolder();
        try (Network network = spec(1).build(7)) {
            ModelFile.save(run.resolve("last.safetensors"), network, spec(1), plan(1, 1));
        }
        Predictor.load(run, CPU).close();
        plan(1, 2).write(run.resolve("plan.yaml"));
        assertThatThrownBy(() -> Predictor.load(run, CPU))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("last.safetensors] was trained by a plan with the hash "
                        + plan(1, 1).hash())
                .hasMessageContaining("Restore it");
    }

    @Test
    void aNetworkThatDoesNotFitThePlanIsRefused() throws IOException {
        Path run = runFolder();
        plan(2, 1).write(run.resolve("plan.yaml"));
        assertThatThrownBy(() -> Predictor.load(run, CPU))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("network of 1 channels, 3 classes")
                .hasMessageContaining("plan beside it has 2, 3");
    }

    @Test
    void filesGetTheirScansNameAndGeometryAndABrokenScanStopsNoOther() throws IOException {
        Grid oblique = new Grid(
                SCAN, new Affine(0.8, -0.6, 0, -31.5, 0.6, 0.8, 0, 12.25, 0, 0, 1.5, 100)); // mm, a turned head
        Path first = write("a.nii.gz", volume(oblique, 1));
        Path broken = write("b.nii.gz", volume(grid(1), 2));
        Files.write(broken, new byte[] {1, 2, 3});
        write("c.nii", volume(grid(1), 3));
        Path out = folder.resolve("out");
        List<String> heard = new ArrayList<>();
        Predictions predictions = predictor(1)
                .predictFiles(
                        List.of(folder.resolve("in")),
                        out,
                        Existing.FAIL,
                        (what, done, total) -> heard.add(what + " " + done + "/" + total));
        assertThat(predictions.written()).containsExactly(out.resolve("a.nii.gz"), out.resolve("c.nii.gz"));
        assertThat(predictions.failures()).singleElement().satisfies(failure -> {
            assertThat(failure.scan()).isEqualTo("b");
            assertThat(failure.reason()).contains("b.nii.gz");
        });
        assertThat(heard).containsExactly("segmenting 0/3", "segmenting 1/3", "segmenting 2/3", "segmenting 3/3");
        Labels written = Nifti.readLabels(out.resolve("a.nii.gz"));
        Scan scan = new Scan("a", List.of(Nifti.read(first)));
        assertThat(written.grid()).isEqualTo(scan.grid());
        assertThat(written.voxels().bytes())
                .isEqualTo(predictor(1).predict(scan).voxels().bytes());
        assertThat(Nifti.readHeader(out.resolve("a.nii.gz")).affine())
                .isEqualTo(Nifti.readHeader(first).affine());
    }

    @Test
    void labelsThatAreThereAreNeverReplacedUnasked() throws IOException {
        write("a.nii.gz", volume(grid(1), 1));
        write("b.nii.gz", volume(grid(1), 2));
        Path out = Files.createDirectories(folder.resolve("out"));
        Files.writeString(out.resolve("b.nii.gz"), "kept");
        List<Path> in = List.of(folder.resolve("in"));
        assertThatThrownBy(() -> predictor(1).predictFiles(in, out, Existing.FAIL, Progress.silent()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("b.nii.gz] is there already and nothing was written");
        assertThat(out.resolve("a.nii.gz")).doesNotExist();

        Predictions skipping = predictor(1).predictFiles(in, out, Existing.SKIP, Progress.silent());
        assertThat(skipping.skipped()).containsExactly(out.resolve("b.nii.gz"));
        assertThat(skipping.written()).containsExactly(out.resolve("a.nii.gz"));
        assertThat(out.resolve("b.nii.gz")).hasContent("kept");

        Predictions overwriting = predictor(1).predictFiles(in, out, Existing.OVERWRITE, Progress.silent());
        assertThat(overwriting.written()).hasSize(2);
        assertThat(Nifti.readLabels(out.resolve("b.nii.gz")).grid()).isEqualTo(grid(1));
    }

    @Test
    void shardsWriteEachItsScansIntoOneFolder() throws IOException {
        for (String name : List.of("c", "a", "b")) {
            write(name + ".nii.gz", volume(grid(1), 1));
        }
        List<Path> in = List.of(folder.resolve("in"));
        Path out = folder.resolve("out");
        Predictor predictor = predictor(1);
        assertThat(predictor
                        .predictFiles(
                                PredictionRequest.of(in, out)
                                        .withShard(new Shard(2, 2))
                                        .withExisting(Existing.FAIL),
                                Progress.silent())
                        .written())
                .containsExactly(out.resolve("b.nii.gz"));
        assertThat(predictor
                        .predictFiles(
                                PredictionRequest.of(in, out)
                                        .withShard(new Shard(1, 2))
                                        .withExisting(Existing.FAIL),
                                Progress.silent())
                        .written())
                .as("what the other shard wrote is none of its business")
                .containsExactly(out.resolve("a.nii.gz"), out.resolve("c.nii.gz"));
        assertThatThrownBy(() -> predictor.predictFiles(
                        PredictionRequest.of(in, out).withShard(new Shard(2, 2)).withExisting(Existing.FAIL),
                        Progress.silent()))
                .hasMessageContaining("b.nii.gz] is there already");
        assertThat(predictor
                        .predictFiles(
                                PredictionRequest.of(in, out)
                                        .withShard(new Shard(4, 4))
                                        .withExisting(Existing.FAIL),
                                Progress.silent())
                        .written())
                .isEmpty();
        assertThatThrownBy(() -> predictor.predictFiles(
                        PredictionRequest.of(in, folder.resolve("in"))
                                .withShard(new Shard(4, 4))
                                .withExisting(Existing.OVERWRITE),
                        Progress.silent()))
                .as("a scan of another shard")
                .hasMessageContaining("its labels would replace it");
        Path numbered = write("d_0000.nii.gz", volume(grid(1), 1));
        assertThatThrownBy(() -> predictor.predictFiles(
                        PredictionRequest.of(List.of(numbered), folder.resolve("in"))
                                .withShard(new Shard(1, 2))
                                .withExisting(Existing.FAIL),
                        Progress.silent()))
                .hasMessageContaining("other shards would take labels there for scans");
    }

    @Test
    void labelsNeverReplaceTheScan() throws IOException {
        Path scan = write("a.nii.gz", volume(grid(1), 1));
        byte[] before = Files.readAllBytes(scan);
        assertThatThrownBy(() -> predictor(1)
                        .predictFiles(
                                List.of(scan), folder.resolve("out/../in"), Existing.OVERWRITE, Progress.silent()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("its labels would replace it");
        assertThat(scan).hasBinaryContent(before);
    }

    @Test
    void aScanInSeveralFilesIsOneScanAndAMissingChannelIsNamed() throws IOException {
        write("p_0000.nii.gz", volume(grid(1), 1));
        write("p_0001.nii.gz", volume(grid(1), 2));
        write("q_0000.nii.gz", volume(grid(1), 1));
        try (Network two = spec(2).build(3)) {
            Predictions predictions = Predictor.of(LibtorchEngine.of(two, 2, CLASSES, CPU, Precision.FP32), plan(2, 1))
                    .predictFiles(
                            List.of(folder.resolve("in")), folder.resolve("out"), Existing.FAIL, Progress.silent());
            assertThat(predictions.written()).containsExactly(folder.resolve("out/p.nii.gz"));
            assertThat(predictions.failures())
                    .singleElement()
                    .satisfies(failure -> assertThat(failure.reason()).contains("q_0001.nii.gz] is missing"));
        }
    }
}
