package org.unet4j.view;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.unet4j.volume.Affine;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Volume;

/** A scan whose every voxel says where it is, stored from left to right, from front to back: L, P, S. */
final class Worlds {
    static final Shape SHAPE = new Shape(12, 20, 30);

    private Worlds() {}

    /** Voxel (z, y, x) holds 100 z + 10 y + x - 1000: a CT by its looks. Voxels are 4 x 2 x 1 mm. */
    static Volume scan() {
        Grid grid = new Grid(SHAPE, new Affine(-1, 0, 0, 15, 0, -2, 0, 20, 0, 0, 4, -30));
        short[] voxels = new short[SHAPE.arrayLength()];
        for (int z = 0; z < SHAPE.z(); z++) {
            for (int y = 0; y < SHAPE.y(); y++) {
                for (int x = 0; x < SHAPE.x(); x++) {
                    voxels[SHAPE.index(z, y, x)] = (short) (100 * z + 10 * y + x - 1000);
                }
            }
        }
        return Volume.of(grid, voxels);
    }

    /** A box of class 1 from the given column on, and one voxel of class 2. */
    static Labels labels(int column) {
        byte[] voxels = new byte[SHAPE.arrayLength()];
        for (int z = 3; z < 9; z++) {
            for (int y = 5; y < 15; y++) {
                for (int x = column; x < column + 10; x++) {
                    voxels[SHAPE.index(z, y, x)] = 1;
                }
            }
        }
        voxels[SHAPE.index(10, 2, 2)] = 2;
        return new Labels(scan().grid(), voxels);
    }

    static Study study() {
        var names = new TreeMap<>(Map.of(1, "box", 2, "<i>dot</i>"));
        return Study.of(
                "scan.nii.gz",
                scan(),
                List.of(new LabelMap("reference", labels(8), names), new LabelMap("predicted", labels(10), names)));
    }
}
