package org.unet4j.prep;

import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.nio.ShortBuffer;
import org.unet4j.volume.LabelArray;
import org.unet4j.volume.Shape;

/** The classes of a prepared case as its file has them: an unsigned byte a voxel, or an unsigned short where there are more than 256. */
sealed interface StoredLabels {

    /** Returns what lies in {@code section}, which may be empty where the case has no labels. */
    static StoredLabels of(ByteBuffer section, boolean isWide) {
        return isWide ? new Wide(section.asShortBuffer()) : new Narrow(section);
    }

    /** Copies {@code length} classes from voxel {@code from} on. */
    void copy(int from, ByteBuffer target, int at, int length);

    /** Copies {@code length} classes from voxel {@code from} on. */
    void copy(int from, IntBuffer target, int at, int length);

    /** Returns all classes of a case of this shape. */
    LabelArray all(Shape shape);

    /** Bytes. */
    record Narrow(ByteBuffer voxels) implements StoredLabels {

        @Override
        public void copy(int from, ByteBuffer target, int at, int length) {
            target.put(at, voxels, from, length);
        }

        @Override
        public void copy(int from, IntBuffer target, int at, int length) {
            for (int i = 0; i < length; i++) {
                target.put(at + i, voxels.get(from + i) & 0xff);
            }
        }

        @Override
        public LabelArray all(Shape shape) {
            byte[] classes = new byte[shape.arrayLength()];
            voxels.get(0, classes);
            return LabelArray.of(classes);
        }
    }

    /** Shorts. */
    record Wide(ShortBuffer voxels) implements StoredLabels {

        @Override
        public void copy(int from, ByteBuffer target, int at, int length) {
            throw new IllegalArgumentException("labels of more than " + LabelArray.NARROW_CLASSES
                    + " classes do not fit into bytes; copy them into ints");
        }

        @Override
        public void copy(int from, IntBuffer target, int at, int length) {
            for (int i = 0; i < length; i++) {
                target.put(at + i, voxels.get(from + i) & 0xffff);
            }
        }

        @Override
        public LabelArray all(Shape shape) {
            short[] classes = new short[shape.arrayLength()];
            voxels.get(0, classes);
            return LabelArray.of(classes);
        }
    }
}
