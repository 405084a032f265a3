package org.unet4j.volume;

import java.lang.reflect.Array;

/**
 * The exact change of an image from its own voxel order to right, anterior, superior, and back: axes are swapped and
 * reversed, no voxel is computed, the type stays. An image that already is in RAS order is passed on, not copied.
 */
public final class Reorient {

    private final Grid from;
    private final Grid to;
    /** For each axis z, y, x of the result, the axis of the source that runs along it. */
    private final int[] sourceAxis;
    /** For each axis of the result, whether the source runs the other way. */
    private final boolean[] reversed;

    private Reorient(Grid from, Grid to, int[] sourceAxis, boolean[] reversed) {
        this.from = from;
        this.to = to;
        this.sourceAxis = sourceAxis;
        this.reversed = reversed;
    }

    /** Returns the change that brings images on {@code from} into RAS order. */
    public static Reorient toRas(Grid from) {
        Orientation orientation = Orientation.of(from.affine());
        int[] sourceAxis = new int[Shape.AXES];
        boolean[] reversed = new boolean[Shape.AXES];
        for (int axis = 0; axis < Shape.AXES; axis++) {
            int world = orientation.get(axis);
            int target = Shape.AXES - Math.abs(world);
            sourceAxis[target] = axis;
            reversed[target] = world < 0;
        }
        return new Reorient(from, target(from, sourceAxis, reversed), sourceAxis, reversed);
    }

    private static Grid target(Grid from, int[] sourceAxis, boolean[] reversed) {
        double[][] old = from.affine().toArray();
        double[][] rows = new double[3][4];
        int[] sizes = new int[Shape.AXES];
        for (int row = 0; row < 3; row++) {
            rows[row][3] = old[row][3];
        }
        for (int axis = 0; axis < Shape.AXES; axis++) {
            sizes[axis] = from.shape().get(sourceAxis[axis]);
            int oldColumn = 2 - sourceAxis[axis];
            for (int row = 0; row < 3; row++) {
                double step = old[row][oldColumn];
                rows[row][2 - axis] = reversed[axis] ? -step : step;
                rows[row][3] += reversed[axis] ? step * (sizes[axis] - 1) : 0;
            }
        }
        return new Grid(Shape.of(sizes), Affine.of(rows));
    }

    /** Returns the grid of the reoriented image: every voxel stays where it is in space. */
    public Grid grid() {
        return to;
    }

    /** Returns whether the source already is in RAS order. */
    public boolean isIdentity() {
        return to.equals(from);
    }

    /** Returns the volume in RAS order. */
    public Volume apply(Volume volume) {
        requireShape(volume.grid().shape(), from.shape());
        return new Volume(to, volume.type(), forward(volume.array()), volume.slope(), volume.intercept());
    }

    /**
     * Returns the voxels of {@code whole} inside {@code box} in RAS order, as floats. They are taken from the volume when they
     * are read, but where rows lie along another axis: then the box is copied first.
     *
     * @param box inside the volume; its grid is the one that this change was made for
     */
    public Voxels view(Volume whole, Box box) {
        requireShape(box.shape(), from.shape());
        Shape outer = whole.grid().shape();
        if (sourceAxis[2] != 2) {
            return apply(Crop.crop(whole, box))::copyTo;
        }
        Strides places = places(outer, box);
        return new VolumeView(whole, to.shape(), places.start(), new int[] {places.z(), places.y(), places.x()});
    }

    /** Returns where the voxels inside {@code box}, taken in RAS order, lie in an image of shape {@code outer}. */
    public Strides places(Shape outer, Box box) {
        requireShape(box.shape(), from.shape());
        int[] strides = {outer.y() * outer.x(), outer.x(), 1};
        int[] steps = steps(strides);
        return new Strides(outer.index(box.z0(), box.y0(), box.x0()) + start(strides), steps[0], steps[1], steps[2]);
    }

    /** Returns the labels in RAS order. */
    public Labels apply(Labels labels) {
        requireShape(labels.grid().shape(), from.shape());
        return new Labels(to, labels.voxels().with(forward(labels.voxels().array())));
    }

    /** Returns the voxels, given in the source's order, in RAS order. */
    public float[] apply(float[] voxels) {
        return (float[]) forward(voxels);
    }

