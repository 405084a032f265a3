package org.unet4j.prep;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import org.unet4j.volume.Box;
import org.unet4j.volume.Shape;

/** A prepared case of which boxes can be copied, and whose foreground is known: mapped from a store, or prepared just now. */
public interface LabelledCase {

    /** Returns the number of image channels. */
    int channels();

    /** Returns the size of the prepared volume. */
    Shape shape();

    /**
     * Copies the voxels of {@code box} into {@code target}, from position {@code at} on, in z, y, x order; outside the volume
     * they are 0. The target's own position is not moved.
     */
    void copyImage(int channel, Box box, FloatBuffer target, int at);

    /**
     * Copies the classes of {@code box} into {@code target}, from position {@code at} on, in z, y, x order; outside the volume
     * they are 0. The target's own position is not moved.
     *
     * @throws IllegalArgumentException if the labels are wide: two bytes a voxel
     */
    void copyLabels(Box box, ByteBuffer target, int at);

    /** Copies the classes as {@link #copyLabels(Box, ByteBuffer, int)} does, however many there are. */
    void copyLabels(Box box, IntBuffer target, int at);

    /** Returns the foreground classes that occur, ascending. */
    int[] classesPresent();

    /** Returns how many voxels of class {@code cls} are listed: all, or 10 000 that are spread evenly at random. */
    int foregroundSamples(int cls);

    /** Returns the flat index of listed voxel {@code i} of class {@code cls}. */
    int foregroundVoxel(int cls, int i);
}
