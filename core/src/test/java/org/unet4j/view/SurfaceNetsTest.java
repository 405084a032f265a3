package org.unet4j.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.unet4j.volume.Box;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;

class SurfaceNetsTest {

    /** Returns a ball of class 7 in voxels of a spacing, its middle in the middle. */
    private static Labels ball(double radiusMm, Spacing spacing) {
        double[] mm = spacing.toArray();
        int[] size = new int[3];
        for (int axis = 0; axis < 3; axis++) {
            size[axis] = (int) Math.ceil(2 * radiusMm / mm[axis]) + 3;
        }
        Shape shape = Shape.of(size);
        byte[] voxels = new byte[shape.arrayLength()];
        for (int z = 0; z < shape.z(); z++) {
            for (int y = 0; y < shape.y(); y++) {
                for (int x = 0; x < shape.x(); x++) {
                    double distance = Math.hypot(
                            Math.hypot((z - (shape.z() - 1) / 2.0) * mm[0], (y - (shape.y() - 1) / 2.0) * mm[1]),
                            (x - (shape.x() - 1) / 2.0) * mm[2]);
                    voxels[shape.index(z, y, x)] = (byte) (distance <= radiusMm ? 7 : 3);
                }
            }
        }
        return new Labels(Grid.of(shape, spacing), voxels);
    }

    private static Mesh surface(Labels labels, int cls) {
        return SurfaceNets.of(labels, cls, ClassBoxes.of(labels).find(cls).orElseThrow());
    }

    private static double[] corner(Mesh mesh, int vertex) {
        float[] p = mesh.positions();
        return new double[] {p[3 * vertex], p[3 * vertex + 1], p[3 * vertex + 2]};
    }

    private static double[] cross(double[] a, double[] b, double[] c) {
        double[] u = {b[0] - a[0], b[1] - a[1], b[2] - a[2]};
        double[] v = {c[0] - a[0], c[1] - a[1], c[2] - a[2]};
        return new double[] {u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]};
    }

    /** By the divergence theorem: positive only if faces look outwards. */
    private static double volume(Mesh mesh) {
        int[] triangles = mesh.triangles();
        double sum = 0;
        for (int i = 0; i < triangles.length; i += 3) {
            double[] a = corner(mesh, triangles[i]);
            double[] n = cross(a, corner(mesh, triangles[i + 1]), corner(mesh, triangles[i + 2]));
            sum += (a[0] * n[0] + a[1] * n[1] + a[2] * n[2]) / 6;
        }
        return sum;
    }

    private static double area(Mesh mesh) {
        int[] triangles = mesh.triangles();
        double sum = 0;
        for (int i = 0; i < triangles.length; i += 3) {
            double[] n =
                    cross(corner(mesh, triangles[i]), corner(mesh, triangles[i + 1]), corner(mesh, triangles[i + 2]));
            sum += Math.hypot(Math.hypot(n[0], n[1]), n[2]) / 2;
        }
        return sum;
    }

    /** Each edge is walked as often one way as the other. */
    private static void assertClosed(Mesh mesh) {
        Map<Long, Integer> balance = new HashMap<>();
        int[] triangles = mesh.triangles();
        for (int i = 0; i < triangles.length; i += 3) {
            for (int j = 0; j < 3; j++) {
                int a = triangles[i + j];
                int b = triangles[i + (j + 1) % 3];
                balance.merge(((long) Math.min(a, b) << 32) | Math.max(a, b), a < b ? 1 : -1, Integer::sum);
            }
        }
        assertThat(balance.values()).isNotEmpty().containsOnly(0);
    }

    @Test
    void oneVoxelIsAClosedBoxOfEightCorners() {
        byte[] voxels = new byte[27];
        voxels[13] = 2;
        Mesh mesh = surface(new Labels(Grid.of(Shape.cube(3), new Spacing(3, 2, 1)), voxels), 2);
        assertThat(mesh.positions()).hasSize(24);
        assertThat(mesh.quads()).hasSize(24);
        assertClosed(mesh);
        // Of a corner's three cut edges the middles' mean is a third of a voxel from the corner of the cube about it.
        assertThat(volume(mesh)).isCloseTo(6 / 27.0, within(1e-6));
    }

    @Test
    void aBallHasTheVolumeAndTheAreaOfItsFormula() {
        for (Spacing spacing : new Spacing[] {new Spacing(1, 1, 1), new Spacing(2, 0.8, 0.8)}) {
            Mesh mesh = surface(ball(15, spacing), 7).smooth();
            assertClosed(mesh);
            // 3 %: a ball of voxels differs from the ball, and smoothing shrinks a little.
            assertThat(volume(mesh)).isCloseTo(4.0 / 3 * Math.PI * 15 * 15 * 15, within(0.03 * 14137));
            assertThat(area(mesh)).isCloseTo(4 * Math.PI * 15 * 15, within(0.03 * 2827));
        }
    }

    @Test
    void aClassThatReachesTheBorderIsClosedThere() {
        Shape shape = new Shape(3, 4, 5);
        byte[] voxels = new byte[shape.arrayLength()];
        java.util.Arrays.fill(voxels, (byte) 1);
        Mesh mesh = surface(new Labels(Grid.of(shape, new Spacing(1, 1, 1)), voxels), 1);
        assertClosed(mesh);
        // The box of 60 voxels but for its edges and corners.
        assertThat(volume(mesh)).isBetween(45.0, 60.0);
    }

    @Test
    void aClassThatDoesNotOccurHasNoSurface() {
        assertThat(ClassBoxes.of(ball(3, new Spacing(1, 1, 1))).find(5)).isEmpty();
    }

    @Test
    void boxesHoldEachClassAndNoMore() {
        Shape shape = new Shape(4, 5, 6);
        byte[] voxels = new byte[shape.arrayLength()];
        voxels[shape.index(0, 4, 5)] = 1;
        voxels[shape.index(2, 1, 0)] = 1;
        voxels[shape.index(2, 1, 1)] = 9;
        voxels[shape.index(2, 1, 2)] = 9;
        ClassBoxes boxes = ClassBoxes.of(new Labels(Grid.of(shape, new Spacing(1, 1, 1)), voxels));
        assertThat(boxes.find(1)).hasValue(Box.between(0, 1, 0, 3, 5, 6));
        assertThat(boxes.find(9)).hasValue(Box.between(2, 1, 1, 3, 2, 3));
        assertThat(boxes.find(0)).isEmpty();
    }

    @Test
    void bytesHoldVerticesThenTriangles() {
        Mesh mesh = surface(ball(3, new Spacing(1, 1, 1)), 7);
        ByteBuffer bytes = ByteBuffer.wrap(mesh.toBytes()).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(bytes.getInt()).isEqualTo(mesh.positions().length / 3);
        for (float position : mesh.positions()) {
            assertThat(bytes.getFloat()).isEqualTo(position);
        }
        for (int vertex : mesh.triangles()) {
            assertThat(bytes.getInt()).isEqualTo(vertex);
        }
        assertThat(bytes.hasRemaining()).isFalse();
    }
}
