package org.unet4j.prep;

import org.unet4j.volume.Box;
import org.unet4j.volume.Components;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Volume;
import org.unet4j.volume.VoxelType;

/** Finds the largest component, connected through faces, of the voxels above a threshold. */
final class LargestComponent {

    private final Shape shape;
    private final float threshold;
    private final int[] above;
    private final Components components;

    LargestComponent(Shape shape, double threshold) {
        this.shape = shape;
        this.threshold = (float) threshold;
        this.above = new int[shape.x()];
        this.components = new Components(shape, Components.Neighbours.FACES);
    }

    /** Returns the box around the largest component; the whole volume where no voxel is above {@code threshold}. */
    static Box box(Volume volume, double threshold) {
        Shape shape = volume.grid().shape();
        LargestComponent largest = new LargestComponent(shape, threshold);
        boolean areShorts = volume.type() == VoxelType.INT16 && volume.slope() == 1 && volume.intercept() == 0;
        float[] line = new float[shape.x()];
        for (int from = 0; from < shape.arrayLength(); from += line.length) {
            if (areShorts) {
                largest.row((short[]) volume.array(), from);
            } else {
                volume.copyTo(from, line, 0, line.length);
                largest.row(line);
            }
        }
        return largest.box();
    }

    /** Takes the next row. */
    void row(float[] line) {
        for (int x = 0; x < above.length; x++) {
            above[x] = line[x] > threshold ? -1 : 0;
        }
        components.add(above);
    }

    private void row(short[] voxels, int from) {
        int most = (int) Math.floor(threshold);
        for (int x = 0; x < above.length; x++) {
            above[x] = most - voxels[from + x];
        }
        components.add(above);
    }

    /** Returns the box around the largest component of the rows that were taken. */
    Box box() {
        return components.runs() == 0 ? Box.all(shape) : largest();
    }

    private Box largest() {
        int best = components.largest();
        int[] from = {Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE};
        int[] to = {0, 0, 0};
        for (int run = 0; run < components.runs(); run++) {
            if (components.component(run) == best) {
                int[] at = {components.row(run) / shape.y(), components.row(run) % shape.y()};
                for (int axis = 0; axis < at.length; axis++) {
                    from[axis] = Math.min(from[axis], at[axis]);
                    to[axis] = Math.max(to[axis], at[axis] + 1);
                }
                from[2] = Math.min(from[2], components.start(run));
                to[2] = Math.max(to[2], components.end(run));
            }
        }
        return Box.between(from[0], from[1], from[2], to[0], to[1], to[2]);
    }
}
