package org.unet4j.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.prep.Store;
import org.unet4j.torch.Device;
import org.unet4j.track.Metric;
import org.unet4j.track.MlflowServer;
import org.unet4j.track.TrackingServer;

/** Trainings that MLflow is told of. */
class TrackingTest {

    @TempDir
    static Path shared;

    @TempDir
    Path folder;

    private static Store store;
    private static Path untracked;

    private final List<String> notes = new ArrayList<>();
    private TrackingServer server;

    @BeforeAll
    static void train() throws IOException {
        store = TinyData.store(shared);
        untracked = shared.resolve("untracked");
        TinyRuns.train(config(6), store, untracked, TrainListener.silent());
    }

    @BeforeEach
    void startServer() throws IOException {
        server = new TrackingServer();
    }

    @AfterEach
    void everyRequestWasAsTheInterfaceSays() {
        server.close();
        assertThat(server.violations()).isEmpty();
    }

    private static TrainConfig config(int steps) {
        return TinyData.config(steps).withValidateEvery(3);
    }

    private Tracking tracking() {
        MlflowServer told = MlflowServer.of(server.address(), Map.of("MLFLOW_TRACKING_TOKEN", "secret"));
        return new Tracking(told, "tiny", folder, notes::add);
    }

    @Test
    void theServerHasTheCurvesAndTheRunItsBits() throws IOException {
        Path run = folder.resolve("fold-0/unet");
        try (Tracking tracking = tracking()) {
            TinyRuns.train(config(6), store, run, tracking);
        }
        TinyRuns.assertEqual(untracked, run);
        TrackingServer.Run told = theRun();
        Metrics metrics = new RunFolder(run).readMetrics();
        assertThat(values(told, "loss"))
                .isEqualTo(metrics.steps().stream().map(Metrics.Step::loss).toList());
        assertThat(values(told, "learningRate"))
                .isEqualTo(
                        metrics.steps().stream().map(Metrics.Step::learningRate).toList());
        assertThat(values(told, "dice/mean"))
                .isEqualTo(metrics.validations().stream()
                        .map(Metrics.Validation::meanDice)
                        .toList());
        assertThat(told.steps("dice/2")).containsExactly(3L, 6L);
        assertThat(told.status).isEqualTo("FINISHED");
        assertThat(told.name).isEqualTo("fold-0/unet");
        assertThat(told.parameters)
                .containsEntry("model", "unet")
                .containsEntry("steps", "6")
                .containsEntry("numerics.precision", "fp32")
                .containsEntry("plan.dataset", "Tiny")
                .containsEntry("split.training", "4");
        assertThat(told.tags).containsEntry("mlflow.source.name", "unet4j").containsEntry("unet4j.steps", "6");
        assertThat(server.authorizations()).containsOnly("Bearer secret");
        assertThat(notes).isEmpty();
    }

    @Test
    void aRunThatIsStoppedGoesOnAndIsExtendedAtTheServerToo() throws IOException {
        Path run = folder.resolve("unet");
        TinyRuns.StopAt stop = new TinyRuns.StopAt(2);
        try (Tracking tracking = tracking()) {
            TrainListener both = new Listeners(List.of(stop, tracking));
            Trainer.train(TrainRequest.of(config(4), store, TinyData.split(), run, Device.cpu(), both, stop));
        }
        assertThat(theRun().status).isEqualTo("KILLED");
        for (int steps : new int[] {4, 7}) {
            try (Tracking tracking = tracking()) {
                TinyRuns.resume(config(steps), store, run, tracking);
            }
            assertThat(theRun().status).isEqualTo("FINISHED");
            assertThat(theRun().steps("loss"))
                    .isEqualTo(LongStream.rangeClosed(1, steps).boxed().toList());
            assertThat(theRun().tags).containsEntry("unet4j.steps", "" + steps);
        }
        assertThat(theRun().parameters).as("what it began with").containsEntry("steps", "4");
        assertThat(notes).isEmpty();
    }

    @Test
    void whatAServerMissedItGetsWhenTheEndedRunIsResumed() throws IOException {
        int port = server.stop();
        Path run = folder.resolve("unet");
        MlflowServer away = MlflowServer.of("http://127.0.0.1:" + port, Map.of());
        try (Tracking tracking = new Tracking(away, "tiny", folder, notes::add)) {
            TinyRuns.train(config(6), store, run, tracking);
        }
        TinyRuns.assertEqual(untracked, run);
        assertThat(notes).hasSize(2);
        assertThat(notes.get(0)).contains("cannot be reached").contains("the run goes on");
        assertThat(notes.get(1)).contains("up to step 0 only");
        server.restart(port);
        try (Tracking tracking = new Tracking(away, "tiny", folder, notes::add)) {
            TinyRuns.resume(config(6), store, run, tracking);
        }
        assertThat(theRun().steps("loss"))
                .isEqualTo(LongStream.rangeClosed(1, 6).boxed().toList());
        assertThat(theRun().status).isEqualTo("FINISHED");
        assertThat(notes).hasSize(2);
    }

    @Test
    void aRunThatCannotBeDescribedGoesOn() throws IOException {
        Path run = folder.resolve("unet");
        try (Tracking tracking = new Tracking(MlflowServer.of(server.address(), Map.of()), " ", folder, notes::add)) {
            TinyRuns.train(config(6), store, run, tracking);
        }
        TinyRuns.assertEqual(untracked, run);
        assertThat(server.calls()).isEmpty();
        assertThat(notes).isNotEmpty();
        assertThat(notes.get(0))
                .contains("cannot be described, and goes on without it: experiment and run need a name");
    }

    @Test
    void aRunThatThrowsHasFailed() throws IOException {
        Path run = folder.resolve("unet");
        TrainListener breaking = new TrainListener() {
            @Override
            public void step(StepEvent step) {
                throw new IllegalStateException("on purpose");
            }
        };
        try (Tracking tracking = tracking()) {
            TinyRuns.train(config(6), store, run, new Listeners(List.of(tracking, breaking)));
        } catch (IllegalStateException expected) {
            assertThat(expected).hasMessage("on purpose");
        }
        assertThat(theRun().status).isEqualTo("FAILED");
    }

    private TrackingServer.Run theRun() {
        assertThat(server.runs()).hasSize(1);
        return server.runs().get(0);
    }

    private static List<Double> values(TrackingServer.Run run, String key) {
        return run.metrics.get(key).stream().map(Metric::value).toList();
    }
}
