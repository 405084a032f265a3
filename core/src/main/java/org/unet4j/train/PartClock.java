package org.unet4j.train;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.unet4j.augment.Batch;
import org.unet4j.loss.Ranks;
import org.unet4j.model.BatchGradient;
import org.unet4j.model.Network;
import org.unet4j.torch.Gradients;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;
import org.unet4j.volume.Shape;

/** Measures what the gradient of a part of a batch takes, on samples of zeros, before a run begins. */
final class PartClock {

    private static final int TIMED = 3;

    private PartClock() {}

    /** Returns the seconds of the fastest of a few gradients with a new network, the first one not counted where others are faster. */
    static double seconds(Job job) {
        try (Scope scope = new Scope();
                Network network = job.network(0);
                BatchGradient gradient = new BatchGradient(
                        network,
                        job.device(),
                        job.config().numerics().precision(),
                        job.config().machine().recompute())) {
            Zeros zeros = new Zeros(job);
            List<Double> seconds = new ArrayList<>();
            for (int i = 0; i <= TIMED; i++) {
                long start = System.nanoTime();
                try (Scope part = new Scope()) {
                    gradient.add(zeros, Objective.of(job.config(), Ranks.alone()), loss -> loss)
                            .item_float(); // waits for the device
                }
                Gradients.drop(network.parameters());
                seconds.add((System.nanoTime() - start) * 1e-9);
            }
            return Collections.min(seconds);
        }
    }

    /** Samples of zeros. */
    private record Zeros(Job job) implements BatchGradient.Source {

        @Override
        public int samples() {
            return job.samplesAPart();
        }

        @Override
        public Batch all() {
            return zeros(samples());
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
