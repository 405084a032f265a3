package org.unet4j.view;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.unet4j.volume.Box;
import org.unet4j.volume.Crop;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Order;
import org.unet4j.volume.Resample;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
import org.unet4j.volume.Volume;

/**
 * What a page shows of a study: the part about the labels, in 256 greys, of the scan's own voxels or of larger ones.
 *
 * @param whole the study
 * @param box which part of it is left
 * @param greys which values are which grey
 * @param image that part, in the scan's own values
 * @param maps that part of the label maps
 */
record EmbeddedStudy(Study whole, Box box, Greys greys, Volume image, List<LabelMap> maps) {

    /** What is left about all that is labelled. */
    static final double MARGIN_MM = 20;

    /** Nothing that is worth looking at shrinks to a tenth. */
    private static final double MOST_VOXELS_A_LETTER = 7.5;

    EmbeddedStudy {
        maps = List.copyOf(maps);
    }

    /** Returns the part about the labels, of the scan's own voxels. */
    static EmbeddedStudy of(Study whole) {
        Box box = box(whole);
        Volume scan = whole.image();
        Volume image = Crop.crop(scan, box);
        List<LabelMap> maps = new ArrayList<>();
        for (LabelMap map : whole.labels()) {
            maps.add(new LabelMap(map.name(), Crop.crop(map.labels(), box), map.classNames()));
        }
        return new EmbeddedStudy(whole, box, Greys.of(scan, image, maps), image, maps);
    }

    private static Box box(Study whole) {
        Grid grid = whole.grid();
        int[] from = grid.shape().toArray();
        int[] to = new int[Shape.AXES];
        for (LabelMap map : whole.labels()) {
            Optional<Box> labelled = ClassBoxes.of(map.labels()).all();
            for (int axis = 0; axis < Shape.AXES && labelled.isPresent(); axis++) {
                int margin = (int) Math.ceil(MARGIN_MM / grid.spacing().get(axis));
                int start = labelled.get().start(axis) - margin;
                int end = labelled.get().end(axis) + margin;
                from[axis] = Math.min(from[axis], Math.max(0, start));
                to[axis] = Math.max(to[axis], Math.min(grid.shape().get(axis), end));
            }
        }
        return to[0] == 0 ? Box.all(grid.shape()) : Box.between(from[0], from[1], from[2], to[0], to[1], to[2]);
    }

    /** Returns the share of its voxels that so many letters of base64 may hold; whether they do is known once they are packed. */
    double shareThatMayFit(long letters) {
        return Math.min(1, MOST_VOXELS_A_LETTER * letters / image.grid().shape().voxels());
    }

    /** Returns it with about this share of its voxels; those that are shortest along an axis grow first. */
    EmbeddedStudy coarser(double share) {
        if (share >= 1) {
            return this;
        }
        Shape from = image.grid().shape();
        Shape to = Coarser.shape(from, image.grid().spacing(), share);
        float[] values = Resample.image(image::copyTo, from, to, Order.LINEAR);
        List<LabelMap> coarse = new ArrayList<>();
        for (LabelMap map : maps) {
            coarse.add(new LabelMap(map.name(), Resample.labels(map.labels(), to), map.classNames()));
        }
        return new EmbeddedStudy(whole, box, greys, Volume.of(image.grid().resized(to), values), coarse);
    }

    /** Returns the voxels as greys. */
    Volume grey() {
        return greys.apply(image);
    }

    /** Returns what the page has to know. Volumes of classes are those of the whole. */
    Description describe() {
        Spacing here = image.grid().spacing();
        Spacing there = whole.grid().spacing();
        Shape all = whole.grid().shape();
        var part = new Description.Part(
                List.of(all.z(), all.y(), all.x()),
                List.of(box.z0(), box.y0(), box.x0()),
                List.of(here.z() / there.z(), here.y() / there.y(), here.x() / there.x()));
        return whole.describe(image.grid(), greys.describe(image.grid().shape()), part);
    }
}
