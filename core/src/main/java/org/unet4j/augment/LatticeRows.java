package org.unet4j.augment;

import java.util.Arrays;
import org.unet4j.volume.Shape;

/**
 * Follows a {@link Lattice} to the voxels of a patch, a row at a time. The spline is a product of one along each axis, so it is followed
 * along x first, while there are few points, then to a slice, and what is left for a row are sums of four rows.
 */
final class LatticeRows {

    private final Lattice lattice;

    /** By component and point along z, by point along y, by voxel along x. */
    private final double[][][] alongX;

    /** The slice at hand: by component, by point along y, by voxel along x. */
    private final double[][][] slice;

    LatticeRows(Lattice lattice) {
        this.lattice = lattice;
        Lattice.Axis[] axes = lattice.axes();
        double[][] weights = axes[2].matrix();
        alongX = new double[Shape.AXES * axes[0].points()][axes[1].points()][weights.length];
        slice = new double[Shape.AXES][axes[1].points()][weights.length];
        for (int row = 0; row < alongX.length * axes[1].points(); row++) {
            double[] voxels = alongX[row / axes[1].points()][row % axes[1].points()];
            for (int x = 0; x < voxels.length; x++) {
                for (int point = axes[2].first()[x]; point < axes[2].first()[x] + Lattice.SUPPORT; point++) {
                    voxels[x] += weights[x][point] * lattice.moved()[row * axes[2].points() + point];
                }
            }
        }
    }

    /** Goes to slice {@code z} of the patch. */
    void at(int z) {
        Lattice.Axis axis = lattice.axes()[0];
        for (int component = 0; component < Shape.AXES; component++) {
            int from = component * axis.points() + axis.first()[z];
            for (int y = 0; y < slice[component].length; y++) {
                Arrays.fill(slice[component][y], 0);
                add(
                        slice[component][y],
                        axis.weights(),
                        Lattice.SUPPORT * z,
                        alongX[from][y],
                        alongX[from + 1][y],
                        alongX[from + 2][y],
                        alongX[from + 3][y]);
            }
        }
    }

    /** Adds to {@code places} (z, y, x) how far each voxel of row {@code y} moves. */
    void addRow(int y, double[][] places) {
        Lattice.Axis axis = lattice.axes()[1];
        int from = axis.first()[y];
        for (int component = 0; component < Shape.AXES; component++) {
            double[][] rows = slice[component];
            add(
                    places[component],
                    axis.weights(),
                    Lattice.SUPPORT * y,
                    rows[from],
                    rows[from + 1],
                    rows[from + 2],
                    rows[from + 3]);
        }
    }

    private static void add(double[] to, double[] weights, int first, double[] a, double[] b, double[] c, double[] d) {
        double ofA = weights[first];
        double ofB = weights[first + 1];
        double ofC = weights[first + 2];
        double ofD = weights[first + 3];
        for (int i = 0; i < to.length; i++) {
            to[i] += ofA * a[i] + ofB * b[i] + ofC * c[i] + ofD * d[i];
        }
    }
}
