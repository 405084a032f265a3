package org.unet4j.view;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.unet4j.volume.Strides;
import org.unet4j.volume.Volume;
import org.unet4j.volume.VoxelType;

/**
 * Which values of a scan there are, and which are black and white at first.
 *
 * @param least the least finite value; 0 where there is none
 * @param most the greatest finite value
 * @param low black at first
 * @param high white at first, greater than {@code low}
 * @param isHounsfield whether values look like Hounsfield units
 */
record Brightness(double least, double most, double low, double high, boolean isHounsfield) {

    /** That of a scan without a value. */
    static final Brightness NOTHING = new Brightness(0, 1, 0, 1, false);

    private static final int MOST_SAMPLES = 200_000;
    private static final double DARKEST_SHARE = 0.01;
    private static final double BRIGHTEST_SHARE = 0.995;

    /** A guess: fat is at -100 HU, and MR scanners write nothing below zero. */
    private static final double BELOW_FAT_HU = -150;

    /** The same guess for floating-point values, which may be anything: there has to be air and bone. */
    private static final double AIR_HU = -900;

    private static final double BONE_HU = 100;

    private static final double ABDOMEN_LOW_HU = -160;
    private static final double ABDOMEN_HIGH_HU = 240;

    /**
     * Returns that of a scan. A CT shows the soft tissue of the abdomen, anything else its values from the 1st to the 99.5th
     * percentile, of about {@value #MOST_SAMPLES} voxels that are evenly far apart.
     */
    static Brightness of(Volume image) {
        return of(image, Range.of(image));
    }

    /** Returns that of a scan which is still being read, once all of it has come. */
    static Brightness of(Volume image, VoxelBytes.Gate gate) throws IOException {
        Range range = Range.NOTHING;
        for (int part = 0; part < Range.PARTS; part++) {
            gate.await(Range.start(image, part + 1));
            range = range.with(Range.of(image, part));
        }
        return of(image, range);
    }

    private static Brightness of(Volume image, Range range) {
        double least = range.least;
        double most = range.most;
        if (least > most) {
            return NOTHING;
        }
        boolean hounsfield = most < 1 << 15
                && (image.type().isFloating() ? least <= AIR_HU && most > BONE_HU : least < BELOW_FAT_HU);
        if (hounsfield) {
            return new Brightness(least, most, ABDOMEN_LOW_HU, ABDOMEN_HIGH_HU, true);
        }
        double[] values = sample(image);
        double low = values.length == 0 ? least : values[(int) (DARKEST_SHARE * (values.length - 1))];
        double high = values.length == 0 ? least : values[(int) (BRIGHTEST_SHARE * (values.length - 1))];
        if (high <= low) {
            low = least;
            high = most > least ? most : least + 1;
        }
        return new Brightness(least, most, low, high, false);
    }

    /** The least and the greatest finite value; infinite the wrong way where there is none. */
    private record Range(double least, double most) {

        private static final Range NOTHING = new Range(Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);

        /** So few voxels that a processor's loop is compiled before it is through. */
        private static final int PARTS = 64;

        static Range of(Volume image) {
            return IntStream.range(0, PARTS)
                    .parallel()
                    .mapToObj(part -> of(image, part))
                    .reduce(NOTHING, Range::with);
        }

        private static Range of(Volume image, int part) {
            return between(image, start(image, part), start(image, part + 1));
        }

        /** Returns the first voxel of a part. */
        private static int start(Volume image, int part) {
            return (int) ((long) part * image.grid().shape().arrayLength() / PARTS);
        }

        private Range with(Range other) {
            return new Range(Math.min(least, other.least), Math.max(most, other.most));
        }

        private static Range between(Volume image, int from, int to) {
            if (image.type() == VoxelType.INT16 && to > from) {
                short[] voxels = (short[]) image.array();
                int least = voxels[from];
                int most = voxels[from];
                for (int i = from; i < to; i++) {
                    least = Math.min(least, voxels[i]);
                    most = Math.max(most, voxels[i]);
                }
                double one = least * image.slope() + image.intercept();
                double other = most * image.slope() + image.intercept();
                return new Range(Math.min(one, other), Math.max(one, other));
            }
            double least = NOTHING.least;
            double most = NOTHING.most;
            for (int i = from; i < to; i++) {
                double value = image.get(i);
                if (Double.isFinite(value)) {
                    least = Math.min(least, value);
                    most = Math.max(most, value);
                }
            }
            return new Range(least, most);
        }
    }

    /** Returns finite values of some voxels, sorted. */
    private static double[] sample(Volume image) {
        int voxels = image.grid().shape().arrayLength();
        // Not a divisor of common sizes, so that not every sample is of one column.
        int step = voxels <= MOST_SAMPLES ? 1 : (voxels / MOST_SAMPLES) | 1;
        double[] values = new double[(voxels + step - 1) / step];
        int kept = 0;
        for (long i = 0; i < voxels; i += step) {
            double value = image.get((int) i);
            if (Double.isFinite(value)) {
                values[kept++] = value;
            }
        }
        double[] finite = Arrays.copyOf(values, kept);
        Arrays.sort(finite);
        return finite;
    }

    Description.Image describe(VoxelBytes voxels, Strides places) {
        return new Description.Image(
                voxels.type().label(),
                places.start(),
                List.of(places.z(), places.y(), places.x()),
                voxels.slope(),
                voxels.intercept(),
                isHounsfield ? "HU" : "",
                low,
                high,
                least,
                most,
                false);
    }
}
