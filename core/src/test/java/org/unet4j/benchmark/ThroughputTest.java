package org.unet4j.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.augment.Augmentation;
import org.unet4j.io.Dataset;
import org.unet4j.model.Layout;
import org.unet4j.prep.Plan;
import org.unet4j.prep.Store;
import org.unet4j.report.Repetition;
import org.unet4j.report.ThroughputResult;
import org.unet4j.report.ThroughputRow;
import org.unet4j.torch.Device;
import org.unet4j.torch.Precision;
import org.unet4j.train.TrainConfig;
import org.unet4j.volume.Spacing;

class ThroughputTest {
    private static final List<DataPath> BOTH = List.of(DataPath.OFFLINE, DataPath.NAIVE);

    @TempDir
    static Path data;

    @TempDir
    Path folder;

    private static Dataset dataset;
    private static Store store;

    @BeforeAll
    static void prepare() throws IOException {
        dataset = Worlds.dataset(data.resolve("Balls"));
        store = Worlds.store(dataset, data.resolve("prepared"));
    }

    @Test
    void bothPathsAreMeasuredInProcessesOfTheirOwn() throws IOException {
        ThroughputConfig config = new ThroughputConfig(variants(List.of("unet"), Precision.FP32), 1, 2, 1);
        ThroughputResult result =
                throughput(config).run(ThroughputListener.silent(), () -> false).orElseThrow();
        assertThat(result.cases()).isEqualTo(6);
        assertThat(result.provenance()).containsKeys("commit", "processor", "threads");
        assertThat(result.rows()).extracting(ThroughputRow::path).containsExactly("offline", "naive");
        for (ThroughputRow row : result.rows()) {
            assertThat(row.failures()).isEmpty();
            assertThat(row.repetitions()).hasSize(1);
            assertThat(row.repetitions().get(0).stepSeconds()).hasSize(2);
            ThroughputRow.Figures figures = row.figures().orElseThrow();
            assertThat(figures.waitShare()).isBetween(0.0, 1.0);
            assertThat(figures.utilization().orElseThrow()).isPositive();
        }
        assertThat(result.rows().get(0).toNaive()).isPresent();
        assertThat(result.rows().get(1).figures().orElseThrow().waitShare()).isPositive();
        ThroughputFolder out = new ThroughputFolder(folder);
        assertThat(ThroughputResult.read(out.result())).isEqualTo(result);
        assertThat(out.table()).isNotEmptyFile();
        assertThat(Plan.read(out.plan())).isEqualTo(store.plan());
        assertThat(folder.resolve("trial")).doesNotExist();
    }

    @Test
    void roundsRunAllWaysInTurn() throws IOException {
        List<String> order = new ArrayList<>();
        ThroughputConfig config = new ThroughputConfig(variants(List.of("unet", "resunet"), Precision.BF16), 1, 1, 2);
        ThroughputResult result = throughput(config)
                .run(ThroughputListener.silent(), trial -> {
                    order.add(trial.config().model() + " " + trial.path());
                    return outcome(order.size());
                })
                .orElseThrow();
        assertThat(order)
                .containsExactly(
                        "unet OFFLINE",
                        "unet NAIVE",
                        "resunet OFFLINE",
                        "resunet NAIVE",
                        "unet OFFLINE",
                        "unet NAIVE",
                        "resunet OFFLINE",
                        "resunet NAIVE");
        assertThat(result.rows().get(1).repetitions())
                .extracting(Repetition::stepSeconds)
                .containsExactly(List.of(2.0), List.of(6.0));
    }

    @Test
    void oneFailureLeavesTheOtherRows() throws IOException {
        ThroughputConfig config = new ThroughputConfig(variants(List.of("unet", "resunet"), Precision.FP32), 1, 1, 2);
        ThroughputResult result = throughput(config)
                .run(ThroughputListener.silent(), trial -> {
                    if (trial.config().model().equals("unet")) {
                        throw new TrialProcess.FailedException("out of memory");
                    }
                    return outcome(1);
                })
                .orElseThrow();
        assertThat(result.rows().get(0).figures()).isEmpty();
        assertThat(result.rows().get(0).failures()).containsExactly("out of memory", "out of memory");
        assertThat(result.rows().get(2).figures()).isPresent();
    }

