package org.unet4j.volume;

import java.util.Arrays;

/**
 * Connected components of a set of voxels. Rows are turned into runs of voxels, and runs that touch are joined (union-find), so the
 * time is linear in voxels and the memory in runs.
 */
public final class Components {

    /** Which voxels touch. */
    public enum Neighbours {
        /** The 6 that share a face. */
        FACES,
        /** The 26 that share a face, an edge or a corner. */
        ALL
    }

    /** Says which voxels belong to the set. */
    @FunctionalInterface
    public interface Rows {

        /** Sets {@code inside} to a negative number for each voxel of row {@code row} (z times rows + y) that belongs to the set. */
        void compare(int row, int[] inside);
    }

    private final Shape shape;
    private final int reach;
    private final int[] firstRun;
    private int rows;
    private int[] start = new int[1024];
    private int[] end = new int[1024];
    private int[] row = new int[1024];
    private int[] parent = new int[1024];
    private int runs;

    /** Begins with no row; {@link #add} takes them one by one. */
    public Components(Shape shape, Neighbours neighbours) {
        this.shape = shape;
        this.reach = neighbours == Neighbours.ALL ? 1 : 0;
        this.firstRun = new int[Math.multiplyExact(shape.z(), shape.y()) + 1];
    }

    /** Returns the components of the voxels that {@code rows} names. */
    public static Components of(Shape shape, Neighbours neighbours, Rows rows) {
        Components components = new Components(shape, neighbours);
        int[] inside = new int[shape.x()];
        for (int row = 0; row < components.firstRun.length - 1; row++) {
            rows.compare(row, inside);
            components.add(inside);
        }
        return components;
    }

    /** Takes the next row, where the voxels of the set are negative, and joins its runs with those that they touch. */
    public void add(int[] inside) {
        int at = rows++;
        addRuns(inside, at);
        firstRun[at + 1] = runs;
        int y = at % shape.y();
        if (y > 0) {
            touch(at - 1, at);
        }
        int below = at - shape.y();
        if (below >= 0) {
            for (int other = Math.max(0, y - reach); other <= Math.min(shape.y() - 1, y + reach); other++) {
                touch(below - y + other, at);
            }
        }
    }

    /** Returns the number of runs: stretches of voxels along a row, in z, y, x order. */
    public int runs() {
        return runs;
    }

    /** Returns the first voxel of a run in its row. */
    public int start(int run) {
        return start[run];
    }

    /** Returns the voxel after the last of a run in its row. */
    public int end(int run) {
        return end[run];
    }

    /** Returns the row of a run: z times rows + y. */
    public int row(int run) {
        return row[run];
    }

    /** Returns the component of a run: the number of its first run. */
    public int component(int run) {
        return root(run);
    }

    /** Returns the number of voxels of each component, by its number; 0 for numbers that are none's. */
    public long[] sizes() {
        long[] sizes = new long[runs];
        for (int run = 0; run < runs; run++) {
            sizes[root(run)] += end[run] - start[run];
        }
        return sizes;
    }

    /** Returns the largest component; of several, the first; -1 where there is none. */
    public int largest() {
        long[] sizes = sizes();
        int best = runs == 0 ? -1 : 0;
        for (int run = 0; run < runs; run++) {
            best = sizes[run] > sizes[best] ? run : best;
        }
        return best;
    }

    private void addRuns(int[] inside, int at) {
        int from = 0;
        int before = 0;
        for (int x = 0; x < inside.length; x++) {
            int sign = inside[x] >> (Integer.SIZE - 1);
            if (sign != before) {
                if (before != 0) {
                    add(from, x, at);
                }
                from = x;
                before = sign;
            }
        }
        if (before != 0) {
            add(from, inside.length, at);
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

    /** Joins the runs of an earlier row with those of row {@code at}, the newest, that are within reach. */
    private void touch(int earlier, int at) {
        int a = firstRun[earlier];
        int b = firstRun[at];
        while (a < firstRun[earlier + 1] && b < runs) {
            if (start[a] < end[b] + reach && start[b] < end[a] + reach) {
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
}
