package org.unet4j.volume;

/**
 * The voxels of an image as floats, read run by run in z, y, x order: an array, a {@link Volume} in its own type
 * ({@code volume::copyTo}), or what is still to be cropped, turned or normalised. So no step needs a whole volume of its own.
 */
@FunctionalInterface
public interface Voxels {

    /** Copies voxels {@code from} to {@code from + length - 1} into {@code target}, from {@code at} on. */
    void copyTo(int from, float[] target, int at, int length);

    /** Returns the voxels of an array, which must not be changed while they are read. */
    static Voxels of(float[] array) {
        return (from, target, at, length) -> System.arraycopy(array, from, target, at, length);
    }

    /** Returns the first {@code count} of these voxels in a new array. */
    default float[] toArray(int count) {
        float[] array = new float[count];
        copyTo(0, array, 0, count);
        return array;
    }
}
