package org.unet4j.prep;

import java.util.Optional;
import java.util.stream.IntStream;
import org.unet4j.volume.LabelArray;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Strides;

/**
 * The way of logits back to the scan's own grid: each class is interpolated linearly and the largest wins, which keeps borders
 * that labels on the prepared grid have lost. Where classes tie, the lowest number wins. Slices come one by one, so that no
 * volume of logits is ever in memory, and classes go straight to the place that they have in the scan.
 *
 * <p>Equal to interpolating every class everywhere, but for ties by rounding. A weighted mean keeps what is larger: where one class is the largest at all
 * eight voxels around a point, it is the largest there, and no logit needs to be interpolated. So it is but at borders.
 */
public final class LogitsUndo {

    private final Recipe recipe;
    private final Shape from;
    private final Shape to;
    private final Strides places;
    private final LabelArray classes;
    private final LinearAxis zAxis;
    private final LinearAxis yAxis;
    private final LinearAxis xAxis;
    private final Optional<ProbabilityPlane> probabilities;
    private LogitSlice before;
    private LogitSlice here;
    private int taken;
    private int given;

    LogitsUndo(Recipe recipe, int classes, Optional<ProbabilityPlane> probabilities) {
        this.recipe = recipe;
        this.probabilities = probabilities;
        from = recipe.shape();
        to = recipe.cropped().shape();
        places = recipe.places();
        this.classes = LabelArray.background(recipe.original().shape().arrayLength(), classes);
        zAxis = LinearAxis.of(from.z(), to.z());
        yAxis = LinearAxis.of(from.y(), to.y());
        xAxis = LinearAxis.of(from.x(), to.x());
        before = room(classes);
        here = room(classes);
    }

    private LogitSlice room(int classes) {
        return from.equals(to)
                ? LogitSlice.labelsOnly(classes, from.y(), from.x())
                : LogitSlice.empty(classes, from.y(), from.x());
    }

    /**
     * Takes the next slice of the prepared grid, from the first on, and copies what it needs of it.
     *
     * @param logits one array a class, in y, x order
     * @throws IllegalArgumentException if it has another size or holds what is not a number, or there are no slices left
     */
    public void add(float[][] logits) {
        if (taken == from.z()) {
            throw new IllegalArgumentException("all " + from.z() + " slices were given already");
        }
        if (from.equals(to)) {
            here.set(logits);
            int z = taken++;
            copy(here.labels(), z);
            probabilities.ifPresent(plane -> plane.slice(z, logits, logits, 0));
            return;
        }
        LogitSlice oldest = before;
        before = here;
        here = oldest;
        here.set(logits);
        while (given < to.z() && zAxis.last(given) <= taken) {
            LogitSlice low = zAxis.first(given) == taken ? here : before;
            int z = given;
            IntStream.range(0, to.y()).parallel().forEach(y -> row(low, z, y));
            probabilities.ifPresent(plane -> plane.slice(z, low.logits(), here.logits(), zAxis.weight(z)));
            given++;
        }
        taken++;
    }

    private void copy(LabelArray slice, int z) {
        for (int y = 0; y < to.y(); y++) {
            int at = places.row(z, y);
            for (int x = 0; x < to.x(); x++) {
                classes.set(at + x * places.x(), slice.get(y * to.x() + x));
            }
        }
    }

    private void row(LogitSlice low, int z, int y) {
        LogitRow row = new LogitRow(low, here, zAxis.weight(z), yAxis, y, from.x());
        if (row.isBackground()) { // as all voxels are that nobody sets
            return;
        }
        int at = places.row(z, y);
        for (int x = 0; x < to.x(); x++) {
            classes.set(at + x * places.x(), row.largest(xAxis.first(x), xAxis.last(x), xAxis.weight(x)));
        }
    }

    /**
     * Returns the class of every voxel on the scan's own grid; what was cropped away is background.
     *
     * @throws IllegalStateException if slices are missing
     */
    public Labels labels() {
        if (taken < from.z()) {
            throw new IllegalStateException((from.z() - taken) + " slices of " + from + " were not given");
        }
        return new Labels(recipe.original(), classes);
    }
}
