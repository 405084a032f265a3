package org.unet4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.unet4j.augment.Augmentation;
import org.unet4j.augment.Preset;
import org.unet4j.loss.CrossEntropy;
import org.unet4j.loss.Dice;
import org.unet4j.loss.DicePlus;
import org.unet4j.model.Layout;
import org.unet4j.torch.Device;
import org.unet4j.torch.Optimizer;
import org.unet4j.torch.Precision;

class TrainConfigTest {

    private static final TrainConfig BASE = TrainConfig.defaults("unet", TinyData.plan(), Device.cpu())
            .withAugmentation(Augmentation.standard(TinyData.plan()));

    @TempDir
    Path folder;

    record Refusal(String message, UnaryOperator<TrainConfig> change) {}

    static List<Refusal> refusals() {
        return List.of(
                new Refusal("model vnet is unknown; one of unet, resunet", c -> c.withModel("vnet")),
                new Refusal("steps 0 must be at least 1", c -> c.withSteps(0)),
                new Refusal("batch 0 must be at least 1", c -> c.withBatch(0)),
                new Refusal("accumulation 0 must be at least 1", c -> c.withAccumulation(0)),
                new Refusal("accumulation 3 must divide the batch of 2", c -> c.withAccumulation(3)),
                new Refusal(
                        "accumulation 2 does not go with a loss over the whole batch",
                        c -> c.withLoss(Dice.overBatch()).withAccumulation(2)),
                new Refusal(
                        "accumulation 2 does not go with a loss over the whole batch",
                        c -> c.withLoss(new DicePlus(Dice.overBatch(), CrossEntropy.unweighted()))
                                .withAccumulation(2)),
                new Refusal("learningRate 0.0 must be above 0", c -> c.withLearningRate(0)),
                new Refusal("learningRate NaN must be above 0", c -> c.withLearningRate(Double.NaN)),
                new Refusal(
                        "warmup 1.0 must be at least 0 and less than 1",
                        c -> c.withOptimization(c.optimization().withWarmup(1))),
                new Refusal(
                        "gradientClip 0.0 must be positive",
                        c -> c.withOptimization(c.optimization().withGradientClip(0))),
                new Refusal(
                        "foregroundShare 33.0 must be in [0, 1]",
                        c -> c.withSamples(c.samples().withForegroundShare(33))),
                new Refusal("validation every -1 must be at least 0", c -> c.withValidateEvery(-1)),
                new Refusal(
                        "validation cases 0 must be at least 1",
                        c -> c.withValidation(c.validation().withCases(0))),
                new Refusal("checkpointEvery 0 must be at least 1", c -> c.withCheckpointEvery(0)),
                new Refusal("threads -1 must be at least 0", c -> c.withThreads(-1)),
                new Refusal(
                        "prefetchThreads 0 must be at least 1",
                        c -> c.withMachine(c.machine().withPrefetch(0, 4))),
                new Refusal(
                        "prefetchDepth 1 must be at least 2",
                        c -> c.withMachine(c.machine().withPrefetch(1, 1))),
                new Refusal(
                        "schedule is missing",
                        c -> c.withOptimization(c.optimization().withSchedule(null))),
                new Refusal("loss is missing", c -> c.withLoss(null)),
                new Refusal("precision is missing", c -> c.withPrecision(null)),
                new Refusal("augmentation is missing", c -> c.withAugmentation(null)),
                new Refusal(
                        "validation mirroring does not go with an augmentation without mirroring",
                        c -> c.withAugmentation(Augmentation.light())
                                .withValidation(c.validation().withMirroring(true))));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void valuesThatBreakARuleAreRefusedByName(Refusal refusal) {
        assertThatThrownBy(() -> refusal.change().apply(BASE)).hasMessageContaining(refusal.message());
    }

    private static TrainConfig optimizing(UnaryOperator<Optimization> change) {
        return BASE.withOptimization(change.apply(BASE.optimization()));
    }

    private static TrainConfig sampling(UnaryOperator<Samples> change) {
        return BASE.withSamples(change.apply(BASE.samples()));
    }

    private static TrainConfig validating(UnaryOperator<Validation> change) {
        return BASE.withValidation(change.apply(BASE.validation()));
    }

    private static TrainConfig on(UnaryOperator<Machine> change) {
        return BASE.withMachine(change.apply(BASE.machine()));
    }

    @Test
    void everyWitherChangesItsComponentAndNoOther() {
        Map<String, TrainConfig> changed = Map.ofEntries(
                Map.entry("model", BASE.withModel("resunet")),
                Map.entry("steps", BASE.withSteps(7)),
                Map.entry("seed", BASE.withSeed(99)),
                Map.entry("samples.batch", BASE.withBatch(6)),
                Map.entry("samples.accumulation", BASE.withAccumulation(2)),
                Map.entry("samples.foregroundShare", sampling(s -> s.withForegroundShare(0.5))),
                Map.entry(
                        "samples.augmentation.mirroring.axes",
                        sampling(s -> s.withAugmentation(s.augmentation().withMirroring(List.of())))),
                Map.entry("loss", BASE.withLoss(Dice.perSample())),
                Map.entry("optimization.optimizer", optimizing(o -> o.withOptimizer(Optimizer.sgd()))),
                Map.entry("deepSupervision", BASE.withDeepSupervision(true)),
                Map.entry("numerics.layout", BASE.withNumerics(BASE.numerics().withLayout(Layout.CONTIGUOUS))),
                Map.entry("machine.recompute", on(m -> m.withRecompute(true))),
                Map.entry("optimization.learningRate", BASE.withLearningRate(0.5)),
                Map.entry("optimization.warmup", optimizing(o -> o.withWarmup(0.5))),
                Map.entry("optimization.schedule", optimizing(o -> o.withSchedule(new Schedule.Polynomial(0.9)))),
                Map.entry("optimization.average", optimizing(o -> o.withAverage(0.5))),
                Map.entry("optimization.gradientClip", optimizing(o -> o.withGradientClip(1))),
                Map.entry("numerics.precision", BASE.withPrecision(Precision.FP16)),
                Map.entry(
                        "numerics.deterministic",
                        BASE.withNumerics(BASE.numerics().withDeterministic(false))),
                Map.entry("validation.every", BASE.withValidateEvery(3)),
                Map.entry("validation.cases", validating(v -> v.withCases(3))),
                Map.entry("validation.mirroring", validating(v -> v.withMirroring(true))),
                Map.entry("machine.threads", BASE.withThreads(3)),
                Map.entry("machine.prefetchThreads", on(m -> m.withPrefetch(7, m.prefetchDepth()))),
                Map.entry("machine.prefetchDepth", on(m -> m.withPrefetch(m.prefetchThreads(), 7))),
                Map.entry("machine.checkpointEvery", BASE.withCheckpointEvery(3)));
        changed.forEach((component, config) -> assertThat(Differences.between(BASE, config))
                .singleElement()
                .asString()
                .startsWith(component + " was "));
    }

    @Test
    void aFileHoldsAllOfIt() throws IOException {
        TrainConfig config = optimizing(
                        o -> o.withSchedule(new Schedule.Polynomial(0.9)).withGradientClip(Double.POSITIVE_INFINITY))
                .withSeed(Long.MIN_VALUE);
        Path file = folder.resolve("config.yaml");
        config.write(file);
        // Nothing of the base may be needed.
        assertThat(TrainConfig.read(
                        file, TrainConfig.defaults("resunet", TinyData.plan(), Device.cpu()), TinyData.plan()))
                .isEqualTo(config);
    }

    @Test
    void aFileMayNameOnlyWhatDiffers() throws IOException {
        Path file = Files.writeString(
                folder.resolve("config.yaml"), "steps: 60\noptimization: {schedule: {type: constant}}\n");
        assertThat(TrainConfig.read(file, BASE, TinyData.plan()))
                .isEqualTo(
                        optimizing(o -> o.withSchedule(new Schedule.Constant())).withSteps(60));
    }

    @Test
    void anAugmentationMayBeGivenByItsName() throws IOException {
        Path file = Files.writeString(folder.resolve("config.yaml"), "samples: {augmentation: nnunet, batch: 6}\n");
        TrainConfig read = TrainConfig.read(file, BASE, TinyData.plan());
        Augmentation expected =
                Preset.NNUNET.of(TinyData.plan().spacing(), TinyData.plan().patch());
        assertThat(read).isEqualTo(BASE.withAugmentation(expected).withBatch(6));
        read.write(file); // What is written are the settings.
        assertThat(file).content().contains("sigmaVoxels").doesNotContain("nnunet");
        assertThat(TrainConfig.read(file, BASE, TinyData.plan())).isEqualTo(read);
        TrainConfig.requireValid(Files.writeString(file, "samples: {augmentation: light}\n"), "unet", Device.cpu());
    }

    @Test
    void anUnknownAugmentationIsRefusedWithTheNearest() throws IOException {
        Path file = Files.writeString(folder.resolve("config.yaml"), "samples: {augmentation: nnunt}\n");
        String message = "config.yaml] augmentation 'nnunt' is unknown; did you mean 'nnunet'?";
        assertThatThrownBy(() -> TrainConfig.read(file, BASE, TinyData.plan()))
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith(message);
        assertThatThrownBy(() -> TrainConfig.requireValid(file, "unet", Device.cpu()))
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith(message);
    }

    @Test
    void aMisspeltKeyIsRefusedWithTheNearestOne() throws IOException {
        Path file = Files.writeString(folder.resolve("config.yaml"), "optimization: {learningrat: 0.1}\n");
        assertThatThrownBy(() -> TrainConfig.read(file, BASE, TinyData.plan()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("config.yaml")
                .hasMessageContaining("learningrat")
                .hasMessageContaining("learningRate");
    }

    @Test
    void aValueThatBreaksARuleIsRefusedWithItsFile() throws IOException {
        Path file = Files.writeString(folder.resolve("config.yaml"), "steps: -4\n");
        assertThatThrownBy(() -> TrainConfig.read(file, BASE, TinyData.plan()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("config.yaml")
                .hasMessageContaining("steps -4 must be at least 1");
    }

    @Test
    void warmUpIsAShareOfTheSteps() {
        TrainConfig config =
                optimizing(o -> o.withWarmup(0.1).withLearningRate(0.01)).withSteps(200);
        assertThat(config.learningRate(0)).isEqualTo(0.01 / 20);
        assertThat(config.learningRate(20)).isEqualTo(0.01);
    }
}
