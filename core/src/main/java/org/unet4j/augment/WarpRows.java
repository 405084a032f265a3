package org.unet4j.augment;

import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.unet4j.volume.Shape;

/**
 * Follows a {@link Warp} on the processor, by the calling thread: where a row of the patch lies in the source is computed once, and
 * sampled there is whatever is asked for. Equal to {@link WarpGrid} but for rounding, and several times as fast: no grid passes
 * through memory, and voxels whose eight neighbours all exist are not asked about each.
 */
final class WarpRows {

    /** For rounding: the bound on how far a voxel moves is a little larger than it is. */
    private static final double SLACK = 1 + 1e-9;

    private final Warp warp;
    private final double[][] fromCentre = new double[Shape.AXES][];
    private final double[] farthest = new double[Shape.AXES];
    private final double[][] places;

    private WarpRows(Warp warp) {
        this.warp = warp;
        for (int axis = 0; axis < Shape.AXES; axis++) {
            int component = axis;
            fromCentre[axis] = warp.fromCentre(axis);
            farthest[axis] = warp.bending()
                    .map(lattice -> SLACK * lattice.farthest(component))
                    .orElse(0.0);
        }
        places = new double[Shape.AXES][warp.patch().x()];
    }

    /**
     * Where the voxels of one row of the patch lie in the source.
     *
     * @param z in voxels from the first
     * @param y likewise
     * @param x likewise
     * @param from the first of the voxels whose eight neighbours all exist
     * @param to the one after the last of them; {@code from} where there is none
     */
    @SuppressWarnings("ArrayRecordComponent") // package-private and short-lived
    record Places(double[] z, double[] y, double[] x, int from, int to) {}

    /** Samples rows of the patch. */
    interface Sampler {
        /** Sets the voxels of the row that begins at {@code at}, every {@code step}-th voxel, which is 1 or -1. */
        void sample(Places places, int at, int step);
    }

    static Tensor image(Warp warp, Tensor imageCDHW) {
        LinearSampler linear = LinearSampler.of(warp, imageCDHW);
        new WarpRows(warp).sweep(linear);
        return linear.result();
    }

    static Tensor labels(Warp warp, Tensor labelsDHW) {
        NearestSampler nearest = NearestSampler.of(warp, labelsDHW);
        new WarpRows(warp).sweep(nearest);
        return nearest.result();
    }

    static Warp.Sample sample(Warp warp, Tensor imageCDHW, Tensor labelsDHW) {
        LinearSampler linear = LinearSampler.of(warp, imageCDHW);
        NearestSampler nearest = NearestSampler.of(warp, labelsDHW);
        new WarpRows(warp).sweep(linear, nearest);
        return new Warp.Sample(linear.result(), nearest.result());
    }

    private void sweep(Sampler... samplers) {
        Shape patch = warp.patch();
        Optional<LatticeRows> bending = warp.bending().map(LatticeRows::new);
        boolean flipped = warp.mirrored().contains(2);
        for (int z = 0; z < patch.z(); z++) {
            int slice = z;
            bending.ifPresent(rows -> rows.at(slice));
            for (int y = 0; y < patch.y(); y++) {
                int row = y;
                place(z, y);
                bending.ifPresent(rows -> rows.addRow(row, places));
                Places found = inside();
                int first = patch.index(mirrored(z, 0), mirrored(y, 1), flipped ? patch.x() - 1 : 0);
                for (Sampler sampler : samplers) {
                    sampler.sample(found, first, flipped ? -1 : 1);
                }
            }
        }
    }

    private int mirrored(int place, int axis) {
        return warp.mirrored().contains(axis) ? warp.patch().get(axis) - 1 - place : place;
    }

    /** Computes where the voxels of a row lie in the source before they are bent. */
    private void place(int z, int y) {
        double[] matrix = warp.matrix();
        double[] alongX = fromCentre[2];
        for (int row = 0; row < Shape.AXES; row++) {
            double start =
                    warp.centre(row) + matrix[3 * row] * fromCentre[0][z] + matrix[3 * row + 1] * fromCentre[1][y];
            double step = matrix[3 * row + 2];
            double[] of = places[row];
            for (int x = 0; x < of.length; x++) {
                of[x] = start + step * alongX[x];
            }
        }
    }

    /**
     * Finds the voxels that surely lie inside. Before it is bent a row is straight, so that what lies between two voxels that are
     * inside is inside; and bent by at most {@code farthest}, so is what lies between two that are inside by twice that.
     */
    private Places inside() {
        int from = 0;
        int to = places[0].length;
        while (from < to && !isInside(from)) {
            from++;
        }
        while (to > from && !isInside(to - 1)) {
            to--;
        }
        return new Places(places[0], places[1], places[2], from, to);
    }

    private boolean isInside(int voxel) {
        boolean inside = true;
        for (int axis = 0; axis < Shape.AXES; axis++) {
            double margin = 2 * farthest[axis];
            double last = warp.source().get(axis) - 1;
            inside &= places[axis][voxel] >= margin && places[axis][voxel] < last - margin;
        }
        return inside;
    }
}
