package org.unet4j.eval;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.unet4j.volume.Box;
import org.unet4j.volume.LabelArray;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Shape;

/** The smallest box of each class, found in one pass over the voxels. */
public final class ClassBoxes {

    private static final int ENDS = 6;
    private static final int[] UNSEEN = {
        Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MIN_VALUE, Integer.MIN_VALUE, Integer.MIN_VALUE
    };

    private int[][] ends = new int[LabelArray.NARROW_CLASSES][];

    private ClassBoxes() {}

    /** Returns the boxes that hold all voxels of a class in both label maps, which are looked at on a thread each. */
    static ClassBoxes of(Labels one, Labels other) {
        Shape shape = one.grid().shape();
        if (!shape.equals(other.grid().shape())) {
            throw new IllegalArgumentException("label maps of shape " + shape + " and "
                    + other.grid().shape() + " must have the same shape; predict on the scan's own grid");
        }
        Labels[] maps = {one, other};
        return IntStream.range(0, 2)
                .parallel()
                .mapToObj(i -> of(maps[i]))
                .reduce(ClassBoxes::union)
                .orElseThrow();
    }

    /** Returns the box of class {@code cls}; of a class that has no voxel, that of the first voxel. */
    public Box of(int cls) {
        if (cls >= ends.length || ends[cls] == null) {
            return new Box(0, 0, 0, Shape.cube(1));
        }
        int[] box = ends[cls];
        return Box.between(box[0], box[1], box[2], box[3] + 1, box[4] + 1, box[5] + 1);
    }

    /** Returns the boxes of one label map's classes. */
    public static ClassBoxes of(Labels labels) {
        ClassBoxes boxes = new ClassBoxes();
        Shape shape = labels.grid().shape();
        int at = 0;
        for (int z = 0; z < shape.z(); z++) {
            for (int y = 0; y < shape.y(); y++) {
                boxes.row(labels, at, z, y, shape.x());
                at += shape.x();
            }
        }
        return boxes;
    }

    private void row(Labels labels, int at, int z, int y, int length) {
        int x = 0;
        while (x < length) {
            int cls = labels.get(at + x);
            int start = x++;
            while (x < length && labels.get(at + x) == cls) {
                x++;
            }
            if (cls != 0) {
                add(cls, new int[] {z, y, start, z, y, x - 1});
            }
        }
    }

    private void add(int cls, int[] box) {
        if (cls >= ends.length) {
            ends = Arrays.copyOf(ends, Math.max(cls + 1, 2 * ends.length));
        }
        if (ends[cls] == null) {
            ends[cls] = UNSEEN.clone();
        }
        int[] of = ends[cls];
        for (int i = 0; i < ENDS / 2; i++) {
            of[i] = Math.min(of[i], box[i]);
            of[i + ENDS / 2] = Math.max(of[i + ENDS / 2], box[i + ENDS / 2]);
        }
    }

    private ClassBoxes union(ClassBoxes other) {
        for (int cls = 0; cls < other.ends.length; cls++) {
            if (other.ends[cls] != null) {
                add(cls, other.ends[cls]);
            }
        }
        return this;
    }
}
