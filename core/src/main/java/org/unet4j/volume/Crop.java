package org.unet4j.volume;

import java.lang.reflect.Array;

/** Cuts boxes out of images and puts label maps back where they were cut. */
public final class Crop {

    private Crop() {}

    /**
     * Returns the part of a volume inside {@code box}, at the same place in space; the volume itself where the box is all
     * of it.
     *
     * @throws IllegalArgumentException if the box reaches outside the volume
     */
    public static Volume crop(Volume volume, Box box) {
        if (box.equals(Box.all(volume.grid().shape()))) {
            return volume;
        }
        Object part = cut(volume.array(), volume.grid().shape(), box);
        return new Volume(volume.grid().crop(box), volume.type(), part, volume.slope(), volume.intercept());
    }

    /**
     * Returns the part of a label map inside {@code box}, at the same place in space.
     *
     * @throws IllegalArgumentException if the box reaches outside the label map
     */
    public static Labels crop(Labels labels, Box box) {
        if (box.equals(Box.all(labels.grid().shape()))) {
            return labels;
        }
        Object part = cut(labels.voxels().array(), labels.grid().shape(), box);
        return new Labels(labels.grid().crop(box), labels.voxels().with(part));
    }

    /** Returns the part inside {@code box} of voxels of the given shape, in a new array. */
    public static float[] crop(float[] voxels, Shape shape, Box box) {
        return (float[]) cut(voxels, shape, box);
    }

    /**
     * Returns labels on the grid {@code whole} that are {@code labels} inside {@code box} and background elsewhere.
     *
     * @throws IllegalArgumentException if the box reaches outside {@code whole} or has another shape than {@code labels}
     */
    public static Labels paste(Labels labels, Box box, Grid whole) {
        requireInside(box, whole.shape());
        if (!labels.grid().shape().equals(box.shape())) {
            throw new IllegalArgumentException(
                    "labels of shape " + labels.grid().shape() + " do not fill the box " + box);
        }
        LabelArray classes = labels.voxels().background(whole.shape().arrayLength());
        Shape part = box.shape();
        for (int z = 0; z < part.z(); z++) {
            for (int y = 0; y < part.y(); y++) {
                int to = whole.shape().index(z + box.z0(), y + box.y0(), box.x0());
                System.arraycopy(labels.voxels().array(), part.index(z, y, 0), classes.array(), to, part.x());
            }
        }
        return new Labels(whole, classes);
    }

    private static Object cut(Object array, Shape shape, Box box) {
        requireInside(box, shape);
        Shape part = box.shape();
        Object result = Array.newInstance(array.getClass().getComponentType(), part.arrayLength());
        for (int z = 0; z < part.z(); z++) {
            for (int y = 0; y < part.y(); y++) {
                int from = shape.index(z + box.z0(), y + box.y0(), box.x0());
                System.arraycopy(array, from, result, part.index(z, y, 0), part.x());
            }
        }
        return result;
    }

    private static void requireInside(Box box, Shape shape) {
        if (!box.isInside(shape)) {
            throw new IllegalArgumentException("the box " + box + " reaches outside an image of shape " + shape);
        }
    }
}
