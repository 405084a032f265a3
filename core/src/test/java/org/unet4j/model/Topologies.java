package org.unet4j.model;

import java.util.List;
import java.util.stream.IntStream;
import org.unet4j.prep.Topology;
import org.unet4j.volume.Shape;

/** Topologies for tests. */
final class Topologies {

    private Topologies() {}

    /** Returns stages of 3x3x3 convolutions, each half the size of the one before. */
    static Topology cubes(Integer... features) {
        List<Shape> kernels = IntStream.range(0, features.length)
                .mapToObj(stage -> Shape.cube(3))
                .toList();
        List<Shape> strides = IntStream.range(0, features.length)
                .mapToObj(stage -> Shape.cube(stage == 0 ? 1 : 2))
                .toList();
        return new Topology(strides, kernels, List.of(features));
    }

    /** Returns stages as for thick slices, with odd numbers of features; its patches divide by (2, 8, 4). */
    static Topology slices() {
        return new Topology(
                List.of(Shape.cube(1), new Shape(1, 2, 2), new Shape(2, 2, 2), new Shape(1, 2, 1)),
                List.of(new Shape(1, 3, 3), new Shape(1, 3, 3), Shape.cube(3), Shape.cube(3)),
                List.of(5, 7, 9, 11));
    }
}
