package org.unet4j.view;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.unet4j.io.Nifti;
import org.unet4j.volume.Affine;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Orientation;
import org.unet4j.volume.Reorient;
import org.unet4j.volume.Scan;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Volume;

/**
 * A scan and label maps over it, in right, anterior, superior order: axes are swapped and reversed, no voxel is computed. Of an
 * oblique scan the planes are its own, each called after the patient's plane that is nearest, and places in mm are true.
 *
 * @param name what the scan is called
 * @param file where the axes x, y, z of the scan's file run to
 * @param image the scan
 * @param labels any number of label maps on the scan's grid
 */
public record Study(String name, Orientation file, Volume image, List<LabelMap> labels) {

    /** Copies the list. */
    public Study {
        labels = List.copyOf(labels);
    }

    /** Returns the study of a scan and of label maps that lie on its grid, whatever their order. */
    public static Study of(String name, Volume scan, List<LabelMap> maps) {
        Reorient toRas = Reorient.toRas(scan.grid());
        return new Study(
                name,
                Orientation.of(scan.grid().affine()),
                toRas.apply(scan),
                maps.stream()
                        .map(map -> new LabelMap(map.name(), toRas.apply(map.labels()), map.classNames()))
                        .toList());
    }

    /**
     * Reads a scan and label maps, each in a thread of its own.
     *
     * @param volume of a 4D scan, counted from 0
     * @throws IOException if a file cannot be read, the scan has several volumes and none is named, or a label map lies on
     *     another grid than the scan
     */
    public static Study read(Path scan, OptionalInt volume, List<Path> labels) throws IOException {
        Reading<Volume> image = Reading.start(() -> scan(scan, volume));
        List<Reading<LabelMap>> pending =
                labels.stream().map(file -> Reading.start(() -> labels(file))).toList();
        List<LabelMap> maps = new ArrayList<>();
        for (int i = 0; i < labels.size(); i++) {
            LabelMap map = pending.get(i).await();
            requireGrid(labels.get(i), map.labels().grid(), image.await().grid());
            maps.add(map);
        }
        return of(scan.getFileName().toString(), image.await(), maps);
    }

    private static Volume scan(Path file, OptionalInt volume) throws IOException {
        return volume.isPresent() ? Nifti.read(file, volume.getAsInt()) : Nifti.read(file);
    }

    private static LabelMap labels(Path file) throws IOException {
        Labels labels = Nifti.readLabels(file);
        return new LabelMap(file.getFileName().toString(), labels, ClassNames.beside(file));
    }

    private static void requireGrid(Path file, Grid labels, Grid scan) throws IOException {
        if (!labels.shape().equals(scan.shape())) {
            throw new IOException("[" + file + "] has shape " + labels.shape() + " (z, y, x), the scan " + scan.shape()
                    + "; labels must be on the scan's own grid");
        }
        if (!labels.matches(scan, Scan.GRID_TOLERANCE_MM)) {
            throw new IOException(
                    "[" + file + "] lies elsewhere in space than the scan, corners "
                            + Math.round(labels.farthestCornerMm(scan) * 100) / 100.0
                            + " mm apart; `inspect LABELS --image SCAN --repair DIR` gives it the scan's place if that is sure");
        }
    }

    /** Returns what a page has to know. */
    public Description describe() {
        Shape shape = image.grid().shape();
        var all = new Description.Part(
                List.of(shape.z(), shape.y(), shape.x()), List.of(0, 0, 0), List.of(1.0, 1.0, 1.0));
        return describe(image.grid(), Brightness.of(image).describe(VoxelBytes.of(image)), all);
    }

    /** Returns what a page has to know that shows a part of it, on another grid. */
    Description describe(Grid grid, Description.Image voxels, Description.Part part) {
        Affine affine = grid.affine();
        var spacing = grid.spacing();
        var shape = grid.shape();
        return new Description(
                name,
                List.of(shape.z(), shape.y(), shape.x()),
                List.of(spacing.z(), spacing.y(), spacing.x()),
                Stream.of(affine.toArray())
                        .limit(3)
                        .flatMap(row -> Stream.of(row[0], row[1], row[2], row[3]))
                        .toList(),
                file.code(),
                List.of(file.x(), file.y(), file.z()),
                obliqueDegrees(affine),
                part,
                voxels,
                labels.stream()
                        .map(map -> new Description.LabelLayer(
                                map.name(), map.labels().type().label(), map.classes()))
                        .toList());
    }

    /** Returns the greatest angle between an axis of the scan and the patient's axis that it is called after. */
    private static double obliqueDegrees(Affine affine) {
        double[][] rotation = affine.closestRotation();
        double least = Math.min(rotation[0][0], Math.min(rotation[1][1], rotation[2][2]));
        return Math.toDegrees(Math.acos(Math.min(1, least)));
    }
}
