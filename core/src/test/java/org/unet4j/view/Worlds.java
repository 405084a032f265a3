package org.unet4j.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.unet4j.volume.Affine;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
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

    /** More than is sent in one piece: twice 2^19 voxels, of which number i holds 31 i mod 2000. */
    static Volume large() {
        Shape shape = new Shape(4, 512, 512);
        short[] voxels = new short[shape.arrayLength()];
        for (int i = 0; i < voxels.length; i++) {
            voxels[i] = (short) (i * 31L % 2000);
        }
        return Volume.of(Grid.of(shape, new Spacing(1, 1, 1)), voxels);
    }

    /** Half of {@link #large}, and then what {@code rest} says. */
    static StudySource half(StudySource rest) {
        return new StudySource() {
            @Override
            public Study read() {
                throw new AssertionError("asked for in one piece");
            }

            @Override
            public Study read(StudyArrival arrival) throws IOException {
                Volume scan = large();
                arrival.name("ct.nii.gz", List.of());
                arrival.begin(scan);
                arrival.come(scan.grid().shape().arrayLength() / 2);
                return rest.read();
            }
        };
    }

    /** Half of {@link #large}; the rest fails when {@code seen} is counted down. */
    static StudySource breaking(CountDownLatch seen) {
        return half(() -> {
            await(seen);
            throw new IOException("[ct.nii.gz] offset 7: the gzip data ends too early; it is truncated");
        });
    }

    /** Waits a minute at most. */
    static void await(CountDownLatch latch) throws IOException {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
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
