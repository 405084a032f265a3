package org.unet4j.prep;

import org.unet4j.volume.LabelArray;
import org.unet4j.volume.Labels;
import org.unet4j.volume.LinearSlices;
import org.unet4j.volume.Shape;

/**
 * The way of logits back to the scan's own grid: each class is interpolated linearly and the largest wins, which keeps borders
 * that labels on the prepared grid have lost. Where classes tie, the lowest number wins. Slices come one by one, so that no
 * volume of logits is ever in memory.
 */
public final class LogitsUndo {

    private final Recipe recipe;
    private final LabelArray best;
    private final LinearSlices slices;
    private int missing;

    LogitsUndo(Recipe recipe, int classes) {
        Shape target = recipe.cropped().shape();
        this.recipe = recipe;
        this.best = LabelArray.background(target.arrayLength(), classes);
        this.missing = recipe.shape().z();
        this.slices =
                new LinearSlices(classes, recipe.shape(), target, (z, logits) -> choose(z, logits, classes, target));
    }

    private void choose(int z, float[] logits, int classes, Shape target) {
        int plane = target.y() * target.x();
        int first = z * plane;
        for (int i = 0; i < plane; i++) {
            float most = logits[i];
            int winner = 0;
            for (int cls = 1; cls < classes; cls++) {
                float here = logits[cls * plane + i];
                if (here > most) {
                    most = here;
                    winner = cls;
                }
            }
            best.set(first + i, winner);
        }
    }

    /**
     * Takes the next slice of the prepared grid, from the first on.
     *
     * @param logitsCHW class after class, each in y, x order
     */
    public void add(float[] logitsCHW) {
        slices.add(logitsCHW);
        missing--;
    }

    /**
     * Returns the class of every voxel on the scan's own grid; what was cropped away is background.
     *
     * @throws IllegalStateException if slices are missing
     */
    public Labels labels() {
        if (missing != 0) {
            throw new IllegalStateException(missing + " slices of " + recipe.shape() + " were not given");
        }
        return recipe.restore(best);
    }
}