    @Test
    void whereNothingComesToItsEndTheReasonIsTold() {
        ThroughputConfig config = new ThroughputConfig(variants(List.of("unet"), Precision.FP32), 1, 1, 1);
        assertThatThrownBy(() -> throughput(config).run(ThroughputListener.silent(), trial -> {
                    throw new TrialProcess.FailedException("no card");
                }))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no card");
        assertThat(new ThroughputFolder(folder).result()).doesNotExist();
    }

    @Test
    void aStopLeavesNoResult() throws IOException {
        ThroughputConfig config = new ThroughputConfig(variants(List.of("unet"), Precision.FP32), 1, 1, 1);
        assertThat(throughput(config).run(ThroughputListener.silent(), () -> true))
                .isEmpty();
        assertThat(new ThroughputFolder(folder).result()).doesNotExist();
    }

    @Test
    void earlierResultsAreNotOverwritten() throws IOException {
        Files.writeString(new ThroughputFolder(folder).result(), "{}");
        AtomicInteger runs = new AtomicInteger();
        ThroughputConfig config = new ThroughputConfig(variants(List.of("unet"), Precision.FP32), 1, 1, 1);
        assertThatThrownBy(() -> throughput(config).run(ThroughputListener.silent(), trial -> {
                    runs.incrementAndGet();
                    return outcome(1);
                }))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("never overwritten");
        assertThat(runs).hasValue(0);
    }

    @Test
    void countsBelowOneAndNoVariantsAreRefused() {
        List<Variant> some = variants(List.of("unet"), Precision.FP32);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ThroughputConfig(List.of(), 1, 1, 1))
                .withMessageContaining("nothing to measure");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ThroughputConfig(some, 0, 1, 1))
                .withMessage("warmup 0 must be at least 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ThroughputConfig(List.of(some.get(0), some.get(0)), 1, 1, 1))
                .withMessageContaining("twice");
    }

    @Test
    void theReasonOfAFailureIsWhatWasThrownElseTheLastLine() {
        assertThat(TrialProcess.reason(
                        1, List.of("a", "Exception in thread \"main\" java.io.IOException: full", "\tat b")))
                .isEqualTo("java.io.IOException: full");
        assertThat(TrialProcess.reason(134, List.of("a", "terminate called")))
                .isEqualTo("the process ended with 134: terminate called");
        assertThat(TrialProcess.reason(137, List.of())).contains("want of memory");
    }

    @Test
    void percentagesOfACardAreAveragedAndOtherWordsSkipped() {
        assertThat(CardUse.mean(List.of("50", " 100 ", "[N/A]")).orElseThrow()).isEqualTo(0.75);
        assertThat(CardUse.mean(List.of("[N/A]"))).isEmpty();
    }

    @Test
    void aStoreTakesAnotherPatchButNoOtherPreparation() {
        Plan plan = store.plan();
        assertThat(store.withPlan(plan.withBatch(5)).plan().batch()).isEqualTo(5);
        Plan other = new Plan(
                plan.dataset(),
                plan.channels(),
                plan.classes(),
                plan.crop(),
                new Spacing(9, 9, 9),
                plan.resampling(),
                plan.medianShape(),
                plan.budget(),
                plan.patch(),
                plan.batch(),
                plan.topology());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> store.withPlan(other))
                .withMessageContaining("prepare the cases");
    }

    private Throughput throughput(ThroughputConfig config) {
        return new Throughput(config, store, dataset, folder, Device.cpu(), "again");
    }

    private static List<Variant> variants(List<String> networks, Precision precision) {
        TrainConfig base = TrainConfig.defaults("unet", store.plan(), Device.cpu())
                .withThreads(1)
                .withAugmentation(Augmentation.none());
        return Variant.of(networks, List.of(precision), List.of(Layout.AUTO), BOTH, base);
    }

    private static Optional<Trial.Outcome> outcome(double seconds) {
        Repetition repetition =
                new Repetition(List.of(seconds), 0, OptionalLong.empty(), OptionalLong.empty(), OptionalDouble.empty());
        return Optional.of(new Trial.Outcome(repetition, Worlds.PROVENANCE));
    }
}
