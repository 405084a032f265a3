package org.unet4j.io;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Scan;
import org.unet4j.volume.Volume;

/**
 * The files of one patient.
 *
 * @param id the identifier, unique in the dataset: the file's name without channel number and ending
 * @param images one file a channel, or one 4D file with all channels
 * @param labels the label map, if this case is labelled
 */
public record Case(String id, List<Path> images, Optional<Path> labels) {

    public Case {
        images = List.copyOf(images);
        if (images.isEmpty()) {
            throw new IllegalArgumentException("case '" + id + "' needs at least one image");
        }
    }

    /**
     * Returns the images, all channels in order.
     *
     * @throws IOException if a file cannot be read or the channels lie on different grids
     */
    public Scan readScan() throws IOException {
        List<Volume> channels = new ArrayList<>();
        for (Path image : images) {
            channels.addAll(Nifti.readChannels(image));
        }
        try {
            return new Scan(id, channels);
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /**
     * Returns the labels, which lie on {@code grid}, the grid of the scan, to within
     * {@link Scan#GRID_TOLERANCE_MM}; they take over that grid exactly.
     *
     * @throws IOException if there are none, they cannot be read, or they lie elsewhere
     */
    public Labels readLabels(Grid grid) throws IOException {
        Path file = labels.orElseThrow(() -> new IOException("case '" + id + "' has no labels"));
        Labels read = Nifti.readLabels(file);
        if (!read.grid().matches(grid, Scan.GRID_TOLERANCE_MM)) {
            throw new IOException("[" + file.getFileName() + "] " + mismatch(read.grid(), grid));
        }
        return new Labels(grid, read.classes());
    }

    /** Returns in words how the labels' grid differs from the image's. */
    static String mismatch(Grid labels, Grid image) {
        if (!labels.shape().equals(image.shape())) {
            return "labels of shape " + labels.shape() + " do not fit the image's " + image.shape()
                    + " (z, y, x); export them again on the image's grid";
        }
        return String.format(
                java.util.Locale.ROOT,
                "labels lie up to %.4g mm away from the image (tolerance %s mm); if their voxels correspond, copy the"
                        + " image's affine into the labels, else resample them to the image's grid",
                farthestCornerMm(labels, image),
                Scan.GRID_TOLERANCE_MM);
    }

    private static double farthestCornerMm(Grid a, Grid b) {
        double farthest = 0;
        for (int corner = 0; corner < 8; corner++) {
            double x = (corner & 1) * (a.shape().x() - 1.0);
            double y = (corner >> 1 & 1) * (a.shape().y() - 1.0);
            double z = (corner >> 2) * (a.shape().z() - 1.0);
            double[] p = a.affine().apply(x, y, z);
            double[] q = b.affine().apply(x, y, z);
            farthest = Math.max(farthest, Math.hypot(Math.hypot(p[0] - q[0], p[1] - q[1]), p[2] - q[2]));
        }
        return farthest;
    }
}
