package org.unet4j.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.augment.Augmentation;
import org.unet4j.eval.CaseScore;
import org.unet4j.eval.Evaluation;
import org.unet4j.io.Dataset;
import org.unet4j.io.Progress;
import org.unet4j.prep.Store;
import org.unet4j.ranks.RankProcesses;
import org.unet4j.report.BenchmarkResult;
import org.unet4j.report.NetworkResult;
import org.unet4j.torch.Device;
import org.unet4j.torch.Precision;
import org.unet4j.train.StepEvent;
import org.unet4j.train.TrainConfig;
import org.unet4j.train.TrainListener;
import org.unet4j.train.Validation;

/** Two tiny networks, trained, interrupted, resumed, scored and compared. */
class TrainedRunTest {

    private static final int STEPS = 40;

    @TempDir
    Path folder;

    @Test
    void twoNetworksAreTrainedInterruptedResumedAndCompared() throws Exception {
        Dataset dataset = Worlds.dataset(folder.resolve("Balls"));
        Store store = Worlds.store(dataset, folder.resolve("prepared"));
        TrainConfig training = TrainConfig.defaults("unet", store.plan(), Device.cpu())
                .withSteps(STEPS)
                .withThreads(1)
                .withPrecision(Precision.FP32)
                .withAugmentation(Augmentation.none())
                .withLearningRate(0.02)
                .withValidation(new Validation(20, 1, false))
                .withCheckpointEvery(10);
        BenchmarkConfig config = BenchmarkConfig.of(List.of("unet", "resunet"), "fold 0", training);
        Benchmark benchmark =
                new Benchmark(config, store, dataset, Worlds.SPLIT, folder.resolve("out"), Device.cpu(), "again");

        AtomicInteger steps = new AtomicInteger();
        AtomicInteger predicted = new AtomicInteger();
        BenchmarkListener listener = new BenchmarkListener() {
            @Override
            public TrainListener training(Run run) {
                return new TrainListener() {
                    @Override
                    public void step(StepEvent step) {
                        steps.incrementAndGet();
                    }
                };
            }

            @Override
            public void predicted(Run run, int done, int total) {
                predicted.incrementAndGet();
            }
        };
        Optional<BenchmarkResult> stopped = benchmark.run(listener, () -> steps.get() >= STEPS + 15);
        assertThat(stopped).isEmpty();
        assertThat(folder.resolve("out/scores/unet-seed1.json")).exists();
        assertThat(folder.resolve("out/scores/resunet-seed1.json")).doesNotExist();

        Optional<BenchmarkResult> stoppedWhileScoring = benchmark.run(listener, () -> predicted.get() == 3);
        assertThat(stoppedWhileScoring).isEmpty();
        assertThat(predicted.get()).isEqualTo(3);

        BenchmarkResult result = benchmark.run(listener, () -> false).orElseThrow();
        assertThat(folder.resolve("out/scores/resunet-seed1")).doesNotExist();
        assertThat(steps.get()).as("no step twice").isEqualTo(2 * STEPS);
        assertThat(predicted.get()).as("no case twice").isEqualTo(4);
        assertThat(result.networks()).allSatisfy(network -> {
            assertThat(network.cases()).extracting(CaseScore::caseId).containsExactly("ball_4", "ball_5");
            assertThat(network.mean().dice()).as(network.name()).isGreaterThan(0.5);
            assertThat(network.parameters()).isPositive();
            assertThat(network.multiplyAdds()).isPositive();
            assertThat(network.trainSeconds()).isPositive();
            assertThat(network.voxelsPerSecond()).isPositive();
            assertThat(network.predictSecondsPerCase()).isPositive();
            assertThat(network.waitShare()).isBetween(0.0, 1.0);
        });
        assertThat(Files.readString(folder.resolve("out/report.html")))
                .contains("<svg class=\"chart\"")
                .contains("Validation Dice by step")
                .contains("data:image/png;base64,");
        scoresAreThoseOfThePredictionsOnDisk(result);
    }

    private void scoresAreThoseOfThePredictionsOnDisk(BenchmarkResult result) throws Exception {
        SortedSet<Integer> ball = new TreeSet<>(List.of(1));
        assertThat(Evaluation.of(folder.resolve("out/predictions/resunet-seed1"), folder.resolve("Balls/labelsTr"))
                        .withClasses(ball)
                        .ofPredictedOnly()
                        .run(Progress.silent())
                        .cases())
                .isEqualTo(result.networks().get(1).cases());
    }

    @Test
    void twoProcessesTogetherScoreAsOneAlone() throws Exception {
        Dataset dataset = Worlds.dataset(folder.resolve("Balls"));
        Worlds.store(dataset, folder.resolve("prepared"));
        BenchmarkResult alone = BenchmarkProcess.benchmark(folder, folder.resolve("alone"))
                .run(BenchmarkListener.silent(), () -> false)
                .orElseThrow();
        Path out = folder.resolve("together");
        String[] arguments = {folder.toString(), out.toString()};
        List<String> means = alone.networks().stream()
                .map(network -> network.name() + " " + network.mean().dice())
                .toList();
        try (RankProcesses ranks =
                RankProcesses.start(BenchmarkProcess.class, List.of(0, 1), 2, RankProcesses.PATIENT, arguments)) {
            for (int rank = 0; rank < 2; rank++) {
                List<String> expected = new ArrayList<>(List.of("unet-seed1 predicted", "resunet-seed1 predicted"));
                expected.addAll(means);
                assertThat(ranks.rest(rank))
                        .as("rank %d predicts one of two cases", rank)
                        .isEqualTo(expected);
            }
        }
        BenchmarkResult together = BenchmarkResult.read(new BenchmarkFolder(out).results());
        assertThat(together.networks())
                .extracting(NetworkResult::cases)
                .isEqualTo(alone.networks().stream().map(NetworkResult::cases).toList());
        assertThat(together.networks()).allMatch(network -> network.mean().dice() > 0.3);
    }

    @Test
    void splitOfAnotherDatasetIsRejected() throws Exception {
        Dataset dataset = Worlds.dataset(folder.resolve("Balls"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TrainedRun.labelled(dataset, "ct_1"))
                .withMessageContaining("'ct_1'")
                .withMessageContaining("Balls");
    }
}
