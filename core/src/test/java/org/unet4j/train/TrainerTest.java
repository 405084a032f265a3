package org.unet4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.unet4j.augment.Augmentation;
import org.unet4j.io.Split;
import org.unet4j.model.Layout;
import org.unet4j.prep.Store;
import org.unet4j.torch.Device;
import org.unet4j.torch.Precision;
import org.unet4j.torch.Torch;

class TrainerTest {

    @TempDir
    static Path data;

    private static Store store;

    @TempDir
    Path out;

    @BeforeAll
    static void prepare() throws IOException {
        store = TinyData.store(data);
    }

    /** The number of threads is the process's. */
    @AfterEach
    void computeOnOneThread() {
        Torch.start(1, true);
    }

    @Test
    void aTinyNetworkLearnsTwoBalls() throws IOException {
        TrainConfig config = TinyData.config(150)
                .withLearningRate(0.01)
                .withBatch(4)
                .withValidateEvery(50)
                .withAugmentation(Augmentation.none());
        List<ValidationEvent> validations = new ArrayList<>();
        TrainResult result = train(config, out.resolve("run"), new TrainListener() {
            @Override
            public void validated(ValidationEvent validation) {
                validations.add(validation);
            }
        });
        RunFolder run = new RunFolder(out.resolve("run"));
        List<Metrics.Step> steps = run.readMetrics().steps();
        assertThat(steps).hasSize(150);
        assertThat(result.loss()).isLessThan(steps.get(0).loss() / 2);
        assertThat(result.scores().orElseThrow().last().meanDice()).isGreaterThan(0.8);
        assertThat(validations).extracting(ValidationEvent::step).containsExactly(50, 100, 150);
        assertThat(validations)
                .as("all validate the same cases, so the best is the best on all of them")
                .allMatch(validation -> validation.compared() == validation.cases());
        assertThat(result.scores().orElseThrow().bestStep()).isIn(50, 100, 150);
        assertThat(result.interrupted()).isFalse();
        assertThat(run.finished()).isTrue();
        assertThat(TrainResult.read(run.path())).isEqualTo(result);
        assertThat(run.readConfig())
                .isEqualTo(
                        config.withNumerics(config.numerics().withLayout(Layout.CONTIGUOUS))); // the usual one in fp32
        assertThat(List.of(run.config(), run.plan(), run.model(), run.provenance(), run.split(), run.metrics()))
                .allMatch(Files::exists);
        assertThat(List.of(run.last(), run.best(), run.checkpoint(), run.validation()))
                .allMatch(Files::exists);
    }

    /** Two threads in reduced precision compute the samples of a batch side by side. */
    @ParameterizedTest
    @CsvSource({"FP32, 1", "BF16, 1", "BF16, 2", "FP16, 2"})
    void aResumedRunEqualsAnUninterruptedOneBitForBit(Precision precision, int threads) throws IOException {
        TrainConfig config = TinyData.config(10)
                .withPrecision(precision)
                .withThreads(threads)
                .withValidateEvery(4);
        TrainResult whole = train(config, out.resolve("whole"), TrainListener.silent());
        Path parts = out.resolve("parts");
        TinyRuns.StopAt stop = new TinyRuns.StopAt(5);
        TrainResult first =
                Trainer.train(TrainRequest.of(config, store, TinyData.split(), parts, Device.cpu(), stop, stop));
        assertThat(first.interrupted()).isTrue();
        assertThat(first.step()).isEqualTo(5);
        assertThat(first.scores()).isEmpty();
        TrainConfig otherThreads = config.withMachine(config.machine().withPrefetch(3, 2));
        TrainResult second = resume(otherThreads, parts, TrainListener.silent());
        assertThat(second.interrupted()).isFalse();
        TinyRuns.assertEqual(out.resolve("whole"), parts);
        assertThat(second.scores()).isEqualTo(whole.scores());
    }

    @Test
    void aCrashLosesOnlyWhatCameAfterTheLastCheckpoint() throws IOException {
        TrainConfig config = TinyData.config(8).withCheckpointEvery(3).withValidateEvery(4);
        train(config, out.resolve("whole"), TrainListener.silent());
        Path crashed = out.resolve("crashed");
        assertThatThrownBy(() -> train(config, crashed, new TrainListener() {
                    @Override
                    public void step(StepEvent step) {
                        if (step.step() == 5) {
                            throw new UncheckedIOException(new IOException("pulled plug"));
                        }
                    }
                }))
                .hasMessageContaining("pulled plug");
        List<Integer> firstSteps = new ArrayList<>();
        resume(config, crashed, new TrainListener() {
            @Override
            public void started(RunStart start) {
                firstSteps.add(start.firstStep());
            }
        });
        assertThat(firstSteps).containsExactly(3);
        TinyRuns.assertEqual(out.resolve("whole"), crashed);
    }

