package org.unet4j.prep;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.unet4j.io.Case;
import org.unet4j.io.Dataset;
import org.unet4j.io.Nifti;
import org.unet4j.volume.Affine;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Volume;

/** Scans of a single row, drawn as one: a CT is air (.) and tissue (#), a label map background (.) and classes. */
final class RowWorld {

    static final short AIR = -1000;
    static final short TISSUE = 40;

    final List<Case> labelled = new ArrayList<>();
    final List<Case> unlabelled = new ArrayList<>();
    private final Path folder;

    RowWorld(Path folder) throws IOException {
        this.folder = folder;
        Files.writeString(folder.resolve(Dataset.DESCRIPTION), "{}");
    }

    /** Returns a row of voxels of 10 x 20 x 50 mm (x, y, z), which is cropped with one voxel around the body. */
    private static Grid row(int voxels, int xTowards) {
        return new Grid(new Shape(1, 1, voxels), new Affine(xTowards * 10, 0, 0, 0, 0, 20, 0, 0, 0, 0, 50, 0));
    }

    private Case scan(String id, Grid grid, String ct, Optional<Path> labels) throws IOException {
        short[] hu = new short[ct.length()];
        for (int x = 0; x < hu.length; x++) {
            hu[x] = ct.charAt(x) == '#' ? TISSUE : AIR;
        }
        Path file = folder.resolve("imagesTr").resolve(id + ".nii.gz");
        Nifti.write(file, Volume.of(grid, hu));
        return new Case(id, List.of(file), labels);
    }

    void labelled(String id, int xTowards, String ct, String classes) throws IOException {
        Grid grid = row(ct.length(), xTowards);
        Path file = folder.resolve("labelsTr").resolve(id + ".nii.gz");
        Nifti.write(file, new Labels(grid, bytes(classes)));
        labelled.add(scan(id, grid, ct, Optional.of(file)));
    }

    void unlabelled(String id, String ct) throws IOException {
        unlabelled.add(scan(id, row(ct.length(), 1), ct, Optional.empty()));
    }

    private static byte[] bytes(String classes) {
        byte[] values = new byte[classes.length()];
        for (int x = 0; x < values.length; x++) {
            values[x] = (byte) (classes.charAt(x) == '.' ? 0 : classes.charAt(x) - '0');
        }
        return values;
    }

    Dataset dataset() {
        return new Dataset(
                "row",
                folder,
                List.of("CT"),
                new TreeMap<>(Map.of(0, "background", 1, "bone", 2, "marrow")),
                labelled,
                unlabelled);
    }

    List<Case> all() {
        List<Case> all = new ArrayList<>(labelled);
        all.addAll(unlabelled);
        return all;
    }
}
