package org.unet4j.view;

import java.util.List;
import java.util.stream.Stream;
import org.unet4j.volume.Affine;
import org.unet4j.volume.Box;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Orientation;
import org.unet4j.volume.Reorient;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Strides;
import org.unet4j.volume.Volume;

/**
 * A scan and label maps over it, to be looked at in right, anterior, superior order: axes are swapped and reversed, no voxel is
 * computed. Of an oblique scan the planes are its own, each called after the patient's plane that is nearest, and places in mm are
 * true. Voxels of the scan stay in the file's order, for there are many and a page can walk through them in any.
 *
 * @param name what the scan is called
 * @param scan in the file's order
 * @param labels any number of label maps on the scan's grid, in RAS order
 */
public record Study(String name, Volume scan, List<LabelMap> labels) {

    /** Copies the list. */
    public Study {
        labels = List.copyOf(labels);
    }

    /** Returns the study of a scan and of label maps that lie on its grid, whatever their order. */
    public static Study of(String name, Volume scan, List<LabelMap> maps) {
        Reorient toRas = Reorient.toRas(scan.grid());
        return new Study(
                name, scan, maps.stream().map(map -> inOrder(map, toRas)).toList());
    }

    private static LabelMap inOrder(LabelMap map, Reorient toRas) {
        return new LabelMap(map.name(), toRas.apply(map.labels()), map.classNames());
    }

    /** Returns where the axes x, y, z of the scan's file run to. */
    public Orientation file() {
        return Orientation.of(scan.grid().affine());
    }

    /** Returns the grid in RAS order. */
    public Grid grid() {
        return Reorient.toRas(scan.grid()).grid();
    }

    /** Returns the scan in RAS order, in an array of its own where it is in another. */
    public Volume image() {
        return Reorient.toRas(scan.grid()).apply(scan);
    }

    /** Returns what a page has to know. */
    public Description describe() {
        return describe(Brightness.of(scan));
    }

    /** Returns what a page has to know, with the scan's own brightness. */
    Description describe(Brightness brightness) {
        Shape shape = grid().shape();
        var all = new Description.Part(
                List.of(shape.z(), shape.y(), shape.x()), List.of(0, 0, 0), List.of(1.0, 1.0, 1.0));
        Shape stored = scan.grid().shape();
        Strides places = Reorient.toRas(scan.grid()).places(stored, Box.all(stored));
        return describe(grid(), brightness.describe(VoxelBytes.of(scan), places), all);
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
                file().code(),
                List.of(file().x(), file().y(), file().z()),
                obliqueDegrees(affine),
                part,
                voxels,
                layers());
    }

    /** Returns what a page has to know of the label maps. */
    List<Description.LabelLayer> layers() {
        return labels.stream()
                .map(map -> new Description.LabelLayer(
                        map.name(), map.labels().type().label(), map.classes()))
                .toList();
    }

    /** Returns the greatest angle between an axis of the scan and the patient's axis that it is called after. */
    private static double obliqueDegrees(Affine affine) {
        double[][] rotation = affine.closestRotation();
        double least = Math.min(rotation[0][0], Math.min(rotation[1][1], rotation[2][2]));
        return Math.toDegrees(Math.acos(Math.min(1, least)));
    }
}
