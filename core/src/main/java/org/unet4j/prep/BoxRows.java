package org.unet4j.prep;

import org.unet4j.volume.Box;
import org.unet4j.volume.Shape;

/** The rows of a box as runs of voxels, inside the volume and outside of it. */
record BoxRows(Shape shape, Box box) {

    /** Hears of one run. */
    @FunctionalInterface
    interface Run {

        /**
         * Called for each run, in order.
         *
         * @param from its first voxel in the volume; -1 where it lies outside
         * @param to its first voxel in the box
         */
        void at(int from, int to, int length);
    }

    static BoxRows of(Shape shape, Box box) {
        return new BoxRows(shape, box);
    }

    void forEach(Run run) {
        int width = box.shape().x();
        int before = Math.min(width, Math.max(0, -box.x0()));
        int inside = Math.max(0, Math.min(box.end(2), shape.x()) - Math.max(box.x0(), 0));
        int to = 0;
        for (int z = box.z0(); z < box.end(0); z++) {
            for (int y = box.y0(); y < box.end(1); y++) {
                if (z < 0 || z >= shape.z() || y < 0 || y >= shape.y() || inside == 0) {
                    run.at(-1, to, width);
                } else {
                    if (before > 0) {
                        run.at(-1, to, before);
                    }
                    run.at(shape.index(z, y, box.x0() + before), to + before, inside);
                    if (before + inside < width) {
                        run.at(-1, to + before + inside, width - before - inside);
                    }
                }
                to += width;
            }
        }
    }
}
