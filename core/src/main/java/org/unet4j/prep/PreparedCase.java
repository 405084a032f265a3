package org.unet4j.prep;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import org.unet4j.volume.Box;
import org.unet4j.volume.Shape;

/** One prepared case of a store, mapped into memory: boxes of it are copied without reading the rest. Thread-safe. */
public final class PreparedCase {

    /** Returns the case's identifier. */
    public String id() {
        throw new UnsupportedOperationException();
    }

    /** Returns the number of image channels. */
    public int channels() {
        throw new UnsupportedOperationException();
    }

    /** Returns the size of the prepared volume. */
    public Shape shape() {
        throw new UnsupportedOperationException();
    }

    /** Returns how to undo the preparation. */
    public Recipe recipe() {
        throw new UnsupportedOperationException();
    }

    /** Copies the voxels of {@code box} into {@code target} from {@code at} on; outside the volume they are 0. */
    public void copyImage(int channel, Box box, FloatBuffer target, int at) {
        throw new UnsupportedOperationException();
    }

    /** Copies the classes of {@code box} into {@code target} from {@code at} on; outside the volume they are 0. */
    public void copyLabels(Box box, ByteBuffer target, int at) {
        throw new UnsupportedOperationException();
    }

    /** Returns the foreground classes that occur, ascending. */
    public int[] classesPresent() {
        throw new UnsupportedOperationException();
    }

    /** Returns how many voxels of class {@code cls} are listed: all, or a fixed random 10 000 of them. */
    public int foregroundSamples(int cls) {
        throw new UnsupportedOperationException();
    }

    /** Returns the flat index of listed voxel {@code i} of class {@code cls}. */
    public int foregroundVoxel(int cls, int i) {
        throw new UnsupportedOperationException();
    }

    /** Checks the case's bytes against the checksum that was written with them. */
    public void verify() throws IOException {
        throw new UnsupportedOperationException();
    }
}
