package org.unet4j.augment;

import org.bytedeco.pytorch.Tensor;
import org.unet4j.volume.Shape;

/**
 * Patches with their labels, on one device.
 *
 * @param imageNCDHW one or more samples of one or more channels, float32
 * @param targetNDHW the class of each voxel, any integer type
 */
public record Batch(Tensor imageNCDHW, Tensor targetNDHW) {

    public Batch {
        if (imageNCDHW.dim() != 5 || targetNDHW.dim() != 4) {
            throw new IllegalArgumentException("a batch needs an image of 5 axes and a target of 4, given "
                    + imageNCDHW.dim() + " and " + targetNDHW.dim());
        }
        boolean same = imageNCDHW.size(0) == targetNDHW.size(0);
        for (int axis = 0; axis < Shape.AXES; axis++) {
            same &= imageNCDHW.size(2 + axis) == targetNDHW.size(1 + axis);
        }
        if (!same) {
            throw new IllegalArgumentException("image " + imageNCDHW.size(0) + " x " + spatial(imageNCDHW, 2)
                    + " and target " + targetNDHW.size(0) + " x " + spatial(targetNDHW, 1)
                    + " must have the same samples and voxels");
        }
    }

    /** Returns the number of samples. */
    public int samples() {
        return Math.toIntExact(imageNCDHW.size(0));
    }

    /** Returns the number of channels. */
    public int channels() {
        return Math.toIntExact(imageNCDHW.size(1));
    }

    /** Returns the voxels of one sample. */
    public Shape shape() {
        return spatial(imageNCDHW, 2);
    }

    /** Returns the sizes of three axes, the first of them {@code axis}. */
    static Shape spatial(Tensor tensor, int axis) {
        return Shape.of(
                Math.toIntExact(tensor.size(axis)),
                Math.toIntExact(tensor.size(axis + 1)),
                Math.toIntExact(tensor.size(axis + 2)));
    }
}
