package org.unet4j.prep;

import java.util.Optional;
import org.unet4j.volume.Box;
import org.unet4j.volume.Grid;
import org.unet4j.volume.LabelArray;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Reorient;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Strides;

/**
 * What was done to the geometry of one scan, and how to undo it. In this order: crop, reorient to RAS, resample. Cropping
 * comes first because it commutes with reorientation and then only what is kept is moved.
 *
 * @param original the scan's own grid
 * @param crop what was kept, along the scan's own axes
 * @param shape the size of the prepared scan
 */
public record Recipe(Grid original, Box crop, Shape shape) {

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
     * spacing was changed, each class is interpolated linearly and the largest wins; of several, the lowest.
     *
     * @param classes one a voxel of {@link #shape()}, in z, y, x order
     */
    public Labels undo(LabelArray classes) {
        if (classes.length() != shape.voxels()) {
            throw new IllegalArgumentException(
                    "a prepared scan of " + shape + " has " + shape.voxels() + " voxels, given " + classes.length());
        }
        int count = 1;
        for (int i = 0; i < classes.length(); i++) {
            count = Math.max(count, classes.get(i) + 1);
        }
        LogitsUndo back = undoLogits(count);
        int plane = shape.y() * shape.x();
        for (int z = 0; z < shape.z(); z++) {
            float[][] masks = new float[count][plane];
            for (int i = 0; i < plane; i++) {
                masks[classes.get(z * plane + i)][i] = 1;
            }
            back.add(masks);
        }
        return back.labels();
    }

    /**
     * Returns what brings the logits of a prepared scan back, slice by slice.
     *
     * @param classes the number of classes, background included
     */
    public LogitsUndo undoLogits(int classes) {
        return new LogitsUndo(this, classes, Optional.empty());
    }

    /** Returns what brings logits back and also hands on how probable each class is: the softmax of logits interpolated there. */
    public LogitsUndo undoLogits(int classes, ProbabilitySlices probabilities) {
        return undo(ProbabilityPlane.Source.LOGITS, classes, probabilities);
    }

    /** Returns what brings probabilities back as {@link #undoLogits(int)} brings logits, and also hands them on. */
    public LogitsUndo undoProbabilities(int classes, ProbabilitySlices probabilities) {
        return undo(ProbabilityPlane.Source.PROBABILITIES, classes, probabilities);
    }

    private LogitsUndo undo(ProbabilityPlane.Source source, int classes, ProbabilitySlices probabilities) {
        Shape to = cropped().shape();
        return new LogitsUndo(
                this, classes, Optional.of(new ProbabilityPlane(source, probabilities, shape, to, classes)));
    }

    /** Returns where the voxels of {@link #cropped()} lie in the scan's own order. */
    public Strides places() {
        return reorientation().places(original.shape(), crop);
    }
}
