package org.unet4j.view;

import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;

/** Shapes of fewer, larger voxels. */
final class Coarser {

    private static final int HALVINGS = 60;

    private Coarser() {}

    /** Returns the shape in which voxels are at least {@code mm} along every axis, as nearly as whole numbers of them are. */
    static Shape atLeast(Shape shape, Spacing spacing, double mm) {
        int[] sizes = new int[Shape.AXES];
        for (int axis = 0; axis < Shape.AXES; axis++) {
            double larger = Math.max(1, mm / spacing.get(axis));
            sizes[axis] = Math.max(1, (int) (shape.get(axis) / larger));
        }
        return Shape.of(sizes);
    }

    /** Returns the shape of at most a share of the voxels, in (0, 1], or of one: the shortest sides of voxels grow until all are the same. */
    static Shape shape(Shape shape, Spacing spacing, double share) {
        double least = 0;
        double most = 2 * Math.max(spacing.z() * shape.z(), Math.max(spacing.y() * shape.y(), spacing.x() * shape.x()));
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (least + most) / 2;
            if (atLeast(shape, spacing, middle).voxels() <= share * shape.voxels()) {
                most = middle;
            } else {
                least = middle;
            }
        }
        return atLeast(shape, spacing, most);
    }
}
