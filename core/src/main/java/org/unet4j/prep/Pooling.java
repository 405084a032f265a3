package org.unet4j.prep;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;

/**
 * How deep a U-Net for patches of a size and spacing is: axes are halved while they have at least twice
 * {@value #SMALLEST_EDGE} voxels, fine axes first, until voxels are about as long as wide; a kernel grows from 1 to 3 along
 * an axis once its spacing is within a factor of two of the finest.
 *
 * <p>Isensee et al. 2021, nnU-Net's {@code get_pool_and_conv_props}; equal to it on the six patches of
 * golden/nnunet.json.
 *
 * @param strides of each stage, the first (1, 1, 1)
 * @param kernels of each stage
 * @param patch the patch, enlarged to what the strides divide
 */
record Pooling(List<Shape> strides, List<Shape> kernels, Shape patch) {

    static final int SMALLEST_EDGE = 4;

    /**
     * Returns the pooling for patches of {@code size} voxels.
     *
     * @param size z, y, x; a median, so halves are possible
     */
    static Pooling of(Spacing spacing, double... size) {
        double[] spacings = spacing.toArray();
        double[] sizes = size.clone();
        int[] kernel = {1, 1, 1};
        int[] divisor = {1, 1, 1};
        List<Shape> strides = new ArrayList<>(List.of(Shape.cube(1)));
        List<Shape> kernels = new ArrayList<>();
        List<Integer> axes = axesToPool(spacings, sizes);
        while (!axes.isEmpty()) {
            double finest = Math.min(spacings[0], Math.min(spacings[1], spacings[2]));
            int[] stride = {1, 1, 1};
            for (int axis = 0; axis < Shape.AXES; axis++) {
                if (spacings[axis] / finest < 2) {
                    kernel[axis] = 3;
                }
            }
            for (int axis : axes) {
                stride[axis] = 2;
                divisor[axis] *= 2;
                spacings[axis] *= 2;
                sizes[axis] = Math.ceil(sizes[axis] / 2);
            }
            strides.add(Shape.of(stride));
            kernels.add(Shape.of(kernel));
            axes = axesToPool(spacings, sizes);
        }
        kernels.add(Shape.cube(3));
        int[] patch = new int[Shape.AXES];
        for (int axis = 0; axis < Shape.AXES; axis++) {
            patch[axis] = (int) Math.ceil(size[axis] / divisor[axis]) * divisor[axis];
        }
        return new Pooling(strides, kernels, Shape.of(patch));
    }

    private static List<Integer> axesToPool(double[] spacings, double[] sizes) {
        double finest = Double.POSITIVE_INFINITY;
        for (int axis = 0; axis < Shape.AXES; axis++) {
            if (sizes[axis] >= 2 * SMALLEST_EDGE) {
                finest = Math.min(finest, spacings[axis]);
            }
        }
        List<Integer> axes = new ArrayList<>();
        for (int axis = 0; axis < Shape.AXES; axis++) {
            if (sizes[axis] >= 2 * SMALLEST_EDGE && spacings[axis] / finest < 2) {
                axes.add(axis);
            }
        }
        boolean pointless = axes.size() == 1 && sizes[axes.get(0)] < 3 * SMALLEST_EDGE;
        return pointless ? List.of() : axes;
    }

    /** Returns the topology with features as {@code budget} says. */
    Topology topology(Budget budget) {
        return new Topology(strides, kernels, Collections.nCopies(strides.size(), 1))
                .withFeatures(budget.features(), budget.mostFeatures());
    }
}
