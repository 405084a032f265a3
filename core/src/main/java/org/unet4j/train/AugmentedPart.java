package org.unet4j.train;

import java.util.List;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.unet4j.augment.Batch;
import org.unet4j.model.BatchGradient;
import org.unet4j.torch.Device;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;

/**
 * The samples of a part of a batch, augmented on the device when they are asked for. A sample is the same alone and among the
 * others.
 */
record AugmentedPart(HostBatch host, Job job) implements BatchGradient.Source {

    @Override
    public int samples() {
        return host.samples();
    }

    @Override
    public Batch all() {
        return augmented(host.to(job.device()), host.seeds());
    }

    @Override
    public Batch one(int sample) {
        return augmented(host.to(job.device(), sample), host.seeds().subList(sample, sample + 1));
    }

    private Batch augmented(Batch cut, List<Long> seeds) {
        try (Scope scope = new Scope()) {
            Device device = job.device();
            Batch batch =
                    job.config().samples().augmentation().apply(cut, job.plan().patch(), seeds);
            ScalarType type = job.config().numerics().precision().parameterType();
            return new Batch(
                    scope.keep(Tensors.to(batch.imageNCDHW(), device, type)),
                    scope.keep(Tensors.to(batch.targetNDHW(), device, ScalarType.Long)));
        }
    }
}
