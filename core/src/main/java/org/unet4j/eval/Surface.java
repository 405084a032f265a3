package org.unet4j.eval;

import java.util.Arrays;
import org.unet4j.volume.Box;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Shape;

/**
 * The surface of one class: those corners of voxels that have both inside and outside around them.
 *
 * @param lattice the corners: one more along each axis than the box has voxels
 * @param points positions of corners on the surface, ascending
 * @param codes which of the eight voxels around each are inside, as {@link SurfaceElements} has it
 */
@SuppressWarnings("ArrayRecordComponent") // private to the package, made and read in one place
record Surface(Shape lattice, int[] points, byte[] codes) {

    private static final int FULL = 15;

    /** Returns the surface of class {@code cls}, which has no voxel outside {@code box}; beyond the image is outside. */
    static Surface of(Labels labels, int cls, Box box) {
        Shape inner = box.shape();
        Shape lattice = new Shape(inner.z() + 1, inner.y() + 1, inner.x() + 1);
        Builder builder = new Builder(lattice);
        byte[][] before = new byte[inner.y() + 2][inner.x() + 2];
        byte[][] now = new byte[inner.y() + 2][inner.x() + 2];
        for (int z = 0; z < lattice.z(); z++) {
            byte[][] reused = before;
            before = now;
            now = reused;
            fill(now, labels, cls, box, z);
            for (int y = 0; y < lattice.y(); y++) {
                builder.row(z, y, before[y], before[y + 1], now[y], now[y + 1]);
            }
        }
        return builder.build();
    }

    /** Sets the slice, which has a margin of one voxel, to 1 inside and 0 outside. */
    private static void fill(byte[][] slice, Labels labels, int cls, Box box, int z) {
        Shape shape = labels.grid().shape();
        for (int y = 0; y < box.shape().y(); y++) {
            byte[] row = slice[y + 1];
            if (z == box.shape().z()) {
                Arrays.fill(row, (byte) 0);
                continue;
            }
            int at = shape.index(box.z0() + z, box.y0() + y, box.x0());
            for (int x = 1; x < row.length - 1; x++, at++) {
                row[x] = (byte) (labels.get(at) == cls ? 1 : 0);
            }
        }
    }

    /** Returns whether there is no surface, for there is no voxel of the class. */
    boolean isEmpty() {
        return points.length == 0;
    }

    /** Collects points. */
    private static final class Builder {
        private final Shape lattice;
        private int[] points = new int[1024];
        private byte[] codes = new byte[1024];
        private int count;

        Builder(Shape lattice) {
            this.lattice = lattice;
        }

        void row(int z, int y, byte[] zBeforeYBefore, byte[] zBefore, byte[] yBefore, byte[] here) {
            int start = lattice.index(z, y, 0);
            int left = 0;
            for (int x = 0; x < lattice.x(); x++) {
                int right = zBeforeYBefore[x + 1] | (zBefore[x + 1] << 1) | (yBefore[x + 1] << 2) | (here[x + 1] << 3);
                int both = left | (right << 4);
                if (both != 0 && (left & right) != FULL) {
                    add(start + x, (byte) both);
                }
                left = right;
            }
        }

        private void add(int point, byte code) {
            if (count == points.length) {
                points = Arrays.copyOf(points, Math.multiplyExact(2, count));
                codes = Arrays.copyOf(codes, points.length);
            }
            points[count] = point;
            codes[count++] = code;
        }

        Surface build() {
            return new Surface(lattice, Arrays.copyOf(points, count), Arrays.copyOf(codes, count));
        }
    }
}
