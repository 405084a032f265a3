package org.unet4j.augment;

import java.util.List;
import org.unet4j.volume.Shape;

/** Sets of axes: 0 is z, 1 is y, 2 is x. */
final class Axes {

    static final List<Integer> ALL = List.of(0, 1, 2);

    private Axes() {}

    /** Returns the name of an axis. */
    static String name(int axis) {
        return "zyx".substring(axis, axis + 1);
    }

    /** Returns {@code axes} in ascending order after checking that each is 0, 1 or 2 and stands there once. */
    static List<Integer> check(String name, List<Integer> axes) {
        List<Integer> sorted = axes.stream().sorted().distinct().toList();
        if (sorted.size() != axes.size() || sorted.stream().anyMatch(axis -> axis < 0 || axis >= Shape.AXES)) {
            throw new IllegalArgumentException(
                    name + " axes " + axes + " must be different ones of 0 (z), 1 (y) and 2 (x)");
        }
        return sorted;
    }
}
