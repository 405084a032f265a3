package org.unet4j.prep;

import java.util.Objects;
import java.util.OptionalInt;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Order;
import org.unet4j.volume.Resample;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;

/**
 * How images are brought to the plan's spacing. Labels are always resampled class by class, linearly.
 *
 * @param image how images are interpolated
 * @param thickSliceRatio a scan, or the target, has thick slices when its largest spacing is more than this many times its
 *     smallest; then images and labels are interpolated within slices, and through them the closest slice is taken
 */
public record Resampling(Order image, double thickSliceRatio) {

    /** Checks that the ratio makes sense. */
    public Resampling {
        Objects.requireNonNull(image, "resampling: image is missing; one of nearest, linear, cubic");
        if (!(thickSliceRatio >= 1)) {
            throw new IllegalArgumentException(
                    "resampling: thickSliceRatio " + thickSliceRatio + " must be at least 1; nnU-Net uses 3");
        }
    }

    /** Returns nnU-Net's choice: third order, ratio 3. */
    public static Resampling standard() {
        return new Resampling(Order.CUBIC, 3);
    }

    float[] apply(float[] voxels, Grid from, Shape to, Spacing target) {
        OptionalInt slices = Resample.throughPlane(from.spacing(), target, thickSliceRatio);
        return slices.isPresent() && image == Order.CUBIC
                ? Resample.anisotropic(voxels, from.shape(), to, slices.getAsInt())
                : Resample.image(voxels, from.shape(), to, image);
    }

    Labels apply(Labels labels, Shape to, Spacing target) {
        OptionalInt slices = Resample.throughPlane(labels.grid().spacing(), target, thickSliceRatio);
        return slices.isPresent() && image == Order.CUBIC
                ? Resample.anisotropic(labels, to, slices.getAsInt())
                : Resample.labels(labels, to);
    }
}
