package org.unet4j.prep;

import org.unet4j.volume.Box;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Shape;

/**
 * What was done to the geometry of one scan, and how to undo it: reorient to RAS, crop, resample.
 *
 * @param original the scan's own grid
 * @param crop what was kept of the reoriented scan
 * @param shape the size of the prepared scan
 */
public record Recipe(Grid original, Box crop, Shape shape) {

    /**
     * Returns the classes, given on the prepared grid, on the scan's own grid; what was cropped away is background.
     *
     * @param classes one byte a voxel of {@link #shape()}
     */
    public Labels undo(byte[] classes) {
        throw new UnsupportedOperationException();
    }
}
