package org.unet4j.prep;

import java.util.Objects;
import java.util.OptionalInt;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Order;
import org.unet4j.volume.Resample;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
import org.unet4j.volume.Voxels;

/**
 * How scans are brought to the plan's spacing. Labels are resampled class by class, linearly.
 *
 * @param image how images are interpolated
 * @param thickSliceRatio a scan, or the target, has thick slices when its largest spacing is more than this many times its
 *     smallest; then images and labels are interpolated within slices first, and through them by {@code throughPlane}
 * @param throughPlane the closest thick slice (nnU-Net's choice), or linear between two
 */
public record Resampling(Order image, double thickSliceRatio, Order throughPlane) {

    /** Checks that the values make sense. */
    public Resampling {
        Objects.requireNonNull(image, "resampling: image is missing; one of nearest, linear, cubic");
        Objects.requireNonNull(throughPlane, "resampling: throughPlane is missing; nearest or linear");
        if (throughPlane == Order.CUBIC) {
            throw new IllegalArgumentException(
                    "resampling: throughPlane cubic must be nearest or linear; a thickSliceRatio of .inf makes every axis cubic");
        }
        if (!(thickSliceRatio >= 1)) {
            throw new IllegalArgumentException(
                    "resampling: thickSliceRatio " + thickSliceRatio + " must be at least 1; nnU-Net uses 3");
        }
    }

    /** Returns nnU-Net's choice: third order, ratio 3, the closest of thick slices. */
    public static Resampling standard() {
        return new Resampling(Order.CUBIC, 3, Order.NEAREST);
    }

    float[] apply(Voxels voxels, Grid from, Shape to, Spacing target) {
        OptionalInt axis = Resample.throughPlane(from.spacing(), target, thickSliceRatio);
        return axis.isPresent()
                ? Resample.anisotropic(voxels, from.shape(), to, axis.getAsInt(), image, throughPlane)
                : Resample.image(voxels, from.shape(), to, image);
    }

    Labels apply(Labels labels, Shape to, Spacing target) {
        OptionalInt axis = Resample.throughPlane(labels.grid().spacing(), target, thickSliceRatio);
        return axis.isPresent()
                ? Resample.anisotropic(labels, to, axis.getAsInt(), throughPlane)
                : Resample.labels(labels, to);
    }
}
