package org.unet4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.model.Safetensors;
import org.unet4j.prep.Store;
import org.unet4j.torch.Device;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;

/** Steps whose loss is not a number. */
class NotFiniteTest {

    @TempDir
    static Path data;

    private static Store store;

    @TempDir
    Path out;

    private final List<NotFiniteEvent> told = new ArrayList<>();
    private final TrainListener listener = new TrainListener() {
        @Override
        public void notFinite(NotFiniteEvent event) {
            told.add(event);
        }
    };

    @BeforeAll
    static void prepare() throws IOException {
        store = TinyData.store(data);
    }

    /** Returns a file with one weight, of the head, that is not a number: from it every loss is none. */
    private Path poison() throws IOException {
        Path file = out.resolve("poison.safetensors");
        try (Scope scope = new Scope()) {
            Tensor bias = Tensors.of(new float[] {0, Float.NaN, 0}, 3);
            Safetensors.write(file, new TreeMap<>(Map.of("head.bias", bias)), Map.of());
        }
        return file;
    }

    @Test
    void threeInARowEndTheRunAndEachIsSavedWithWhatTheNetworkSaw() throws IOException {
        RunFolder run = new RunFolder(out.resolve("run"));
        TrainConfig config = TinyData.config(9).withBatch(4).withAccumulation(2);
        assertThatThrownBy(() -> TinyRuns.train(config, store, run.path(), listener, poison()))
                .isInstanceOf(DivergedException.class)
                .hasMessageContaining("loss or gradient of the steps [1, 2, 3] were not finite (the last loss is NaN)")
                .hasMessageContaining("learningRate below 0.001")
                .hasMessageContaining("precision fp32")
                .hasMessageContaining("step-000001.json");
        assertThat(told).extracting(NotFiniteEvent::step).containsExactly(1, 2, 3);
        Job job = new Job(config, store, TinyData.split(), run, null, listener, () -> false);
        assertThat(told.get(0).cases())
                .containsExactly(
                        job.sampler().caseId(0),
                        job.sampler().caseId(1),
                        job.sampler().caseId(2),
                        job.sampler().caseId(3));
        assertThat(told.get(1).saved())
                .content()
                .contains("\"step\" : 2", "\"loss\" : \"NaN\"", "\"imageFinite\" : true", "step-000002.safetensors")
                .contains("\"augmentationSeed\" : " + job.sampler().augmentationSeed(7));
        try (Scope scope = new Scope()) {
            Map<String, Tensor> seen = Safetensors.read(run.notFinite().resolve("step-000002.safetensors"));
            assertThat(Tensors.shape(seen.get("image"))).containsExactly(4, 1, 16, 16, 16);
            assertThat(Tensors.shape(seen.get("target"))).containsExactly(4, 16, 16, 16);
        }
        List<Metrics.Step> steps = run.readMetrics().steps();
        assertThat(steps).hasSize(3).allMatch(Metrics.Step::skipped);
        assertThat(Checkpoint.read(run.checkpoint()).position().step()).isZero();
    }

    @Test
    void stepsBeforeAnInterruptionCount() throws IOException {
        RunFolder run = new RunFolder(out.resolve("run"));
        Path poison = poison();
        TrainConfig config = TinyData.config(9);
        TinyRuns.StopAt stop = new TinyRuns.StopAt(2);
        TrainResult first =
                Trainer.train(TrainRequest.of(config, store, TinyData.split(), run.path(), Device.cpu(), stop, stop)
                        .withInit(poison));
        assertThat(first.skippedSteps()).isEqualTo(2);
        assertThatThrownBy(() -> TinyRuns.resume(config, store, run.path(), listener))
                .isInstanceOf(DivergedException.class)
                .hasMessageContaining("[1, 2, 3]");
        assertThat(told).hasSize(1);
    }

    @Test
    void aGoodStepBetweenThemLetsTheRunGoOn() throws IOException {
        Job job = new Job(
                TinyData.config(9),
                store,
                TinyData.split(),
                new RunFolder(out.resolve("run")),
                Device.cpu(),
                listener,
                () -> false);
        NotFinite steps = new NotFinite(job);
        Learner.Outcome bad = new Learner.Outcome(List.of(Double.POSITIVE_INFINITY), Double.NaN, false);
        Learner.Outcome good = new Learner.Outcome(List.of(1.0), 1, false);
        Learner.Outcome gradient = new Learner.Outcome(List.of(1.0), Double.POSITIVE_INFINITY, false);
        for (Learner.Outcome outcome : List.of(bad, bad, good, gradient, bad, good)) {
            steps.add(told.size(), outcome);
        }
        assertThat(told).hasSize(4);
        steps.add(6, bad);
        steps.add(7, gradient);
        assertThatThrownBy(() -> steps.add(8, bad)).isInstanceOf(DivergedException.class);
    }
}
