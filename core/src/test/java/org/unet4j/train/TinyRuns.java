package org.unet4j.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.unet4j.prep.Store;
import org.unet4j.torch.Device;

/** Runs on {@link TinyData}, and how they are compared. */
final class TinyRuns {

    private TinyRuns() {}

    static TrainResult train(TrainConfig config, Store store, Path folder, TrainListener listener) throws IOException {
        return Trainer.train(
                TrainRequest.of(config, store, TinyData.split(), folder, Device.cpu(), listener, () -> false));
    }

    static TrainResult train(TrainConfig config, Store store, Path folder, TrainListener listener, Path init)
            throws IOException {
        return Trainer.train(
                TrainRequest.of(config, store, TinyData.split(), folder, Device.cpu(), listener, () -> false)
                        .withInit(init));
    }

    static TrainResult resume(TrainConfig config, Store store, Path folder, TrainListener listener) throws IOException {
        return Trainer.resume(
                TrainRequest.of(config, store, TinyData.split(), folder, Device.cpu(), listener, () -> false));
    }

    /** Trains until {@code steps} are done, and saves. */
    static void trainUntil(int steps, TrainConfig config, Store store, Path folder) throws IOException {
        StopAt stop = new StopAt(steps);
        Trainer.train(TrainRequest.of(config, store, TinyData.split(), folder, Device.cpu(), stop, stop));
    }

    /** Asserts equal weights, equal curves but for times, equal validations. */
    static void assertEqual(Path one, Path other) throws IOException {
        RunFolder a = new RunFolder(one);
        RunFolder b = new RunFolder(other);
        assertThat(b.last()).hasSameBinaryContentAs(a.last());
        assertThat(b.best()).hasSameBinaryContentAs(a.best());
        assertThat(curve(b)).isEqualTo(curve(a));
        assertThat(b.readMetrics().validations()).isEqualTo(a.readMetrics().validations());
    }

    private static List<List<Object>> curve(RunFolder run) throws IOException {
        return run.readMetrics().steps().stream()
                .map(step -> List.<Object>of(
                        step.step(),
                        step.epoch(),
                        step.loss(),
                        step.learningRate(),
                        step.gradientNorm(),
                        step.skipped()))
                .toList();
    }

    /** Says stop once a step is done. */
    static final class StopAt implements TrainListener, BooleanSupplier {
        private final int last;
        private boolean stop;

        StopAt(int last) {
            this.last = last;
        }

        @Override
        public void step(StepEvent step) {
            stop = step.step() >= last;
        }

        @Override
        public boolean getAsBoolean() {
            return stop;
        }
    }
}
