package org.unet4j.volume;

import java.util.Arrays;
import java.util.Comparator;
import java.util.OptionalInt;

/**
 * Images and label maps at another resolution. The outer faces of the image stay where they are, as in
 * {@link Grid#resized}: voxel i of the new axis lies at (i + 0.5) old / new - 0.5 of the old one. Beyond its faces an image
 * goes on with its outermost voxels.
 *
 * <p>Equal to {@code skimage.transform.resize(mode="edge", anti_aliasing=False)} and so to what nnU-Net computes, to 1e-6 of
 * the intensity range (golden/resample.json): every step works along one axis at a time. One call uses one thread.
 */
public final class Resample {

    private Resample() {}

    /** Returns where voxel {@code i} of {@code newSize} lies on an axis of {@code oldSize} voxels, up to half a voxel beyond its ends. */
    static double position(int i, int oldSize, int newSize) {
        return (i + 0.5) * ((double) oldSize / newSize) - 0.5;
    }

    /** Returns where voxel {@code i} of {@code newSize} lies on an axis of {@code oldSize} voxels, at the outermost where it lies beyond. */
    public static double positionWithin(int i, int oldSize, int newSize) {
        return Math.min(Math.max(position(i, oldSize, newSize), 0), oldSize - 1);
    }

    /**
     * Returns {@code in} at shape {@code to}. Third-order results are clipped to the range of the input, which the spline
     * would otherwise overshoot at edges.
     *
     * @param in finite voxels of shape {@code from}; not changed; passed on when the shapes are equal
     */
    public static float[] image(float[] in, Shape from, Shape to, Order order) {
        requireLength(in.length, from);
        return from.equals(to) ? in : image(Voxels.of(in), from, to, order);
    }

    /** Returns finite voxels of shape {@code from} at shape {@code to}, as {@link #image(float[], Shape, Shape, Order)}. */
    public static float[] image(Voxels in, Shape from, Shape to, Order order) {
        if (from.equals(to)) {
            return in.toArray(from.arrayLength());
        }
        return switch (order) {
            case NEAREST -> ResampleAxis.nearest(in, from, to);
            case LINEAR -> separable(in, from, to, order);
            case CUBIC -> {
                Ranges range = Ranges.whole(in, from);
                float[] out = separable(range.seen(), from, to, order);
                range.clip(out);
                yield out;
            }
        };
    }

    /**
     * Returns {@code in} at shape {@code to} as nnU-Net resamples scans with thick slices: first within each slice, of third
     * order clipped to the slice's own range, then through them.
     *
     * @param in finite voxels of shape {@code from}
     * @param axis across the slices (0 is z, 1 is y, 2 is x)
     * @param inPlane the order within slices
     * @param throughPlane the order across them: nearest, nnU-Net's default, or linear
     */
    public static float[] anisotropic(Voxels in, Shape from, Shape to, int axis, Order inPlane, Order throughPlane) {
        requireNotCubic(throughPlane);
        Shape between = to.with(axis, from.get(axis));
        if (between.equals(from)) {
            return image(in, from, to, throughPlane);
        }
        float[] slices = slices(in, from, between, axis, inPlane);
        return image(slices, between, to, throughPlane);
    }

    private static float[] slices(Voxels in, Shape from, Shape to, int axis, Order order) {
        if (order != Order.CUBIC) {
            return image(in, from, to, order);
        }
        Ranges ranges = Ranges.slices(in, from, axis);
        float[] out = separable(ranges.seen(), from, to, order);
        ranges.clip(out, to, axis);
        return out;
    }

    /**
     * Returns label map {@code in} at shape {@code to}, by nnU-Net's rule: each class is interpolated linearly as a mask; a
     * voxel takes the highest class that reaches one half, and where none does, background. Only classes of the input
     * appear: where it has no background, a voxel that no class claims takes its closest label.
     */
    public static Labels labels(Labels in, Shape to) {
        if (in.grid().shape().equals(to)) {
            return in;
        }
        return new Labels(
                in.grid().resized(to),
                ResampleLabels.linear(in.voxels(), in.grid().shape(), to));
    }

    /**
     * Returns label map {@code in} at shape {@code to}: {@link #labels} within slices, then through them.
     *
     * @param axis across the slices (0 is z, 1 is y, 2 is x)
     * @param throughPlane the closest slice, or {@link #labels} again for linear
     */
    public static Labels anisotropic(Labels in, Shape to, int axis, Order throughPlane) {
        requireNotCubic(throughPlane);
        Shape from = in.grid().shape();
        Shape between = to.with(axis, from.get(axis));
        if (between.equals(to)) {
            return labels(in, to);
        }
        LabelArray slices = between.equals(from) ? in.voxels() : ResampleLabels.linear(in.voxels(), from, between);
        return new Labels(
                in.grid().resized(to),
                throughPlane == Order.LINEAR
                        ? ResampleLabels.linear(slices, between, to)
                        : ResampleLabels.nearest(slices, between, to));
    }

    private static void requireNotCubic(Order throughPlane) {
        if (throughPlane == Order.CUBIC) {
            throw new IllegalArgumentException("through thick slices order cubic must be nearest or linear");
        }
    }

    /**
     * Returns the axis across thick slices by nnU-Net's rule, if there is one: the spacing of {@code from}, or else of
     * {@code to}, has its largest value more than {@code ratio} times its smallest, and one axis alone has it.
     */
    public static OptionalInt throughPlane(Spacing from, Spacing to, double ratio) {
        Spacing thick = isThick(from, ratio) ? from : to;
        if (!isThick(thick, ratio)) {
            return OptionalInt.empty();
        }
        double[] mm = thick.toArray();
        double largest = Math.max(mm[0], Math.max(mm[1], mm[2]));
        int axis = -1;
        for (int i = 0; i < mm.length; i++) {
            if (mm[i] == largest) {
                if (axis >= 0) {
                    return OptionalInt.empty();
                }
                axis = i;
            }
        }
        return OptionalInt.of(axis);
    }

    private static boolean isThick(Spacing s, double ratio) {
        return Math.max(s.z(), Math.max(s.y(), s.x())) / Math.min(s.z(), Math.min(s.y(), s.x())) > ratio;
    }

    /** The axis that shrinks most goes first, so that the others have less to do. Each voxel of {@code in} is read once. */
    private static float[] separable(Voxels in, Shape from, Shape to, Order order) {
        Integer[] axes = {0, 1, 2};
        Arrays.sort(axes, Comparator.comparingDouble(axis -> (double) to.get(axis) / from.get(axis)));
        Voxels voxels = in;
        float[] array = {};
        Shape shape = from;
        for (int axis : axes) {
            if (shape.get(axis) != to.get(axis)) {
                array = ResampleAxis.along(axis, voxels, shape, to.get(axis), order);
                voxels = Voxels.of(array);
                shape = shape.with(axis, to.get(axis));
            }
        }
        return array;
    }

    private static void requireLength(int length, Shape shape) {
        if (length != shape.voxels()) {
            throw new IllegalArgumentException(
                    "an image of shape " + shape + " has " + shape.voxels() + " voxels, given " + length);
        }
    }
}
