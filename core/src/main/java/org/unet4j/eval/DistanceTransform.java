package org.unet4j.eval;

import java.util.Arrays;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;

/**
 * The exact Euclidean distance from points of a lattice to the nearest point of a set: Felzenszwalb and Huttenlocher 2012,
 * "Distance Transforms of Sampled Functions", with one spacing an axis. Equal to SciPy's {@code distance_transform_edt} to
 * 1e-12 (golden/distances.json).
 *
 * <p>Differs: it counts steps to the set along z first, which takes two bytes a point; squared distances are made slice by slice
 * from them, and only of rows that are asked for. So a whole scan need not be held in floating point. Not safe for several threads
 * at a time.
 */
public final class DistanceTransform {

    private static final char NONE = Character.MAX_VALUE;

    private final Shape shape;
    private final Spacing spacing;
    private final char[][] stepsAlongZ;
    private final double[] slice;
    private final double[] line;
    private final double[] result;
    private final Envelope alongY;
    private final Envelope alongX;
    private int sliceOf = -1;

    private DistanceTransform(char[][] stepsAlongZ, Shape shape, Spacing spacing) {
        this.shape = shape;
        this.spacing = spacing;
        this.stepsAlongZ = stepsAlongZ;
        slice = new double[shape.y() * shape.x()];
        line = new double[Math.max(shape.y(), shape.x())];
        result = new double[line.length];
        alongY = new Envelope(shape.y(), spacing.y());
        alongX = new Envelope(shape.x(), spacing.x());
    }

    /**
     * Returns the transform of a set of points.
     *
     * @param points positions {@link Shape#index(int, int, int)} in {@code shape}, in any order; may be none
     * @param spacing mm between neighbours on the lattice
     * @throws IllegalArgumentException if there are more than 65 534 slices
     */
    public static DistanceTransform to(int[] points, Shape shape, Spacing spacing) {
        if (shape.z() >= NONE) {
            throw new IllegalArgumentException(
                    "a lattice of " + shape.z() + " slices is too long: at most " + (NONE - 1));
        }
        int slice = shape.y() * shape.x();
        char[][] steps = new char[shape.z()][slice];
        for (char[] one : steps) {
            Arrays.fill(one, NONE);
        }
        for (int point : points) {
            steps[point / slice][point % slice] = 0;
        }
        for (int z = 1; z < steps.length; z++) {
            follow(steps[z - 1], steps[z]);
        }
        for (int z = steps.length - 2; z >= 0; z--) {
            follow(steps[z + 1], steps[z]);
        }
        return new DistanceTransform(steps, shape, spacing);
    }

    private static void follow(char[] before, char[] steps) {
        for (int i = 0; i < steps.length; i++) {
            int next = before[i] + 1;
            steps[i] = next < steps[i] ? (char) next : steps[i];
        }
    }

    /**
     * Returns the distance of each of {@code points} from the set in mm, 0 for its own points; all are infinite where the set is
     * empty.
     *
     * @param points positions in the lattice; quickest in ascending order
     */
    public double[] at(int[] points) {
        double[] distances = new double[points.length];
        int row = -1;
        for (int i = 0; i < points.length; i++) {
            if (points[i] / shape.x() != row) {
                row = points[i] / shape.x();
                computeRow(row / shape.y(), row % shape.y());
            }
            distances[i] = Math.sqrt(result[points[i] % shape.x()]);
        }
        return distances;
    }

    private void computeRow(int z, int y) {
        if (z != sliceOf) {
            computeSlice(z);
        }
        System.arraycopy(slice, y * shape.x(), line, 0, shape.x());
        alongX.lower(line, result);
    }

    private void computeSlice(int z) {
        char[] steps = stepsAlongZ[z];
        for (int x = 0; x < shape.x(); x++) {
            for (int y = 0, at = x; y < shape.y(); y++, at += shape.x()) {
                double mm = steps[at] * spacing.z();
                line[y] = steps[at] == NONE ? Double.POSITIVE_INFINITY : mm * mm;
            }
            alongY.lower(line, result);
            for (int y = 0, at = x; y < shape.y(); y++, at += shape.x()) {
                slice[at] = result[y];
            }
        }
        sliceOf = z;
    }

    /** The lower envelope of the parabolas that stand on the points of a line. */
    private static final class Envelope {
        private final int length;
        private final double spacing;
        private final int[] standsAt;
        private final double[] begins;

        Envelope(int length, double spacing) {
            this.length = length;
            this.spacing = spacing;
            standsAt = new int[length];
            begins = new double[length + 1];
        }

        /** Sets {@code result} to min over q of f(q) + (spacing (p - q))^2 for each p. */
        void lower(double[] f, double[] result) {
            int count = build(f);
            if (count == 0) {
                Arrays.fill(result, 0, length, Double.POSITIVE_INFINITY);
                return;
            }
            begins[count] = Double.POSITIVE_INFINITY;
            int k = 0;
            for (int p = 0; p < length; p++) {
                while (begins[k + 1] < p) {
                    k++;
                }
                double mm = (p - standsAt[k]) * spacing;
                result[p] = f[standsAt[k]] + mm * mm;
            }
        }

        private int build(double[] f) {
            double square = spacing * spacing;
            int count = 0;
            for (int q = 0; q < length; q++) {
                if (f[q] == Double.POSITIVE_INFINITY) {
                    continue;
                }
                double start = Double.NEGATIVE_INFINITY;
                while (count > 0) {
                    int last = standsAt[count - 1];
                    start = ((f[q] - f[last]) / square / (q - last) + q + last) / 2;
                    if (start > begins[count - 1]) {
                        break;
                    }
                    count--;
                }
                standsAt[count] = q;
                begins[count] = count == 0 ? Double.NEGATIVE_INFINITY : start;
                count++;
            }
            return count;
        }
    }
}
