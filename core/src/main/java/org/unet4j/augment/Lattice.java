package org.unet4j.augment;

import org.unet4j.volume.Shape;

/**
 * Points of a coarse lattice over a patch, the patch's centre on one of them, and how far each moves. A uniform cubic B-spline
 * carries that over to the voxels in between.
 *
 * @param moved in voxels: z of all points in row-major order, then y, then x
 * @param axes the points along z, y and x
 */
@SuppressWarnings("ArrayRecordComponent") // package-private and short-lived
record Lattice(double[] moved, Axis... axes) {

    /** So many points along an axis move a voxel. */
    static final int SUPPORT = 4;

    /**
     * The points along one axis of the patch.
     *
     * @param points their number
     * @param first for each voxel, the first point that moves it
     * @param weights for each voxel, those of its {@link #SUPPORT} points
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Axis(int points, int[] first, double[] weights) {

        /** Returns the points for {@code size} voxels, {@code control} voxels apart. */
        static Axis over(int size, double control) {
            double half = (size - 1) / 2.0;
            int reach = Math.max(2, (int) Math.ceil(half / control) + 1);
            int points = 2 * reach + 1;
            int[] first = new int[size];
            double[] weights = new double[SUPPORT * size];
            for (int voxel = 0; voxel < size; voxel++) {
                double at = (voxel - half) / control + reach;
                // The last voxel may lie on a point: as the end of a cell it has the same weights as at the start of
                // the next.
                int cell = Math.min((int) at, points - SUPPORT + 1);
                double t = at - cell;
                first[voxel] = cell - 1;
                weights[SUPPORT * voxel] = (1 - t) * (1 - t) * (1 - t) / 6;
                weights[SUPPORT * voxel + 1] = (3 * t * t * t - 6 * t * t + 4) / 6;
                weights[SUPPORT * voxel + 2] = (-3 * t * t * t + 3 * t * t + 3 * t + 1) / 6;
                weights[SUPPORT * voxel + 3] = t * t * t / 6;
            }
            return new Axis(points, first, weights);
        }

        /** Returns the weight of each point (columns) at each voxel (rows). */
        double[][] matrix() {
            double[][] matrix = new double[first.length][points];
            for (int voxel = 0; voxel < matrix.length; voxel++) {
                System.arraycopy(weights, SUPPORT * voxel, matrix[voxel], first[voxel], SUPPORT);
            }
            return matrix;
        }
    }

    /** Returns how far {@code component} (0 is z) of any voxel may move either way: a B-spline lies between its points. */
    double farthest(int component) {
        int points = moved.length / Shape.AXES;
        double farthest = 0;
        for (int i = component * points; i < (component + 1) * points; i++) {
            farthest = Math.max(farthest, Math.abs(moved[i]));
        }
        return farthest;
    }
}
