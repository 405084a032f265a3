package org.unet4j.prep;

import java.util.List;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Voxels;

/**
 * A scan as networks see it, for prediction: where its spacing stays as it is, its own voxels, turned and normalised when they
 * are read, so that no copy of it is made; else floats at the plan's spacing.
 *
 * @param channels one a channel, in z, y, x order
 * @param shape their size
 * @param recipe how to undo what was done to the geometry
 */
public record PreparedView(List<Voxels> channels, Shape shape, Recipe recipe) {

    /** Copies the list. */
    public PreparedView {
        channels = List.copyOf(channels);
    }
}
