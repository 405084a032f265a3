package org.unet4j.prep;

import java.util.List;
import org.unet4j.volume.Box;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Volume;

/** Finds the smallest box around the voxels that are not zero in some channel. */
final class NonZeroBox {

    private final Shape shape;
    private final int[] from;
    private final int[] to = {0, 0, 0};
    private int rows;

    NonZeroBox(Shape shape) {
        this.shape = shape;
        this.from = shape.toArray();
    }

    /** Returns that box; the whole volume where all voxels are zero. */
    static Box of(List<Volume> channels) {
        NonZeroBox found = new NonZeroBox(channels.get(0).grid().shape());
        float[] line = new float[found.shape.x()];
        int rows = found.shape.z() * found.shape.y();
        for (Volume channel : channels) {
            for (int row = 0; row < rows; row++) {
                channel.copyTo(row * line.length, line, 0, line.length);
                found.row(line);
            }
        }
        return found.box();
    }

    /** Takes the next row of a channel, or the first of the next channel. */
    void row(float[] line) {
        int row = rows;
        rows = (rows + 1) % (shape.z() * shape.y());
        int first = 0;
        while (first < line.length && line[first] == 0) {
            first++;
        }
        if (first == line.length) {
            return;
        }
        int last = line.length - 1;
        while (line[last] == 0) {
            last--;
        }
        widen(0, row / shape.y(), row / shape.y() + 1);
        widen(1, row % shape.y(), row % shape.y() + 1);
        widen(2, first, last + 1);
    }

    private void widen(int axis, int start, int end) {
        from[axis] = Math.min(from[axis], start);
        to[axis] = Math.max(to[axis], end);
    }

    /** Returns the box of the rows that were taken. */
    Box box() {
        return to[0] == 0 ? Box.all(shape) : Box.between(from[0], from[1], from[2], to[0], to[1], to[2]);
    }
}
