package org.unet4j.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.unet4j.prep.Budget;
import org.unet4j.prep.Channel;
import org.unet4j.prep.CropRule;
import org.unet4j.prep.Normalization;
import org.unet4j.prep.Plan;
import org.unet4j.prep.Resampling;
import org.unet4j.prep.Topology;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Scan;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
import org.unet4j.volume.Volume;
import org.unet4j.volume.Voxels;

class EnsembleTest {

    private static final Shape VOLUME = new Shape(14, 7, 9);

    @Test
    void probabilitiesAreTheMeanOfEachNetworksSoftmaxOverTheWholeVolume() {
        SplittableRandom random = new SplittableRandom(1);
        float[] image = new float[VOLUME.arrayLength()];
        for (int i = 0; i < image.length; i++) {
            image[i] = 3 * random.nextFloat();
        }
        List<Voxels> channels = List.of(Voxels.of(image));
        // Windows of different sizes: layers of the two end at different slices.
        SlidingWindow small = SlidingWindow.of(new Shape(4, 4, 4));
        SlidingWindow large = SlidingWindow.of(new Shape(6, 7, 5));
        Engine first = new ConvolutionEngine(3, 1, 3);
        Engine second = new ConvolutionEngine(1, 1, 3);
        float[][] a = WholeLogits.of(small, first, channels, VOLUME);
        float[][] b = WholeLogits.of(large, second, channels, VOLUME);
        int plane = VOLUME.y() * VOLUME.x();
        int[] slices = {0};
        Ensemble.run(
                List.of(
                        small.sweep(first, channels, VOLUME, () -> {}),
                        large.sweep(second, channels, VOLUME, () -> {})),
                VOLUME.z(),
                (z, mean) -> {
                    assertThat(z).isEqualTo(slices[0]++);
                    for (int i = 0; i < plane; i++) {
                        for (int cls = 0; cls < 3; cls++) {
                            double expected = (softmax(a, z * plane + i, cls) + softmax(b, z * plane + i, cls)) / 2;
                            assertThat((double) mean[cls][i]).isCloseTo(expected, within(1e-6));
                        }
                    }
                });
        assertThat(slices[0]).isEqualTo(VOLUME.z());
    }

    @Test
    void oneNetworkInMemoryAtATimeSaysWhatAllAtOnceDo() throws IOException {
        Plan plan = plan();
        Scan scan = new Scan("scan", List.of(noise()));
        byte[] expected;
        try (Predictor all = Predictor.ensemble(List.of(
                Predictor.of(new ConvolutionEngine(3, 1, 3), plan),
                Predictor.of(new ConvolutionEngine(1, 1, 3), plan)))) {
            expected = all.predict(scan).voxels().bytes();
        }
        int[] loadsNowMost = new int[3];
        List<Predictor.Loader> loaders = List.of(
                () -> Predictor.of(new Counted(new ConvolutionEngine(3, 1, 3), loadsNowMost), plan),
                () -> Predictor.of(new Counted(new ConvolutionEngine(1, 1, 3), loadsNowMost), plan));
        try (Predictor one = Predictor.ensembleOneAtATime(loaders)) {
            assertThat(loadsNowMost).as("nothing is kept that does not run").containsExactly(2, 0, 1);
            assertThat(one.predict(scan).voxels().bytes()).isEqualTo(expected);
        }
        int layers = SlidingWindow.of(plan.patch()).along(0, VOLUME).count();
        assertThat(layers).isGreaterThan(1);
        assertThat(loadsNowMost).containsExactly(2 + 2 * layers, 0, 1);
    }

    @Test
    void aLoaderOfSeveralNetworksIsRefusedAndTheyAreFreed() {
        Plan plan = plan();
        int[] loadsNowMost = new int[3];
        Predictor.Loader both = () -> Predictor.ensemble(List.of(
                Predictor.of(new Counted(new ConvolutionEngine(3, 1, 3), loadsNowMost), plan),
                Predictor.of(new Counted(new ConvolutionEngine(1, 1, 3), loadsNowMost), plan)));
        assertThatThrownBy(() -> Predictor.ensembleOneAtATime(List.of(both)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("one gave 2 networks: give the models of an ensemble one by one");
        assertThat(loadsNowMost).containsExactly(2, 0, 2);
    }

    private static Plan plan() {
        return new Plan(
                "world",
                List.of(new Channel("MRI", new Normalization.ZScore())),
                new TreeMap<>(Map.of(0, "background", 1, "front", 2, "back")),
                CropRule.NONE,
                new Spacing(1, 1, 1),
                Resampling.standard(),
                VOLUME,
                Budget.COMPACT,
                Shape.cube(4),
                2,
                new Topology(
                        List.of(Shape.cube(1), Shape.cube(2)), List.of(Shape.cube(3), Shape.cube(3)), List.of(4, 8)));
    }

    private static Volume noise() {
        SplittableRandom random = new SplittableRandom(2);
        float[] voxels = new float[VOLUME.arrayLength()];
        for (int i = 0; i < voxels.length; i++) {
            voxels[i] = random.nextFloat();
        }
        return Volume.of(Grid.of(VOLUME, new Spacing(1, 1, 1)), voxels);
    }

    private static double softmax(float[][] logits, int voxel, int cls) {
        double sum = 0;
        for (float[] ofClass : logits) {
            sum += Math.exp(ofClass[voxel]);
        }
        return Math.exp(logits[cls][voxel]) / sum;
    }

    /** Counts how many of its kind are loaded. */
    private static final class Counted implements Engine {

        private final Engine engine;
        private final int[] loadsNowMost;

        Counted(Engine engine, int[] loadsNowMost) {
            this.engine = engine;
            this.loadsNowMost = loadsNowMost;
            loadsNowMost[0]++;
            loadsNowMost[1]++;
            loadsNowMost[2] = Math.max(loadsNowMost[2], loadsNowMost[1]);
        }

        @Override
        public int channels() {
            return engine.channels();
        }

        @Override
        public int classes() {
            return engine.classes();
        }

        @Override
        public void run(FloatBuffer windowsNCDHW, int count, Shape window, Logits logits) {
            engine.run(windowsNCDHW, count, window, logits);
        }

        @Override
        public void close() {
            loadsNowMost[1]--;
        }
    }
}
