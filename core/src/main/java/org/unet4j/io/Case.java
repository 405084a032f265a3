package org.unet4j.io;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Orientation;
import org.unet4j.volume.Scan;
import org.unet4j.volume.Spacing;
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

    /** Returns its images and, if there are any, its labels. */
    List<Path> files() {
        List<Path> files = new ArrayList<>(images);
        labels.ifPresent(files::add);
        return files;
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
        return new Labels(grid, read.voxels());
    }

    /** Returns in words, with the numbers of both, how the labels' grid differs from the image's. */
    static String mismatch(Grid labels, Grid image) {
        String against = String.format(
                Locale.ROOT,
                "spacing %s against %s mm, axes to %s against %s, first voxel at %s against %s mm (x, y, z)",
                xyz(labels.spacing()),
                xyz(image.spacing()),
                Orientation.of(labels.affine()).code(),
                Orientation.of(image.affine()).code(),
                firstVoxel(labels),
                firstVoxel(image));
        if (!labels.shape().equals(image.shape())) {
            return String.format(
                    Locale.ROOT,
                    "labels of shape %s do not fit the image's %s (z, y, x): %s, corners up to %.4g mm apart; export them"
                            + " again on the image's grid",
                    labels.shape(),
                    image.shape(),
                    against,
                    labels.farthestCornerMm(image));
        }
        return String.format(
                Locale.ROOT,
                "labels lie up to %.4g mm away from the image (tolerance %s mm): %s; if their voxels correspond, give them"
                        + " the image's geometry with 'inspect --repair', else resample them to the image's grid",
                labels.farthestCornerMm(image),
                Scan.GRID_TOLERANCE_MM,
                against);
    }

    private static String xyz(Spacing mm) {
        return Digits.of(mm.x(), mm.y(), mm.z());
    }

    private static String firstVoxel(Grid grid) {
        return Digits.of(grid.affine().xt(), grid.affine().yt(), grid.affine().zt());
    }
}
