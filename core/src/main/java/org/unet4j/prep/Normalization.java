package org.unet4j.prep;

import com.fasterxml.jackson.annotation.JsonTypeName;

/** How the intensities of one channel become numbers near zero. A value of the plan: edit it there. */
public sealed interface Normalization {

    /** Normalises {@code voxels} in place; all are finite. */
    void apply(float[] voxels);

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
        public void apply(float[] voxels) {
            float low = (float) lower;
            float high = (float) upper;
            float centre = (float) mean;
            float divisor = (float) sd;
            for (int i = 0; i < voxels.length; i++) {
                voxels[i] = (Math.min(high, Math.max(low, voxels[i])) - centre) / divisor;
            }
        }
    }

    /** MR and everything else: each case by its own mean and standard deviation over all voxels of the crop. */
    @JsonTypeName("z-score")
    record ZScore() implements Normalization {

        private static final double SMALLEST_SD = 1e-8;

        @Override
        public void apply(float[] voxels) {
            double sum = 0;
            for (float voxel : voxels) {
                sum += voxel;
            }
            double mean = sum / voxels.length;
            double squares = 0;
            for (float voxel : voxels) {
                squares += (voxel - mean) * (voxel - mean);
            }
            double scale = 1 / Math.max(SMALLEST_SD, Math.sqrt(squares / voxels.length));
            for (int i = 0; i < voxels.length; i++) {
                voxels[i] = (float) ((voxels[i] - mean) * scale);
            }
        }
    }
}
