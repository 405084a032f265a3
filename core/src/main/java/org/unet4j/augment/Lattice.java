package org.unet4j.augment;

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

    /** Returns how the points move that are left when the spline is followed along the leading axis to {@code voxel}. */
    Lattice at(int voxel) {
        Axis leading = axes[0];
        Axis[] others = new Axis[axes.length - 1];
        System.arraycopy(axes, 1, others, 0, others.length);
        int few = 1;
        for (Axis axis : others) {
            few *= axis.points;
        }
        int components = moved.length / (leading.points * few);
        double[] left = new double[components * few];
        for (int component = 0; component < components; component++) {
            for (int k = 0; k < SUPPORT; k++) {
                double weight = leading.weights[SUPPORT * voxel + k];
                int from = (component * leading.points + leading.first[voxel] + k) * few;
                for (int i = 0; i < few; i++) {
                    left[component * few + i] += weight * moved[from + i];
                }
            }
        }
        return new Lattice(left, others);
    }

    /** Adds to {@code places} how far {@code component} (0 is z) of each voxel of a row moves; one axis is left. */
    void addRow(int component, double[] places) {
        Axis row = axes[0];
        int from = component * row.points;
        for (int voxel = 0; voxel < places.length; voxel++) {
            int point = from + row.first[voxel];
            int weight = SUPPORT * voxel;
            places[voxel] += row.weights[weight] * moved[point]
                    + row.weights[weight + 1] * moved[point + 1]
                    + row.weights[weight + 2] * moved[point + 2]
                    + row.weights[weight + 3] * moved[point + 3];
        }
    }
}
