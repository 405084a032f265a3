package org.unet4j.view;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.unet4j.volume.Box;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Shape;

/** The smallest box about each class of a label map, all found in one pass. */
final class ClassBoxes {
    private final Map<Integer, int[]> ends;

    private ClassBoxes(Map<Integer, int[]> ends) {
        this.ends = ends;
    }

    /** Returns those of every class that occurs, but the background. */
    static ClassBoxes of(Labels labels) {
        Shape shape = labels.grid().shape();
        Map<Integer, int[]> ends = new HashMap<>();
        for (int z = 0; z < shape.z(); z++) {
            for (int y = 0; y < shape.y(); y++) {
                int row = shape.index(z, y, 0);
                for (int x = 0; x < shape.x(); x++) {
                    int cls = labels.get(row + x);
                    int first = x;
                    while (x + 1 < shape.x() && labels.get(row + x + 1) == cls) {
                        x++;
                    }
                    if (cls != 0) {
                        widen(
                                ends.computeIfAbsent(cls, none -> new int[] {shape.z(), shape.y(), shape.x(), 0, 0, 0}),
                                z,
                                y,
                                first,
                                x);
                    }
                }
            }
        }
        return new ClassBoxes(ends);
    }

    private static void widen(int[] ends, int z, int y, int first, int last) {
        ends[0] = Math.min(ends[0], z);
        ends[1] = Math.min(ends[1], y);
        ends[2] = Math.min(ends[2], first);
        ends[3] = Math.max(ends[3], z + 1);
        ends[4] = Math.max(ends[4], y + 1);
        ends[5] = Math.max(ends[5], last + 1);
    }

    /** Returns the box about a class; nothing where it does not occur. */
    Optional<Box> find(int cls) {
        return Optional.ofNullable(ends.get(cls)).map(ClassBoxes::box);
    }

    /** Returns the box about all classes; nothing where there is none. */
    Optional<Box> all() {
        return ends.values().stream()
                .reduce((one, other) -> new int[] {
                    Math.min(one[0], other[0]),
                    Math.min(one[1], other[1]),
                    Math.min(one[2], other[2]),
                    Math.max(one[3], other[3]),
                    Math.max(one[4], other[4]),
                    Math.max(one[5], other[5])
                })
                .map(ClassBoxes::box);
    }

    /** Returns each class that occurs, in order. */
    SortedSet<Integer> classes() {
        return new TreeSet<>(ends.keySet());
    }

    private static Box box(int[] at) {
        return Box.between(at[0], at[1], at[2], at[3], at[4], at[5]);
    }
}
