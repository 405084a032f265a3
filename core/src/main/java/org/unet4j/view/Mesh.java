package org.unet4j.view;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A surface of faces with four corners. Arrays are not copied; whoever has them does not change them. */
final class Mesh {

    private static final int ITERATIONS = 12;
    private static final float SHRINK = 0.5f;
    private static final float SWELL = -0.53f;

    private final float[] positions;
    private final int[] quads;

    /**
     * Makes a mesh.
     *
     * @param positions x, y, z of each vertex in mm
     * @param quads four vertices of each face, counter-clockwise as seen from outside
     */
    Mesh(float[] positions, int[] quads) {
        this.positions = positions;
        this.quads = quads;
    }

    /** Returns x, y, z of each vertex in mm. */
    float[] positions() {
        return positions;
    }

    /** Returns four vertices of each face, counter-clockwise as seen from outside. */
    int[] quads() {
        return quads;
    }

    /**
     * Returns the mesh with the voxels' stairs taken off, by Taubin's filter (1995, "A signal processing approach to fair surface
     * design"): {@value #ITERATIONS} times each vertex goes half the way to the mean of its neighbours, then all go back a little
     * more, which keeps the volume.
     */
    Mesh smooth() {
        float[] smooth = positions.clone();
        float[] sums = new float[positions.length];
        int[] neighbours = new int[positions.length / 3];
        for (int vertex : quads) {
            neighbours[vertex] += 2;
        }
        for (int i = 0; i < ITERATIONS; i++) {
            step(smooth, sums, neighbours, SHRINK);
            step(smooth, sums, neighbours, SWELL);
        }
        return new Mesh(smooth, quads);
    }

    private void step(float[] places, float[] sums, int[] neighbours, float share) {
        Arrays.fill(sums, 0);
        for (int face = 0; face < quads.length; face += 4) {
            for (int corner = 0; corner < 4; corner++) {
                int a = 3 * quads[face + corner];
                int b = 3 * quads[face + ((corner + 1) & 3)];
                for (int axis = 0; axis < 3; axis++) {
                    sums[a + axis] += places[b + axis];
                    sums[b + axis] += places[a + axis];
                }
            }
        }
        for (int i = 0; i < places.length; i++) {
            places[i] += share * (sums[i] / neighbours[i / 3] - places[i]);
        }
    }

    /** Returns the mesh moved by x, y, z, in mm, and then rounded to steps, which leaves little that has to be stored. */
    Mesh rounded(double[] shift, float stepMm) {
        float[] places = new float[positions.length];
        for (int i = 0; i < places.length; i++) {
            places[i] = Math.round((positions[i] + shift[i % 3]) / stepMm) * stepMm;
        }
        return new Mesh(places, quads);
    }

    /** Returns the triangles: three vertices each, two for a face. */
    int[] triangles() {
        int[] triangles = new int[quads.length / 4 * 6];
        for (int face = 0, at = 0; face < quads.length; face += 4, at += 6) {
            triangles[at] = quads[face];
            triangles[at + 1] = quads[face + 1];
            triangles[at + 2] = quads[face + 2];
            triangles[at + 3] = quads[face];
            triangles[at + 4] = quads[face + 2];
            triangles[at + 5] = quads[face + 3];
        }
        return triangles;
    }

    /** Returns, little-endian: the number of vertices, positions as 32-bit floats, triangles as 32-bit integers. */
    byte[] toBytes() {
        int[] triangles = triangles();
        ByteBuffer bytes = ByteBuffer.allocate(4 * (1 + positions.length + triangles.length))
                .order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(positions.length / 3);
        bytes.asFloatBuffer().put(positions);
        bytes.position(4 + 4 * positions.length).asIntBuffer().put(triangles);
        return bytes.array();
    }
}
