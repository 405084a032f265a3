package org.unet4j.augment;

import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Tensor;

/**
 * A transform that changes what voxels hold and moves none of them.
 *
 * @param <D> what it draws
 */
public sealed interface IntensityTransform<D extends Draw>
        permits Noise, Blur, Brightness, Contrast, LowResolution, Gamma {

    /** Returns what to do to one sample of {@code channels} channels. */
    D sample(RandomGenerator random, int channels);

    /** Returns the changed image, float32; the given tensor is left as it is. */
    Tensor apply(D draw, Tensor imageCDHW);
}
