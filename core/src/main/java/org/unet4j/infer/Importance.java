package org.unet4j.infer;

import org.unet4j.volume.Shape;

/**
 * How much each voxel of a window counts where windows overlap: a Gaussian with a standard deviation of an eighth of the
 * window, for a network sees least at the border.
 */
public enum Importance {

    /** nnU-Net's: the peak of 10 lies on the voxel after the middle. */
    NNUNET(10, 0) {
        @Override
        double centre(int size) {
            return Math.floorDiv(size, 2);
        }
    },

    /** MONAI's: symmetric about the middle, at most 1, nowhere less than 0.001. */
    MONAI(1, 1e-3) {
        @Override
        double centre(int size) {
            return (size - 1) / 2.0;
        }
    };

    private static final double SIGMA = 1.0 / 8;

    private final double peak;
    private final double floor;

    Importance(double peak, double floor) {
        this.peak = peak;
        this.floor = floor;
    }

    abstract double centre(int size);

    /** Returns the weight of each voxel of a window, above 0, in z, y, x order. */
    public float[] weights(Shape window) {
        double[][] line = new double[Shape.AXES][];
        for (int axis = 0; axis < Shape.AXES; axis++) {
            int size = window.get(axis);
            line[axis] = new double[size];
            for (int i = 0; i < size; i++) {
                double distance = (i - centre(size)) / (SIGMA * size);
                line[axis][i] = Math.exp(-0.5 * distance * distance);
            }
        }
        float[] weights = new float[window.arrayLength()];
        int at = 0;
        for (double z : line[0]) {
            for (double y : line[1]) {
                for (double x : line[2]) {
                    weights[at++] = (float) Math.max(floor, peak * z * y * x);
                }
            }
        }
        return weights;
    }
}
