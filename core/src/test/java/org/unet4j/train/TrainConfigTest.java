package org.unet4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
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
import org.unet4j.loss.CrossEntropy;
import org.unet4j.loss.Dice;
import org.unet4j.loss.DicePlus;
import org.unet4j.torch.Device;
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
                new Refusal("weightDecay -1.0 must be in [0, 1]", c -> c.withWeightDecay(-1)),
                new Refusal("warmup 1.0 must be at least 0 and less than 1", c -> c.withWarmup(1)),
                new Refusal("gradientClip 0.0 must be positive", c -> c.withGradientClip(0)),
                new Refusal("foregroundShare 33.0 must be in [0, 1]", c -> c.withForegroundShare(33)),
                new Refusal("validateEvery -1 must be at least 0", c -> c.withValidateEvery(-1)),
                new Refusal("validationCases 0 must be at least 1", c -> c.withValidationCases(0)),
                new Refusal("checkpointEvery 0 must be at least 1", c -> c.withCheckpointEvery(0)),
                new Refusal("threads -1 must be at least 0", c -> c.withThreads(-1)),
                new Refusal("prefetchThreads 0 must be at least 1", c -> c.withPrefetch(0, 4)),
                new Refusal("prefetchDepth 1 must be at least 2", c -> c.withPrefetch(1, 1)),
                new Refusal("schedule is missing", c -> c.withSchedule(null)),
                new Refusal("loss is missing", c -> c.withLoss(null)),
                new Refusal("precision is missing", c -> c.withPrecision(null)),
                new Refusal("augmentation is missing", c -> c.withAugmentation(null)),
                new Refusal(
                        "validationMirroring does not go with an augmentation without mirroring",
                        c -> c.withAugmentation(Augmentation.light()).withValidationMirroring(true)));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void valuesThatBreakARuleAreRefusedByName(Refusal refusal) {
        assertThatThrownBy(() -> refusal.change().apply(BASE)).hasMessageContaining(refusal.message());
    }

    @Test
    void everyWitherChangesItsComponentAndNoOther() throws ReflectiveOperationException {
        Map<String, TrainConfig> changed = Map.ofEntries(
                Map.entry("model", BASE.withModel("resunet")),
                Map.entry("steps", BASE.withSteps(7)),
                Map.entry("batch", BASE.withBatch(6)),
                Map.entry("accumulation", BASE.withAccumulation(2)),
                Map.entry("learningRate", BASE.withLearningRate(0.5)),
                Map.entry("weightDecay", BASE.withWeightDecay(0.5)),
                Map.entry("warmup", BASE.withWarmup(0.5)),
                Map.entry("schedule", BASE.withSchedule(new Schedule.Polynomial(0.9))),
                Map.entry("loss", BASE.withLoss(Dice.perSample())),
                Map.entry("gradientClip", BASE.withGradientClip(1)),
                Map.entry("precision", BASE.withPrecision(Precision.FP16)),
                Map.entry("foregroundShare", BASE.withForegroundShare(0.5)),
                Map.entry("seed", BASE.withSeed(99)),
                Map.entry("validateEvery", BASE.withValidateEvery(3)),
                Map.entry("validationCases", BASE.withValidationCases(3)),
                Map.entry("validationMirroring", BASE.withValidationMirroring(true)),
                Map.entry("checkpointEvery", BASE.withCheckpointEvery(3)),
                Map.entry("augmentation", BASE.withAugmentation(Augmentation.none())),
                Map.entry("threads", BASE.withThreads(3)),
                Map.entry("prefetchThreads", BASE.withPrefetch(7, BASE.prefetchDepth())),
                Map.entry("prefetchDepth", BASE.withPrefetch(BASE.prefetchThreads(), 7)),
                Map.entry("deterministic", BASE.withDeterministic(false)));
        for (Map.Entry<String, TrainConfig> entry : changed.entrySet()) {
            for (RecordComponent component : TrainConfig.class.getRecordComponents()) {
                boolean same = component
                        .getAccessor()
                        .invoke(entry.getValue())
                        .equals(component.getAccessor().invoke(BASE));
                assertThat(same)
                        .as("%s after a change of %s", component.getName(), entry.getKey())
                        .isEqualTo(!component.getName().equals(entry.getKey()));
            }
        }
    }

    @Test
    void aFileHoldsAllOfIt() throws IOException {
        TrainConfig config = BASE.withSchedule(new Schedule.Polynomial(0.9))
                .withGradientClip(Double.POSITIVE_INFINITY)
                .withSeed(Long.MIN_VALUE);
        Path file = folder.resolve("config.yaml");
        config.write(file);
        // Nothing of the base may be needed.
        assertThat(TrainConfig.read(file, TrainConfig.defaults("resunet", TinyData.plan(), Device.cpu())))
                .isEqualTo(config);
    }

    @Test
    void aFileMayNameOnlyWhatDiffers() throws IOException {
        Path file = Files.writeString(folder.resolve("config.yaml"), "steps: 60\nschedule: {type: constant}\n");
        assertThat(TrainConfig.read(file, BASE)).isEqualTo(BASE.withSteps(60).withSchedule(new Schedule.Constant()));
    }

    @Test
    void aMisspeltKeyIsRefusedWithTheNearestOne() throws IOException {
        Path file = Files.writeString(folder.resolve("config.yaml"), "learningrat: 0.1\n");
        assertThatThrownBy(() -> TrainConfig.read(file, BASE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("config.yaml")
                .hasMessageContaining("learningrat")
                .hasMessageContaining("learningRate");
    }

    @Test
    void aValueThatBreaksARuleIsRefusedWithItsFile() throws IOException {
        Path file = Files.writeString(folder.resolve("config.yaml"), "steps: -4\n");
        assertThatThrownBy(() -> TrainConfig.read(file, BASE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("config.yaml")
                .hasMessageContaining("steps -4 must be at least 1");
    }

    @Test
    void warmUpIsAShareOfTheSteps() {
        TrainConfig config = BASE.withSteps(200).withWarmup(0.1).withLearningRate(0.01);
        assertThat(config.warmupSteps()).isEqualTo(20);
        assertThat(config.learningRate(0)).isEqualTo(0.01 / 20);
        assertThat(config.learningRate(20)).isEqualTo(0.01);
    }
}