    /** Returns labels in RAS order on the source's own grid. */
    public Labels undo(Labels labels) {
        requireShape(labels.grid().shape(), to.shape());
        return new Labels(from, labels.voxels().with(backward(labels.voxels().array())));
    }

    /** Returns the voxels, given in RAS order, in the source's order. */
    public float[] undo(float[] voxels) {
        return (float[]) backward(voxels);
    }

    private static void requireShape(Shape given, Shape expected) {
        if (!given.equals(expected)) {
            throw new IllegalArgumentException(
                    "an image of shape " + given + " cannot be reoriented as one of " + expected);
        }
    }

    private Object forward(Object array) {
        int[] strides = {from.shape().y() * from.shape().x(), from.shape().x(), 1};
        return gather(array, to.shape(), start(strides), steps(strides));
    }

    /** Returns how far the source's first voxel is from the result's, given the source's strides along z, y, x. */
    private int start(int[] sourceStrides) {
        int start = 0;
        for (int axis = 0; axis < Shape.AXES; axis++) {
            start += reversed[axis]
                    ? sourceStrides[sourceAxis[axis]] * (to.shape().get(axis) - 1)
                    : 0;
        }
        return start;
    }

    /** Returns the source's steps along the result's axes. */
    private int[] steps(int[] sourceStrides) {
        int[] steps = new int[Shape.AXES];
        for (int axis = 0; axis < Shape.AXES; axis++) {
            int stride = sourceStrides[sourceAxis[axis]];
            steps[axis] = reversed[axis] ? -stride : stride;
        }
        return steps;
    }

    private Object backward(Object array) {
        int[] targetStrides = {to.shape().y() * to.shape().x(), to.shape().x(), 1};
        int start = 0;
        int[] steps = new int[Shape.AXES];
        for (int axis = 0; axis < Shape.AXES; axis++) {
            int stride = targetStrides[axis];
            steps[sourceAxis[axis]] = reversed[axis] ? -stride : stride;
            start += reversed[axis] ? stride * (to.shape().get(axis) - 1) : 0;
        }
        return gather(array, from.shape(), start, steps);
    }

    /** Returns an array of {@code shape} whose voxel (z, y, x) is {@code array[start + z s0 + y s1 + x s2]}. */
    private Object gather(Object array, Shape shape, int start, int[] steps) {
        int voxels = shape.arrayLength();
        if (Array.getLength(array) != voxels) {
            throw new IllegalArgumentException(
                    "an image of shape " + shape + " has " + voxels + " voxels, given " + Array.getLength(array));
        }
        if (isIdentity()) {
            return array;
        }
        Object result = Array.newInstance(array.getClass().getComponentType(), voxels);
        int at = 0;
        for (int z = 0; z < shape.z(); z++) {
            for (int y = 0; y < shape.y(); y++) {
                row(array, start + z * steps[0] + y * steps[1], steps[2], result, at, shape.x());
                at += shape.x();
            }
        }
        return result;
    }

    private static void row(Object from, int start, int step, Object to, int at, int length) {
        if (step == 1) {
            System.arraycopy(from, start, to, at, length);
        } else if (from instanceof short[] source) {
            short[] target = (short[]) to;
            for (int i = 0; i < length; i++) {
                target[at + i] = source[start + i * step];
            }
        } else if (from instanceof byte[] source) {
            byte[] target = (byte[]) to;
            for (int i = 0; i < length; i++) {
                target[at + i] = source[start + i * step];
            }
        } else if (from instanceof float[] source) {
            float[] target = (float[]) to;
            for (int i = 0; i < length; i++) {
                target[at + i] = source[start + i * step];
            }
        } else if (from instanceof int[] source) {
            int[] target = (int[]) to;
            for (int i = 0; i < length; i++) {
                target[at + i] = source[start + i * step];
            }
        } else if (from instanceof double[] source) {
            double[] target = (double[]) to;
            for (int i = 0; i < length; i++) {
                target[at + i] = source[start + i * step];
            }
        } else {
            long[] source = (long[]) from;
            long[] target = (long[]) to;
            for (int i = 0; i < length; i++) {
                target[at + i] = source[start + i * step];
            }
        }
    }
}
