package org.unet4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Scalar;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.unet4j.augment.Augmentation;
import org.unet4j.model.Network;
import org.unet4j.prep.Store;
import org.unet4j.torch.Device;
import org.unet4j.torch.Precision;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;

class LearnerTest {

    @TempDir
    static Path folder;

    private static Store store;

    @BeforeAll
    static void prepare() throws IOException {
        store = TinyData.store(folder);
    }

    @ParameterizedTest
    @EnumSource(
            value = Precision.class,
            names = {"FP32", "FP16"})
    void aLossThatIsNotFiniteChangesNothing(Precision precision) throws IOException {
        learn(TinyData.config(4).withPrecision(precision), (network, learner, prefetcher) -> {
            learner.learn(0, 1e-3, prefetcher);
            fill(network, "head.bias", Double.NaN);
            Map<String, Integer> before = hashes(learner);
            Optional<Checkpoint.LossScale> scale = learner.lossScale();
            Learner.Outcome outcome = learner.learn(1, 1e-3, prefetcher);
            assertThat(outcome.notFinite()).isTrue();
            assertThat(outcome.loss()).isNaN();
            assertThat(outcome.overflowed()).isFalse();
            assertThat(hashes(learner)).isEqualTo(before);
            assertThat(learner.lossScale()).isEqualTo(scale);
        });
    }

    @Test
    void anOverflowInHalfPrecisionSkipsTheStepAndHalvesTheScale() throws IOException {
        TrainConfig config = TinyData.config(4).withPrecision(Precision.FP16);
        learn(config, (network, learner, prefetcher) -> {
            scale(learner, 1e38);
            float[] before = Tensors.toFloats(network.state().get("head.weight"));
            double scale = learner.lossScale().orElseThrow().scale();
            Learner.Outcome outcome = learner.learn(0, 1e-3, prefetcher);
            assertThat(outcome.overflowed()).isTrue();
            assertThat(outcome.notFinite()).isFalse();
            assertThat(outcome.loss()).isFinite();
            assertThat(learner.lossScale().orElseThrow().scale()).isEqualTo(scale / 2);
            assertThat(Tensors.toFloats(network.state().get("head.weight"))).isEqualTo(before);
        });
    }

    @Test
    void overflowsWithoutEndAreNotTheScalesFault() throws IOException {
        TrainConfig config =
                TinyData.config(20).withPrecision(Precision.FP16).withBatch(1).withAugmentation(Augmentation.none());
        learn(config, (network, learner, prefetcher) -> {
            for (int step = 0; step < 19; step++) {
                scale(learner, 1e38);
                learner.learn(step, 1e-3, prefetcher);
            }
            scale(learner, 1e38);
            assertThatThrownBy(() -> learner.learn(19, 1e-3, prefetcher))
                    .isInstanceOf(DivergedException.class)
                    .hasMessageContaining("gradient of the last 20 steps");
        });
    }

    @Test
    void gradientsAreClippedToTheNorm() throws IOException {
        // Adam's first step is the sign of the gradient times the rate, whatever its size: the norm itself is compared.
        TrainConfig usual = TinyData.config(4);
        TrainConfig config = usual.withOptimization(usual.optimization().withGradientClip(1e-6));
        learn(config, (network, learner, prefetcher) -> {
            Learner.Outcome outcome = learner.learn(0, 1e-3, prefetcher);
            assertThat(outcome.gradientNorm()).isGreaterThan(1e-3); // reported as it was before
            double squares = 0;
            for (var moment : learner.numbers().optimizer().entrySet()) {
                if (moment.getKey().startsWith("exp_avg/")) {
                    for (float value : Tensors.toFloats(moment.getValue())) {
                        squares += (double) value * value;
                    }
                }
            }
            // The first moment after one step is a tenth of the gradient.
            assertThat(Math.sqrt(squares)).isBetween(0.99e-7, 1.01e-7);
        });
    }

    private interface Body {
        void run(Network network, Learner learner, Prefetcher<HostBatch> prefetcher) throws IOException;
    }

    private static void learn(TrainConfig config, Body body) throws IOException {
        Job job = new Job(
                config,
                store,
                TinyData.split(),
                new RunFolder(folder.resolve("run")),
                Device.cpu(),
                TrainListener.silent(),
                () -> false);
        try (Scope scope = new Scope();
                Network network = job.spec().build(1);
                Learner learner = new Learner(job, network)) {
            List<HostBatch> slots = HostBatch.allocate(2, job.samplesAPart(), 1, 3, job.cut(), Optional.empty());
            try (Prefetcher<HostBatch> prefetcher =
                    Prefetcher.start(slots, new BatchCutter(store, job.sampler()), 0, config.steps(), 1)) {
                body.run(network, learner, prefetcher);
            }
        }
    }

    private static void scale(Learner learner, double scale) {
        Checkpoint.Position position = new Checkpoint.Position(
                0, false, 0, 0, 0, 0, 0, Optional.of(new Checkpoint.LossScale(scale, 0)), Optional.empty());
        learner.restoreScale(position);
    }

    private static Map<String, Integer> hashes(Learner learner) {
        Map<String, Integer> hashes = new TreeMap<>();
        Checkpoint.Numbers numbers = learner.numbers();
        numbers.weights().forEach((name, tensor) -> hashes.put(name, Arrays.hashCode(Tensors.toFloats(tensor))));
        numbers.optimizer().forEach((name, tensor) -> hashes.put(name, Arrays.hashCode(Tensors.toFloats(tensor))));
        return hashes;
    }

    private static void fill(Network network, String parameter, double value) {
        try (Scope scope = new Scope();
                AutoGradMode off = new AutoGradMode(false)) {
            network.state().get(parameter).fill_(new Scalar(value));
        }
    }
}
