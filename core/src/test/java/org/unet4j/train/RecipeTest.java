package org.unet4j.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.unet4j.model.Layout;
import org.unet4j.model.Safetensors;
import org.unet4j.prep.Store;
import org.unet4j.prep.Topology;
import org.unet4j.torch.Device;
import org.unet4j.torch.Optimizer;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;
import org.unet4j.torch.Torch;
import org.unet4j.volume.Shape;

/** What a configuration may ask for beyond the usual, in whole runs. */
class RecipeTest {

    @TempDir
    static Path data;

    private static Store store;

    @TempDir
    Path out;

    @BeforeAll
    static void prepare() throws IOException {
        Topology threeStages = new Topology( // With two there is no stage for an auxiliary head.
                List.of(Shape.cube(1), Shape.cube(2), Shape.cube(2)),
                List.of(Shape.cube(3), Shape.cube(3), Shape.cube(3)),
                List.of(4, 8, 12));
        store = TinyData.store(data).withPlan(TinyData.plan().withTopology(threeStages));
    }

    @BeforeEach
    void computeOnOneThread() {
        Torch.start(1, true);
    }

    private static RunFolder train(TrainConfig config, Path run, TrainListener listener) throws IOException {
        Trainer.train(TrainRequest.of(config, store, TinyData.split(), run, Device.cpu(), listener, () -> false));
        return new RunFolder(run);
    }

    /** Hears which layout was chosen and what was tried. */
    private static final class Trials implements TrainListener {
        private final List<Layout> chosen = new ArrayList<>();
        private final List<Map<Layout, Double>> seconds = new ArrayList<>();

        @Override
        public void layoutChosen(Layout layout, Map<Layout, Double> secondsAPart) {
            chosen.add(layout);
            seconds.add(secondsAPart);
        }
    }

    @Test
    void aRunThatNeedNotRepeatItsBitsTriesBothLayoutsAndKeepsOne() throws IOException {
        TrainConfig config = TinyData.config(2);
        Trials trials = new Trials();
        RunFolder run =
                train(config.withNumerics(config.numerics().withDeterministic(false)), out.resolve("run"), trials);
        assertThat(trials.seconds).singleElement().satisfies(seconds -> {
            assertThat(seconds).containsOnlyKeys(Layout.CONTIGUOUS, Layout.CHANNELS_LAST);
            assertThat(seconds.values()).allMatch(value -> value > 0);
        });
        assertThat(trials.chosen).containsExactly(run.readConfig().numerics().layout());
        assertThat(trials.chosen).doesNotContain(Layout.AUTO);
    }

    @Test
    void noClockDecidesTheBitsOfADeterministicRun() throws IOException {
        Trials trials = new Trials();
        train(TinyData.config(2), out.resolve("run"), trials);
        assertThat(trials.seconds).containsExactly(Map.of());
        assertThat(trials.chosen).containsExactly(Layout.CONTIGUOUS);
    }

    static List<UnaryOperator<TrainConfig>> recipes() {
        return List.of(
                config -> config.withDeepSupervision(true)
                        .withOptimization(config.optimization()
                                .withOptimizer(Optimizer.sgd())
                                .withAverage(0.9)),
                config -> config.withOptimization(config.optimization()
                        .withOptimizer(Optimizer.adamW(0.01))
                        .withAverage(0.5)));
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void aResumedRunEqualsAnUninterruptedOneWhateverItsRecipe(UnaryOperator<TrainConfig> recipe) throws IOException {
        TrainConfig config = recipe.apply(TinyData.config(8)).withValidateEvery(3);
        RunFolder whole = train(config, out.resolve("whole"), TrainListener.silent());
        Path parts = out.resolve("parts");
        TinyRuns.StopAt stop = new TinyRuns.StopAt(5);
        assertThat(Trainer.train(TrainRequest.of(config, store, TinyData.split(), parts, Device.cpu(), stop, stop))
                        .interrupted())
                .isTrue();
        Trainer.resume(TrainRequest.of(
                config, store, TinyData.split(), parts, Device.cpu(), TrainListener.silent(), () -> false));
        TinyRuns.assertEqual(whole.path(), parts);
    }

    @Test
    void whatIsSavedForPredictionIsTheAverageWithoutAuxiliaryHeads() throws IOException {
        TrainConfig config = recipes().get(0).apply(TinyData.config(4));
        RunFolder run = train(config, out.resolve("run"), TrainListener.silent());
        try (Scope scope = new Scope()) {
            SortedMap<String, Tensor> saved = Safetensors.read(run.last());
            SortedMap<String, Tensor> checkpoint = Safetensors.read(run.checkpoint());
            assertThat(saved.keySet()).noneMatch(name -> name.startsWith("auxiliary"));
            assertThat(checkpoint.keySet()).anyMatch(name -> name.startsWith("weights/auxiliary"));
            float[] head = Tensors.toFloats(saved.get("head.weight"));
            assertThat(head).isEqualTo(Tensors.toFloats(checkpoint.get("average/average/head.weight")));
            assertThat(head).isNotEqualTo(Tensors.toFloats(checkpoint.get("weights/head.weight")));
        }
    }
}
