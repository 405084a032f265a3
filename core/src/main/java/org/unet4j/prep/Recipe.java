package org.unet4j.prep;

import org.unet4j.volume.Box;
import org.unet4j.volume.Crop;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Order;
import org.unet4j.volume.Reorient;
import org.unet4j.volume.Resample;
import org.unet4j.volume.Shape;

/**
 * What was done to the geometry of one scan, and how to undo it. In this order: crop, reorient to RAS, resample. Cropping
 * comes first because it commutes with reorientation and then only what is kept is moved.
 *
 * @param original the scan's own grid
 * @param crop what was kept, along the scan's own axes
 * @param shape the size of the prepared scan
 */
public record Recipe(Grid original, Box crop, Shape shape) {

    /** Logits of one class at a time, so that all classes need not be in memory at once. */
    @FunctionalInterface
    public interface LogitSource {

        /** Returns the logits of class {@code cls}, one a voxel of {@link Recipe#shape()}. */
        float[] logits(int cls);
    }

    /** Checks that the crop lies inside the scan. */
    public Recipe {
        if (!crop.isInside(original.shape())) {
            throw new IllegalArgumentException("the crop " + crop + " reaches outside the scan of " + original.shape());
        }
    }

    /** Returns the grid of what was kept, in RAS order, before resampling. */
    public Grid cropped() {
        return reorientation().grid();
    }

    /** Returns the grid of the prepared scan: the same box in space as {@link #cropped()}, in its own number of voxels. */
    public Grid prepared() {
        return cropped().resized(shape);
    }

    /** Returns the change from the kept part in the scan's own axes to RAS. */
    Reorient reorientation() {
        return Reorient.toRas(original.crop(crop));
    }

    /**
     * Returns the classes, given on the prepared grid, on the scan's own grid; what was cropped away is background. Where the
     * spacing was changed, each class is interpolated linearly and the largest wins.
     *
     * @param classes one byte a voxel of {@link #shape()}, in z, y, x order
     */
    public Labels undo(byte[] classes) {
        return restore(
                Resample.labels(new Labels(prepared(), classes), cropped().shape()));
    }

    /**
     * Returns the class with the largest logit at each voxel of the scan's own grid; what was cropped away is background.
     * Logits are interpolated linearly before they are compared, which keeps borders that labels on the prepared grid have
     * lost. Where two classes tie, the lower number wins. One class is in memory at a time.
     *
     * @param classes the number of classes, background included
     */
    public Labels undo(LogitSource source, int classes) {
        Shape target = cropped().shape();
        byte[] best = new byte[target.arrayLength()];
        float[] most = null;
        for (int cls = 0; cls < classes; cls++) {
            float[] logits = source.logits(cls);
            if (logits.length != shape.voxels()) {
                throw new IllegalArgumentException("logits of class " + cls + " have " + logits.length
                        + " voxels; a prepared scan of " + shape + " has " + shape.voxels());
            }
            float[] here = Resample.image(logits, shape, target, Order.LINEAR);
            if (most == null) {
                most = here == logits ? here.clone() : here;
                continue;
            }
            for (int i = 0; i < best.length; i++) {
                if (here[i] > most[i]) {
                    most[i] = here[i];
                    best[i] = (byte) cls;
                }
            }
        }
        return restore(new Labels(cropped(), best));
    }

    private Labels restore(Labels reoriented) {
        return Crop.paste(reorientation().undo(new Labels(cropped(), reoriented.classes())), crop, original);
    }
}
