package org.unet4j.augment;

import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Tensor;

/**
 * A transform that moves voxels, the image's and the labels' alike.
 *
 * @param <D> what it draws
 */
public sealed interface SpatialTransform<D extends Draw> permits Rotation, Scaling, Elastic, Mirroring {

    /** Returns what to do to one sample. */
    D sample(RandomGenerator random);

    /** Returns the image moved as {@code draw} says, interpolated linearly; 0 where nothing was. */
    Tensor apply(D draw, Tensor imageCDHW);

    /** Returns the labels moved exactly as the image is, each voxel taking the nearest label; 0 where nothing was. */
    Tensor applyToLabels(D draw, Tensor labelsDHW);
}
