package org.unet4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.unet4j.Card;
import org.unet4j.augment.Augmentation;
import org.unet4j.model.Layout;
import org.unet4j.prep.Store;
import org.unet4j.torch.Device;
import org.unet4j.torch.Precision;
import org.unet4j.torch.Torch;

/** Runs on a card: what {@link TrainerTest} asks of the processor. */
@Tag("gpu")
class CardTrainerTest {

    @TempDir
    static Path data;

    private static Store store;
    private static Device card;

    @TempDir
    Path out;

    @BeforeAll
    static void prepare() throws IOException {
        card = Card.required();
        store = TinyData.store(data);
    }

    @AfterAll
    static void computeOnOneThread() {
        Torch.start(1, true);
    }

    private RunFolder train(TrainConfig config, String name) throws IOException {
        Path folder = out.resolve(name);
        Trainer.train(
                TrainRequest.of(config, store, TinyData.split(), folder, card, TrainListener.silent(), () -> false));
        return new RunFolder(folder);
    }

    private static List<Double> losses(RunFolder run) throws IOException {
        return run.readMetrics().steps().stream().map(Metrics.Step::loss).toList();
    }

    private static double mean(List<Double> some) {
        return some.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }

    @ParameterizedTest
    @EnumSource(
            value = Precision.class,
            names = {"FP32", "TF32", "BF16", "FP16"})
    void aTinyNetworkLearns(Precision precision) throws IOException {
        RunFolder run = train(
                TinyData.config(30)
                        .withPrecision(precision)
                        .withLearningRate(0.01)
                        .withBatch(4)
                        .withAugmentation(Augmentation.none()),
                "run");
        List<Double> losses = losses(run);
        assertThat(losses).hasSize(30).allMatch(Double::isFinite);
        assertThat(mean(losses.subList(25, 30))).isLessThan(mean(losses.subList(0, 5)));
        assertThat(Checkpoint.read(run.checkpoint()).position().lossScale().isPresent())
                .isEqualTo(precision == Precision.FP16);
        assertThat(TrainResult.read(run.path()).scores()).isPresent();
    }

    /** The first steps on a card and on the processor: before rounding has grown. */
    @Test
    void theFirstStepsAreThoseOfTheProcessor() throws IOException {
        TrainConfig config = TinyData.config(3).withAugmentation(Augmentation.none());
        List<Metrics.Step> found = train(config, "card").readMetrics().steps();
        TinyRuns.train(config, store, out.resolve("processor"), TrainListener.silent());
        List<Metrics.Step> expected =
                new RunFolder(out.resolve("processor")).readMetrics().steps();
        for (int step = 0; step < 3; step++) {
            assertThat(found.get(step).loss()).isCloseTo(expected.get(step).loss(), within(1e-3));
            assertThat(found.get(step).gradientNorm())
                    .isCloseTo(
                            expected.get(step).gradientNorm(),
                            within(0.01 * expected.get(step).gradientNorm()));
        }
    }

    /** With all augmentation, whose products libtorch does only where cuBLAS is told to be deterministic. */
    @ParameterizedTest
    @EnumSource(
            value = Precision.class,
            names = {"FP32", "TF32", "BF16", "FP16"})
    void aResumedRunEqualsAnUninterruptedOneBitForBit(Precision precision) throws IOException {
        TrainConfig config = TinyData.config(10).withPrecision(precision).withValidateEvery(4);
        train(config, "whole");
        Path parts = out.resolve("parts");
        TinyRuns.StopAt stop = new TinyRuns.StopAt(5);
        Trainer.train(TrainRequest.of(config, store, TinyData.split(), parts, card, stop, stop));
        TrainConfig otherThreads = config.withMachine(config.machine().withPrefetch(3, 4));
        Trainer.resume(TrainRequest.of(
                otherThreads, store, TinyData.split(), parts, card, TrainListener.silent(), () -> false));
        TinyRuns.assertEqual(out.resolve("whole"), parts);
    }

    @Test
    void prefetchingThreadsChangeNothing() throws IOException {
        TrainConfig config = TinyData.config(12).withBatch(4).withValidateEvery(4);
        train(config.withMachine(config.machine().withPrefetch(1, 2)), "one");
        train(config.withMachine(config.machine().withPrefetch(4, 6)), "four");
        TinyRuns.assertEqual(out.resolve("one"), out.resolve("four"));
    }

    @Test
    void aBatchInPartsHasTheGradientOfTheWhole() throws IOException {
        TrainConfig config = TinyData.config(1).withBatch(4);
        Metrics.Step whole = train(config, "whole").readMetrics().steps().get(0);
        Metrics.Step parts =
                train(config.withAccumulation(2), "parts").readMetrics().steps().get(0);
        assertThat(parts.loss()).isCloseTo(whole.loss(), within(1e-5));
        assertThat(parts.gradientNorm()).isCloseTo(whole.gradientNorm(), within(1e-3 * whole.gradientNorm()));
    }

    @Test
    void featuresComputedAgainTrainTheSame() throws IOException {
        TrainConfig config = TinyData.config(6).withValidateEvery(3);
        train(config, "kept");
        train(config.withMachine(config.machine().withRecompute(true)), "again");
        TinyRuns.assertEqual(out.resolve("kept"), out.resolve("again"));
    }

    /** What a person gets who says nothing: not deterministic, with a trial of the layouts. */
    @Test
    void theDefaultsOfACardTrain() throws IOException {
        TrainConfig config = TrainConfig.defaults("attention-resunet", TinyData.plan(), card)
                .withSteps(6)
                .withValidateEvery(3);
        assertThat(config.numerics().deterministic()).isFalse();
        RunFolder run = train(config, "run");
        assertThat(losses(run)).hasSize(6).allMatch(Double::isFinite);
        assertThat(run.readConfig().numerics().layout()).isNotEqualTo(Layout.AUTO);
        assertThat(TrainResult.read(run.path()).scores()).isPresent();
    }
}
