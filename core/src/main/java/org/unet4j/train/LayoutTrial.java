package org.unet4j.train;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.unet4j.augment.Batch;
import org.unet4j.loss.Ranks;
import org.unet4j.model.BatchGradient;
import org.unet4j.model.Layout;
import org.unet4j.model.Network;
import org.unet4j.torch.Gradients;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;
import org.unet4j.volume.Shape;

/** Finds the layout of a run that leaves it open. */
final class LayoutTrial {

    private static final int TIMED = 3;

    /** What the other layout must be faster by: below, the clock's noise decides, and a run is easier to repeat as usual. */
    private static final double GAIN = 0.95;

    private final Job job;

    private LayoutTrial(Job job) {
        this.job = job;
    }

    /**
     * Returns {@code job} with a layout in its configuration: its own, else the usual one where the run is to be deterministic,
     * else the faster one of a few gradients of an empty batch, which the listener hears.
     */
    static Job decide(Job job) {
        TrainConfig config = job.config();
        if (config.numerics().layout() != Layout.AUTO) {
            return job;
        }
        Layout usual = Layout.usual(job.device(), config.numerics().precision());
        Map<Layout, Double> seconds = new EnumMap<>(Layout.class);
        Layout chosen = usual;
        if (!config.numerics().deterministic()) {
            for (Layout layout : List.of(Layout.CONTIGUOUS, Layout.CHANNELS_LAST)) {
                seconds.put(layout, new LayoutTrial(job).secondsAPart(layout));
            }
            for (Layout layout : seconds.keySet()) {
                chosen = seconds.get(layout) < GAIN * seconds.get(chosen) ? layout : chosen;
            }
        }
        job.listener().layoutChosen(chosen, Collections.unmodifiableMap(seconds));
        return job.with(config.withNumerics(config.numerics().withLayout(chosen)));
    }

    private double secondsAPart(Layout layout) {
        TrainConfig config = job.config();
        Job inLayout = job.with(config.withNumerics(config.numerics().withLayout(layout)));
        try (Scope scope = new Scope();
                Network network = inLayout.network(0)) {
            Empty empty = new Empty(job.samplesAPart());
            List<Double> seconds = new ArrayList<>();
            try (BatchGradient gradient = new BatchGradient(
                    network,
                    job.device(),
                    config.numerics().precision(),
                    config.machine().recompute())) {
                for (int i = 0; i <= TIMED; i++) {
                    long start = System.nanoTime();
                    try (Scope part = new Scope()) {
                        gradient.add(empty, Objective.of(config, Ranks.alone()), loss -> loss)
                                .item_float(); // waits for the device
                    }
                    Gradients.drop(network.parameters());
                    seconds.add((System.nanoTime() - start) * 1e-9);
                }
            }
            return Collections.min(seconds);
        }
    }

    /** Samples of zeros. */
    private final class Empty implements BatchGradient.Source {
        private final int samples;

        Empty(int samples) {
            this.samples = samples;
        }

        @Override
        public int samples() {
            return samples;
        }

        @Override
        public Batch all() {
            return zeros(samples);
        }

        @Override
        public Batch one(int sample) {
            return zeros(1);
        }

        private Batch zeros(int count) {
            Shape patch = job.plan().patch();
            ScalarType type = job.config().numerics().precision().parameterType();
            long channels = job.plan().channels().size();
            return new Batch(
                    Tensors.zeros(new long[] {count, channels, patch.z(), patch.y(), patch.x()}, type, job.device()),
                    Tensors.zeros(new long[] {count, patch.z(), patch.y(), patch.x()}, ScalarType.Long, job.device()));
        }
    }
}
