package org.unet4j.prep;

import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.function.DoubleUnaryOperator;
import org.unet4j.volume.Voxels;

/** How the intensities of one channel become numbers near zero. A value of the plan: edit it there. */
public sealed interface Normalization {

    /** Returns the first {@code count} of {@code voxels}, which are finite, normalised as they are read. */
    Voxels of(Voxels voxels, int count);

    /** Normalises {@code voxels} in place; all are finite. */
    default void apply(float[] voxels) {
        of(Voxels.of(voxels), voxels.length).copyTo(0, voxels, 0, voxels.length);
    }

    /**
     * CT: clip to a window, then subtract a mean and divide by a standard deviation that are the same for all cases,
     * because a Hounsfield unit means the same in all of them.
     *
     * @param lower the lowest value kept, in HU
     * @param upper the highest value kept, in HU
     * @param mean subtracted after clipping
     * @param sd divides; positive
     */
    @JsonTypeName("ct")
    record CtWindow(double lower, double upper, double mean, double sd) implements Normalization {

        /** Checks that the window is not empty. */
        public CtWindow {
            if (!(lower < upper) || Double.isInfinite(upper - lower)) {
                throw new IllegalArgumentException("normalization: window [" + lower + ", " + upper
                        + "] must have a lower end below its upper end, both finite");
            }
            if (!(sd > 0) || !Double.isFinite(sd) || !Double.isFinite(mean)) {
                throw new IllegalArgumentException(
                        "normalization: sd " + sd + " must be positive and mean " + mean + " finite");
            }
        }

        /** Returns the fixed window from {@code lower} to {@code upper} HU, mapped to [-1, 1]. */
        public static CtWindow fixed(double lower, double upper) {
            return new CtWindow(lower, upper, (lower + upper) / 2, (upper - lower) / 2);
        }

        @Override
        public Voxels of(Voxels voxels, int count) {
            float low = (float) lower;
            float high = (float) upper;
            float centre = (float) mean;
            float divisor = (float) sd;
            return (from, target, at, length) -> {
                voxels.copyTo(from, target, at, length);
                for (int i = at; i < at + length; i++) {
                    target[i] = (Math.min(high, Math.max(low, target[i])) - centre) / divisor;
                }
            };
        }
    }

    /** MR and everything else: each case by its own mean and standard deviation over all voxels of the crop. */
    @JsonTypeName("z-score")
    record ZScore() implements Normalization {

        private static final double SMALLEST_SD = 1e-8;
        private static final int CHUNK_VOXELS = 1 << 13;

        @Override
        public Voxels of(Voxels voxels, int count) {
            double mean = sum(voxels, count, value -> value) / count;
            double squares = sum(voxels, count, value -> (value - mean) * (value - mean));
            double scale = 1 / Math.max(SMALLEST_SD, Math.sqrt(squares / count));
            return (from, target, at, length) -> {
                voxels.copyTo(from, target, at, length);
                for (int i = at; i < at + length; i++) {
                    target[i] = (float) ((target[i] - mean) * scale);
                }
            };
        }

        private static double sum(Voxels voxels, int count, DoubleUnaryOperator term) {
            float[] chunk = new float[Math.min(count, CHUNK_VOXELS)];
            double sum = 0;
            for (int from = 0; from < count; from += chunk.length) {
                int length = Math.min(chunk.length, count - from);
                voxels.copyTo(from, chunk, 0, length);
                for (int i = 0; i < length; i++) {
                    sum += term.applyAsDouble(chunk[i]);
                }
            }
            return sum;
        }
    }
}
