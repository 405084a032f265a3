package org.unet4j.view;

import java.util.Arrays;
import org.unet4j.volume.Box;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;

/**
 * The surface between one class and everything else, as naive surface nets (Gibson 1998, "Constrained elastic surface nets", the
 * first net): of each cube between eight voxel centres that are not all inside or all outside, a vertex at the mean of the middles
 * of its cut edges; of each cut edge, the four vertices about it as a face. Closed wherever the class ends, at the volume's border
 * too. Differs: the mesh is relaxed afterwards by {@link Mesh#smooth}, not within its cubes.
 */
final class SurfaceNets {

    /** Pairs of a cube's corners; bit 0, 1, 2 of a corner's number: x, y, z. */
    private static final int[][] EDGES = {
        {0, 1}, {2, 3}, {4, 5}, {6, 7}, {0, 2}, {1, 3}, {4, 6}, {5, 7}, {0, 4}, {1, 5}, {2, 6}, {3, 7}
    };

    private final byte[] inside;
    private final int columns;
    private final int rows;
    private final int slices;
    private final Box box;
    private final Spacing spacing;

    private float[] positions = new float[1 << 12];
    private int coordinates;
    private int[] quads = new int[1 << 12];
    private int corners;

    /** Of this and the last layer of cubes: the number of each one's vertex. */
    private int[] here;

    private int[] below;

    private SurfaceNets(byte[] inside, Box box, Spacing spacing) {
        this.inside = inside;
        this.box = box;
        this.spacing = spacing;
        // A voxel outside about the box closes the surface.
        columns = box.shape().x() + 2;
        rows = box.shape().y() + 2;
        slices = box.shape().z() + 2;
        here = new int[rows * columns];
        below = new int[rows * columns];
    }

    /**
     * Returns the surface of a class: places are the voxels' numbers times the spacing, x, y, z in mm. Faces are counter-clockwise
     * seen from outside.
     *
     * @param box that holds the whole class
     */
    static Mesh of(Labels labels, int cls, Box box) {
        var nets = new SurfaceNets(mask(labels, cls, box), box, labels.grid().spacing());
        nets.march();
        return new Mesh(Arrays.copyOf(nets.positions, nets.coordinates), Arrays.copyOf(nets.quads, nets.corners));
    }

    private static byte[] mask(Labels labels, int cls, Box box) {
        Shape inner = box.shape();
        int columns = inner.x() + 2;
        int rows = inner.y() + 2;
        byte[] mask = new byte[Math.multiplyExact(Math.multiplyExact(inner.z() + 2, rows), columns)];
        Shape shape = labels.grid().shape();
        for (int z = 0; z < inner.z(); z++) {
            for (int y = 0; y < inner.y(); y++) {
                int from = shape.index(box.z0() + z, box.y0() + y, box.x0());
                int at = ((z + 1) * rows + y + 1) * columns + 1;
                for (int x = 0; x < inner.x(); x++) {
                    mask[at + x] = (byte) (labels.get(from + x) == cls ? 1 : 0);
                }
            }
        }
        return mask;
    }

    private void march() {
        for (int z = 0; z < slices - 1; z++) {
            int[] swap = below;
            below = here;
            here = swap;
            for (int y = 0; y < rows - 1; y++) {
                for (int x = 0; x < columns - 1; x++) {
                    cube(x, y, z);
                }
            }
        }
    }

    private void cube(int x, int y, int z) {
        int first = (z * rows + y) * columns + x;
        int layer = rows * columns;
        int cut = 0;
        for (int corner = 0; corner < 8; corner++) {
            cut |= inside[first + (corner & 1) + ((corner >> 1) & 1) * columns + (corner >> 2) * layer] << corner;
        }
        if (cut == 0 || cut == 0xff) {
            return;
        }
        here[y * columns + x] = vertex(cut, x, y, z);
        boolean in = (cut & 1) != 0;
        int at = y * columns + x;
        if (in != ((cut & 2) != 0)) {
            face(in, below[at - columns], below[at], here[at], here[at - columns]);
        }
        if (in != ((cut & 4) != 0)) {
            face(in, below[at - 1], here[at - 1], here[at], below[at]);
        }
        if (in != ((cut & 16) != 0)) {
            face(in, here[at - columns - 1], here[at - columns], here[at], here[at - 1]);
        }
    }

    /** Adds the vertex of a cube whose corners inside are the bits of {@code cut}; returns its number. */
    private int vertex(int cut, int x, int y, int z) {
        int twiceX = 0;
        int twiceY = 0;
        int twiceZ = 0;
        int edges = 0;
        for (int[] edge : EDGES) {
            if (((cut >> edge[0]) & 1) != ((cut >> edge[1]) & 1)) {
                twiceX += (edge[0] & 1) + (edge[1] & 1);
                twiceY += ((edge[0] >> 1) & 1) + ((edge[1] >> 1) & 1);
                twiceZ += (edge[0] >> 2) + (edge[1] >> 2);
                edges++;
            }
        }
        if (coordinates + 3 > positions.length) {
            positions = Arrays.copyOf(positions, positions.length * 2);
        }
        positions[coordinates++] = (float) ((box.x0() - 1 + x + 0.5 * twiceX / edges) * spacing.x());
        positions[coordinates++] = (float) ((box.y0() - 1 + y + 0.5 * twiceY / edges) * spacing.y());
        positions[coordinates++] = (float) ((box.z0() - 1 + z + 0.5 * twiceZ / edges) * spacing.z());
        return coordinates / 3 - 1;
    }

    /** Adds a face, given counter-clockwise as seen from the far end of the cut edge, which is outside if {@code outward}. */
    private void face(boolean outward, int a, int b, int c, int d) {
        if (corners + 4 > quads.length) {
            quads = Arrays.copyOf(quads, quads.length * 2);
        }
        quads[corners++] = a;
        quads[corners++] = outward ? b : d;
        quads[corners++] = c;
        quads[corners++] = outward ? d : b;
    }
}
