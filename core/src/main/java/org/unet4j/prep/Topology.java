package org.unet4j.prep;

import java.util.ArrayList;
import java.util.List;
import org.unet4j.volume.Shape;

/**
 * The skeleton that all U-Nets of one plan share: by how much each stage shrinks the image, how large its convolutions
 * are and how many features it has. Stage 0 works at full resolution.
 *
 * @param strides by how much each stage is coarser than the one before, along z, y, x; the first is (1, 1, 1)
 * @param kernels the size of each stage's convolutions; odd on every axis
 * @param features the number of channels of each stage
 */
public record Topology(List<Shape> strides, List<Shape> kernels, List<Integer> features) {

    private static final Shape ONE = Shape.cube(1);

    /** Checks that the three lists fit together. */
    public Topology {
        strides = List.copyOf(strides);
        kernels = List.copyOf(kernels);
        features = List.copyOf(features);
        if (strides.isEmpty() || strides.size() != kernels.size() || strides.size() != features.size()) {
            throw new IllegalArgumentException(
                    "topology needs as many strides as kernels and features, and at least one; given " + strides.size()
                            + " strides, " + kernels.size() + " kernels, " + features.size() + " features");
        }
        if (!strides.get(0).equals(ONE)) {
            throw new IllegalArgumentException("topology: the first stride is " + strides.get(0)
                    + " but stage 0 works at full resolution: make it (1, 1, 1)");
        }
        for (int stage = 0; stage < strides.size(); stage++) {
            for (int axis = 0; axis < Shape.AXES; axis++) {
                if (kernels.get(stage).get(axis) % 2 == 0) {
                    throw new IllegalArgumentException("topology: kernel " + kernels.get(stage) + " of stage " + stage
                            + " must be odd on every axis, such as (3, 3, 3)");
                }
                if (strides.get(stage).get(axis) > 2) {
                    throw new IllegalArgumentException("topology: stride " + strides.get(stage) + " of stage " + stage
                            + " must be 1 or 2 on every axis");
                }
            }
            if (features.get(stage) < 1) {
                throw new IllegalArgumentException(
                        "topology: stage " + stage + " has " + features.get(stage) + " features; at least 1 is needed");
            }
        }
    }

    /** Returns the number of stages, the bottleneck included. */
    public int stages() {
        return strides.size();
    }

    /** Returns what a patch must be divisible by on each axis: the product of all strides. */
    public Shape divisor() {
        int[] product = {1, 1, 1};
        for (Shape stride : strides) {
            for (int axis = 0; axis < Shape.AXES; axis++) {
                product[axis] = Math.multiplyExact(product[axis], stride.get(axis));
            }
        }
        return Shape.of(product);
    }

    /** Returns this topology with {@code base} features at full resolution, doubled at each stage, at most {@code cap}. */
    public Topology withFeatures(int base, int cap) {
        List<Integer> widths = new ArrayList<>();
        for (int stage = 0; stage < stages(); stage++) {
            widths.add((int) Math.min(cap, (long) base << Math.min(stage, 30)));
        }
        return new Topology(strides, kernels, widths);
    }

    /**
     * Returns {@code patch}.
     *
     * @throws IllegalArgumentException if it is not divisible by {@link #divisor()}, naming the nearest valid patch
     */
    public Shape requireDivisible(Shape patch) {
        Shape divisor = divisor();
        Shape nearest = patch;
        for (int axis = 0; axis < Shape.AXES; axis++) {
            int step = divisor.get(axis);
            nearest = nearest.with(axis, Math.max(1, (patch.get(axis) + step / 2) / step) * step);
        }
        if (!nearest.equals(patch)) {
            throw new IllegalArgumentException(
                    "patch " + patch + " must be divisible by " + divisor + "; nearest valid: " + nearest);
        }
        return patch;
    }
}
