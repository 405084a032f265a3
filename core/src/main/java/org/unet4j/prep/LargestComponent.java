package org.unet4j.prep;

import java.util.Arrays;
import org.unet4j.volume.Box;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Volume;
import org.unet4j.volume.VoxelType;

/**
 * Finds the largest component, connected through faces, of the voxels above a threshold. Rows are turned into runs and runs
 * that touch are joined (union-find), so the time is linear in voxels and the memory in runs.
 */
final class LargestComponent {

    private final Shape shape;
    private final float threshold;
    private final int[] above;
    private final int[] firstRun;
    private int[] start = new int[1024];
    private int[] end = new int[1024];
    private int[] row = new int[1024];
    private int[] parent = new int[1024];
    private int runs;
    private int rows;

    LargestComponent(Shape shape, double threshold) {
        this.shape = shape;
        this.threshold = (float) threshold;
        this.above = new int[shape.x()];
        this.firstRun = new int[Math.multiplyExact(shape.z(), shape.y()) + 1];
    }

    /** Returns the box around the largest component; the whole volume where no voxel is above {@code threshold}. */
    static Box box(Volume volume, double threshold) {
        LargestComponent components = new LargestComponent(volume.grid().shape(), threshold);
        boolean areShorts = volume.type() == VoxelType.INT16 && volume.slope() == 1 && volume.intercept() == 0;
        float[] line = new float[components.above.length];
        for (int from = 0; components.rows < components.firstRun.length - 1; from += line.length) {
            if (areShorts) {
                components.row((short[]) volume.array(), from);
            } else {
                volume.copyTo(from, line, 0, line.length);
                components.row(line);
            }
        }
        return components.box();
    }

    /** Takes the next row. */
    void row(float[] line) {
        for (int x = 0; x < above.length; x++) {
            above[x] = line[x] > threshold ? -1 : 0;
        }
        join();
    }

    private void row(short[] voxels, int from) {
        int most = (int) Math.floor(threshold);
        for (int x = 0; x < above.length; x++) {
            above[x] = most - voxels[from + x];
        }
        join();
    }

    /** Joins the runs of the next row, where {@code above} is negative, with those that they touch. */
    private void join() {
        int at = rows++;
        addRuns(at);
        firstRun[at + 1] = runs;
        if (at % shape.y() > 0) {
            touch(firstRun[at - 1], firstRun[at], firstRun[at]);
        }
        if (at >= shape.y()) {
            touch(firstRun[at - shape.y()], firstRun[at - shape.y() + 1], firstRun[at]);
        }
    }

    private void addRuns(int at) {
        int from = 0;
        int before = 0;
        for (int x = 0; x < above.length; x++) {
            int sign = above[x] >> (Integer.SIZE - 1);
            if (sign != before) {
                if (before != 0) {
                    add(from, x, at);
                }
                from = x;
                before = sign;
            }
        }
        if (before != 0) {
            add(from, above.length, at);
        }
    }

    private void add(int from, int to, int at) {
        if (runs == start.length) {
            int larger = Math.multiplyExact(runs, 2);
            start = Arrays.copyOf(start, larger);
            end = Arrays.copyOf(end, larger);
            row = Arrays.copyOf(row, larger);
            parent = Arrays.copyOf(parent, larger);
        }
        start[runs] = from;
        end[runs] = to;
        row[runs] = at;
        parent[runs] = runs;
        runs++;
    }

    /** Joins the runs from {@code first} to {@code firstEnd} of an earlier row with those of the newest row. */
    private void touch(int first, int firstEnd, int second) {
        int a = first;
        int b = second;
        while (a < firstEnd && b < runs) {
            if (start[a] < end[b] && start[b] < end[a]) {
                int rootA = root(a);
                int rootB = root(b);
                parent[Math.max(rootA, rootB)] = Math.min(rootA, rootB);
            }
            if (end[a] < end[b]) {
                a++;
            } else {
                b++;
            }
        }
    }

    private int root(int run) {
        int at = run;
        while (parent[at] != at) {
            parent[at] = parent[parent[at]];
            at = parent[at];
        }
        return at;
    }

    /** Returns the box around the largest component of the rows that were taken. */
    Box box() {
        return runs == 0 ? Box.all(shape) : largest();
    }

    private Box largest() {
        long[] sizes = new long[runs];
        int best = 0;
        for (int run = 0; run < runs; run++) {
            sizes[root(run)] += end[run] - start[run];
        }
        for (int run = 0; run < runs; run++) {
            best = sizes[run] > sizes[best] ? run : best;
        }
        int[] from = {Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE};
        int[] to = {0, 0, 0};
        for (int run = 0; run < runs; run++) {
            if (root(run) == best) {
                int[] at = {row[run] / shape.y(), row[run] % shape.y()};
                for (int axis = 0; axis < at.length; axis++) {
                    from[axis] = Math.min(from[axis], at[axis]);
                    to[axis] = Math.max(to[axis], at[axis] + 1);
                }
                from[2] = Math.min(from[2], start[run]);
                to[2] = Math.max(to[2], end[run]);
            }
        }
        return Box.between(from[0], from[1], from[2], to[0], to[1], to[2]);
    }
}