    @Test
    void aRunThatDiedBeforeItsFirstCheckpointBeginsAgain() throws IOException {
        TrainConfig config = TinyData.config(4);
        train(config, out.resolve("whole"), TrainListener.silent());
        Path died = out.resolve("died");
        assertThatThrownBy(() -> train(config, died, new TrainListener() {
                    @Override
                    public void step(StepEvent step) {
                        throw new UncheckedIOException(new IOException("pulled plug"));
                    }
                }))
                .hasMessageContaining("pulled plug");
        resume(config, died, TrainListener.silent());
        TinyRuns.assertEqual(out.resolve("whole"), died);
    }

    @Test
    void aStopDuringTheLastValidationLosesNothing() throws IOException {
        TrainConfig config = TinyData.config(3);
        Path run = out.resolve("run");
        boolean[] saved = new boolean[1];
        TrainListener listener = new TrainListener() {
            @Override
            public void saved(int step, Path checkpoint) {
                saved[0] = true;
            }
        };
        TrainResult first = Trainer.train(
                TrainRequest.of(config, store, TinyData.split(), run, Device.cpu(), listener, () -> saved[0]));
        assertThat(first.interrupted()).isTrue();
        assertThat(first.step()).isEqualTo(3);
        assertThat(new RunFolder(run).finished()).isFalse();
        TrainResult second = resume(config, run, TrainListener.silent());
        assertThat(second.scores()).isPresent();
        assertThat(new RunFolder(run).readMetrics().steps()).hasSize(3);
    }

    @Test
    void resumingAFinishedRunReturnsItsResultAndChangesNothing() throws IOException {
        TrainConfig config = TinyData.config(2);
        Path run = out.resolve("run");
        TrainResult result = train(config, run, TrainListener.silent());
        byte[] weights = Files.readAllBytes(new RunFolder(run).last());
        assertThat(resume(config, run, TrainListener.silent())).isEqualTo(result);
        assertThat(Files.readAllBytes(new RunFolder(run).last())).isEqualTo(weights);
    }

