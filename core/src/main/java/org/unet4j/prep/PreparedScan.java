package org.unet4j.prep;

import java.util.List;
import java.util.Optional;
import org.unet4j.volume.LabelArray;
import org.unet4j.volume.Shape;

/**
 * A scan as networks see it: reoriented to RAS, cropped, resampled and normalised.
 *
 * @param channels one array a channel, in z, y, x order; not copied, so whoever made them must not change them
 * @param shape their size
 * @param labels one class a voxel, where the scan came with labels
 * @param recipe how to undo it
 */
public record PreparedScan(List<float[]> channels, Shape shape, Optional<LabelArray> labels, Recipe recipe) {

    /** Checks that all arrays have the size of {@code shape}. */
    public PreparedScan {
        channels = List.copyOf(channels);
        for (float[] channel : channels) {
            requireLength(channel.length, shape);
        }
        labels.ifPresent(classes -> requireLength(classes.length(), shape));
    }

    private static void requireLength(int length, Shape shape) {
        if (length != shape.voxels()) {
            throw new IllegalArgumentException(
                    "a prepared scan of shape " + shape + " needs " + shape.voxels() + " voxels, given " + length);
        }
    }
}
