package org.unet4j.export;

import java.util.List;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Tensor;
import org.unet4j.model.ModelSpec;
import org.unet4j.torch.Seeds;
import org.unet4j.torch.Tensors;
import org.unet4j.volume.Shape;

/** The images on which an exported network is compared: noise, as prepared images have it, in several sizes. */
final class Trials {

    private static final long SEED = 1;

    private Trials() {}

    /**
     * Returns three images, of {@code patch}, of about half its size and of one step more along x, and two in one batch. They belong
     * to the open scope.
     */
    static List<Tensor> images(ModelSpec spec, Shape patch) {
        Shape divisor = spec.topology().divisor();
        Shape wider = patch.with(2, patch.x() + divisor.x());
        Shape smaller = patch;
        for (int axis = 0; axis < Shape.AXES; axis++) {
            int step = divisor.get(axis);
            smaller = smaller.with(axis, Math.max(1, (patch.get(axis) / 2 + step - 1) / step) * step);
        }
        RandomGenerator random = Seeds.random(SEED, 0);
        return List.of(
                image(spec, 1, patch, random),
                image(spec, 1, smaller, random),
                image(spec, 1, wider, random),
                image(spec, 2, smaller, random));
    }

    private static Tensor image(ModelSpec spec, int samples, Shape shape, RandomGenerator random) {
        float[] values = new float[samples * spec.channels() * shape.arrayLength()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Tensors.of(values, samples, spec.channels(), shape.z(), shape.y(), shape.x());
    }
}