    @Test
    void aFolderWithARunIsRefused() throws IOException {
        Path run = out.resolve("run");
        train(TinyData.config(1), run, TrainListener.silent());
        assertThatThrownBy(() -> train(TinyData.config(1), run, TrainListener.silent()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(run.toString())
                .hasMessageContaining("holds a run already");
    }

    @Test
    void resumingNothingIsRefused() {
        assertThatThrownBy(() -> resume(TinyData.config(1), out.resolve("absent"), TrainListener.silent()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("holds no run to resume");
    }

    @Test
    void resumingWithOtherSettingsIsRefusedNamingThem() throws IOException {
        Path run = out.resolve("run");
        TrainConfig config = TinyData.config(2);
        train(config, run, TrainListener.silent());
        assertThatThrownBy(() -> resume(config.withLearningRate(0.5).withSeed(9), run, TrainListener.silent()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(run.toString())
                .hasMessageContaining("learningRate was 0.001 and is now 0.5")
                .hasMessageContaining("seed was 1 and is now 9");
        assertThatThrownBy(() -> resume(config.withModel("resunet"), run, TrainListener.silent()))
                .hasMessageContaining("the network was");
        Split other = new Split(List.of("ball_0"), List.of("ball_4"));
        assertThatThrownBy(() -> Trainer.resume(
                        TrainRequest.of(config, store, other, run, Device.cpu(), TrainListener.silent(), () -> false)))
                .hasMessageContaining("the split had 4 training and 1 validation cases and has now 1 and 1");
    }

    @Test
    void resumingWithOtherScansUnderTheSameNamesIsRefused() throws IOException {
        Path run = out.resolve("run");
        TrainConfig config = TinyData.config(1);
        train(config, run, TrainListener.silent());
        Store changed = TinyData.store(out.resolve("changed"), 8);
        assertThat(changed.ids()).isEqualTo(store.ids());
        assertThatThrownBy(() -> Trainer.resume(TrainRequest.of(
                        config, changed, TinyData.split(), run, Device.cpu(), TrainListener.silent(), () -> false)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the prepared cases are others than the run began with");
    }

    @Test
    void partsOfABatchGiveTheGradientOfTheWhole() throws IOException {
        TrainConfig config = TinyData.config(3).withBatch(4).withAugmentation(Augmentation.none());
        train(config, out.resolve("whole"), TrainListener.silent());
        train(config.withAccumulation(4), out.resolve("parts"), TrainListener.silent());
        List<Metrics.Step> whole =
                new RunFolder(out.resolve("whole")).readMetrics().steps();
        List<Metrics.Step> parts =
                new RunFolder(out.resolve("parts")).readMetrics().steps();
        for (int i = 0; i < 3; i++) {
            // float32 sums in another order
            assertThat(parts.get(i).loss()).isCloseTo(whole.get(i).loss(), within(1e-4));
            assertThat(parts.get(i).gradientNorm())
                    .isCloseTo(
                            whole.get(i).gradientNorm(),
                            within(1e-3 * whole.get(i).gradientNorm()));
        }
    }

    @Test
    void withoutValidationCasesThereAreNoScores() throws IOException {
        Split all = new Split(store.ids(), List.of());
        TrainResult result = Trainer.train(TrainRequest.of(
                TinyData.config(2).withValidateEvery(1),
                store,
                all,
                out.resolve("run"),
                Device.cpu(),
                TrainListener.silent(),
                () -> false));
        RunFolder run = new RunFolder(out.resolve("run"));
        assertThat(result.scores()).isEmpty();
        assertThat(run.finished()).isTrue();
        assertThat(run.best()).doesNotExist();
        assertThat(TrainResult.read(run.path())).isEqualTo(result);
    }

    @Test
    void aFolderInWhichAnotherProcessTrainsIsRefused() throws IOException {
        Path live = out.resolve("live");
        List<Throwable> refused = new ArrayList<>();
        train(TinyData.config(1), live, new TrainListener() {
            @Override
            public void step(StepEvent step) {
                refused.add(catchThrowable(() -> resume(TinyData.config(1), live, TrainListener.silent())));
            }
        });
        assertThat(refused).hasSize(1);
        assertThat(refused.get(0))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is being trained by another process");
        assertThat(new RunFolder(live).finished()).isTrue();
    }

    @Test
    void resumingRemovesWhatAKilledRunLeftHalfWritten() throws IOException {
        Path run = out.resolve("killed");
        train(TinyData.config(1), run, TrainListener.silent());
        Path half = run.resolve(".checkpoint.safetensors." + UUID.randomUUID() + ".tmp");
        Files.writeString(half, "half");
        resume(TinyData.config(1), run, TrainListener.silent());
        assertThat(half).doesNotExist();
    }

    @Test
    void afterResumingAFinishedRunItsNumberOfThreadsHolds() throws IOException {
        Path run = out.resolve("threads");
        train(TinyData.config(1), run, TrainListener.silent());
        Torch.start(3, true);
        resume(TinyData.config(1), run, TrainListener.silent());
        assertThat(Torch.threads()).isEqualTo(1);
    }

    @Test
    void splitsThatCannotBeAreRefused() {
        assertThatThrownBy(() -> trainOn(new Split(List.of("ball_0", "cube_1"), List.of())))
                .hasMessageContaining("cube_1")
                .hasMessageContaining("prepare them, or correct the split");
    }

    @ParameterizedTest
    @CsvSource({"FP32, 1", "BF16, 2"})
    void noNativeObjectOutlivesItsStep(Precision precision, int threads) throws IOException {
        TrainConfig config = TinyData.config(40).withPrecision(precision).withThreads(threads);
        List<Long> counts = new ArrayList<>();
        train(config, out.resolve("run"), new TrainListener() {
            @Override
            public void step(StepEvent step) {
                counts.add(Pointer.totalCount());
            }
        });
        // Objects of the start may still be collected meanwhile; none may be added.
        assertThat(counts.get(39)).isLessThanOrEqualTo(counts.get(9));
    }

    private void trainOn(Split split) throws IOException {
        Trainer.train(TrainRequest.of(
                TinyData.config(1),
                store,
                split,
                out.resolve("no"),
                Device.cpu(),
                TrainListener.silent(),
                () -> false));
    }

    private static TrainResult train(TrainConfig config, Path folder, TrainListener listener) throws IOException {
        return TinyRuns.train(config, store, folder, listener);
    }

    private static TrainResult resume(TrainConfig config, Path folder, TrainListener listener) throws IOException {
        return TinyRuns.resume(config, store, folder, listener);
    }
}
