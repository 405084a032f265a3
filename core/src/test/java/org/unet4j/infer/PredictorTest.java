package org.unet4j.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.unet4j.infer.PredictorWorld.CLASSES;
import static org.unet4j.infer.PredictorWorld.CPU;
import static org.unet4j.infer.PredictorWorld.SCAN;
import static org.unet4j.infer.PredictorWorld.grid;
import static org.unet4j.infer.PredictorWorld.plan;
import static org.unet4j.infer.PredictorWorld.scan;
import static org.unet4j.infer.PredictorWorld.spec;
import static org.unet4j.infer.PredictorWorld.volume;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.model.ModelFile;
import org.unet4j.model.Network;
import org.unet4j.prep.Preparation;
import org.unet4j.prep.PreparedScan;
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
import org.unet4j.volume.Volume;
import org.unet4j.volume.Voxels;

@ExtendWith(OneThread.class)
class PredictorTest {

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

    private Predictor predictor(double spacing) {
        return Predictor.of(LibtorchEngine.of(network, 1, CLASSES, CPU, Precision.FP32), plan(1, spacing));
    }

    private Path runFolder() throws IOException {
        Path run = Files.createDirectories(folder.resolve("run"));
        plan(1, 1).write(run.resolve("plan.yaml"));
        ModelFile.save(run.resolve("last.safetensors"), network, spec(1));
        return run;
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
        float[][] logits = WholeLogits.of(
                predictor.window(),
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
}
