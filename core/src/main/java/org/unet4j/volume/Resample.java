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

    /**
     * Returns {@code in} at shape {@code to}. Third-order results are clipped to the range of the input, which the spline
     * would otherwise overshoot at edges.
     *
     * @param in finite voxels of shape {@code from}; not changed; passed on when the shapes are equal
     */
    public static float[] image(float[] in, Shape from, Shape to, Order order) {
        requireLength(in.length, from);
        if (from.equals(to)) {
            return in;
        }
        float[] out = switch (order) {
            case NEAREST -> ResampleAxis.nearest(in, from, to);
            case LINEAR, CUBIC -> separable(in, from, to, order);
        };
        if (order == Order.CUBIC) {
            Range.of(in).clip(out, 0, out.length, 1);
        }
        return out;
    }

    /**
     * Returns {@code in} at shape {@code to} as nnU-Net resamples scans with thick slices: third order within each slice,
     * clipped to the slice's own range, and the closest slice through them.
     *
     * @param throughPlane the axis across the slices (0 is z, 1 is y, 2 is x)
     */
    public static float[] anisotropic(float[] in, Shape from, Shape to, int throughPlane) {
        requireLength(in.length, from);
        if (from.equals(to)) {
            return in;
        }
        Shape inPlane = to.with(throughPlane, from.get(throughPlane));
        float[] slices = in;
        if (!inPlane.equals(from)) {
            slices = separable(in, from, inPlane, Order.CUBIC);
            clipSlices(in, from, slices, inPlane, throughPlane);
        }
        return inPlane.equals(to) ? slices : ResampleAxis.nearest(slices, inPlane, to);
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
                ResampleLabels.linear(in.classes(), in.grid().shape(), to));
    }

    /** Returns label map {@code in} at shape {@code to}: {@link #labels} within slices, the closest slice through them. */
    public static Labels anisotropic(Labels in, Shape to, int throughPlane) {
        Shape from = in.grid().shape();
        if (from.equals(to)) {
            return in;
        }
        Shape inPlane = to.with(throughPlane, from.get(throughPlane));
        byte[] slices = inPlane.equals(from) ? in.classes() : ResampleLabels.linear(in.classes(), from, inPlane);
        return new Labels(in.grid().resized(to), ResampleLabels.nearest(slices, inPlane, to));
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

    /** The axis that shrinks most goes first, so that the others have less to do. */
    private static float[] separable(float[] in, Shape from, Shape to, Order order) {
        Integer[] axes = {0, 1, 2};
        Arrays.sort(axes, Comparator.comparingDouble(axis -> (double) to.get(axis) / from.get(axis)));
        float[] voxels = in;
        Shape shape = from;
        for (int axis : axes) {
            if (shape.get(axis) != to.get(axis)) {
                voxels = ResampleAxis.along(axis, voxels, shape, to.get(axis), order);
                shape = shape.with(axis, to.get(axis));
            }
        }
        return voxels;
    }

    private static void clipSlices(float[] in, Shape from, float[] out, Shape to, int axis) {
        for (int slice = 0; slice < from.get(axis); slice++) {
            Range range = Range.NOTHING;
            for (int[] run : runs(from, axis, slice)) {
                range = range.with(in, run[0], run[1], run[2]);
            }
            for (int[] run : runs(to, axis, slice)) {
                range.clip(out, run[0], run[1], run[2]);
            }
        }
    }

    /** Returns the voxels of one slice as runs: first voxel, how many, step. */
    private static int[][] runs(Shape shape, int axis, int slice) {
        int plane = shape.y() * shape.x();
        return switch (axis) {
            case 0 -> new int[][] {{slice * plane, plane, 1}};
            case 1 -> {
                int[][] runs = new int[shape.z()][];
                Arrays.setAll(runs, z -> new int[] {shape.index(z, slice, 0), shape.x(), 1});
                yield runs;
            }
            default -> new int[][] {{slice, shape.z() * shape.y(), shape.x()}};
        };
    }

    private static void requireLength(int length, Shape shape) {
        if (length != shape.voxels()) {
            throw new IllegalArgumentException(
                    "an image of shape " + shape + " has " + shape.voxels() + " voxels, given " + length);
        }
    }

    private record Range(float min, float max) {
        static final Range NOTHING = new Range(Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY);

        static Range of(float[] values) {
            return NOTHING.with(values, 0, values.length, 1);
        }

        Range with(float[] values, int start, int count, int step) {
            float low = min;
            float high = max;
            for (int i = start, last = start + (count - 1) * step; i <= last; i += step) {
                float value = values[i];
                low = value < low ? value : low;
                high = value > high ? value : high;
            }
            return new Range(low, high);
        }

        void clip(float[] values, int start, int count, int step) {
            for (int i = start, last = start + (count - 1) * step; i <= last; i += step) {
                float value = values[i];
                values[i] = value < min ? min : value > max ? max : value;
            }
        }
    }
}
