package org.unet4j.eval;

import org.unet4j.volume.Spacing;

/**
 * How much surface there is between eight neighbouring voxels: the area of the polygons of marching cubes (Lorensen and Cline
 * 1987) with their corners half-way between a voxel inside and one outside. Equal to the table in google-deepmind/surface-distance
 * (Nikolov et al. 2018), which is computed here instead: voxels that touch by a face are cut off by one polygon, of whichever of
 * inside and outside are fewer.
 */
final class SurfaceElements {

    private static final int CODES = 256;
    private static final int CORNERS = 8;
    private static final int[] AXES = {1, 2, 4};

    private final double[] faces;

    private SurfaceElements(Spacing spacing) {
        faces = new double[] {
            spacing.z() * spacing.x(), // across axis 0 of the code, y
            spacing.y() * spacing.x(), // across axis 1, z
            spacing.z() * spacing.y() // across axis 2, x
        };
    }

    /**
     * Returns the area in mm^2 for each code: bit y + 2 z + 4 x of it is set where the voxel at (z, y, x), each 0 or 1, is inside.
     * None for 0 and 255.
     */
    static double[] areas(Spacing spacing) {
        SurfaceElements elements = new SurfaceElements(spacing);
        double[] areas = new double[CODES];
        for (int code = 1; code < CODES - 1; code++) {
            areas[code] = elements.area(Integer.bitCount(code) > CORNERS / 2 ? ~code & 0xff : code);
        }
        return areas;
    }

    private double area(int inside) {
        double area = 0;
        int left = inside;
        while (left != 0) {
            int part = connected(Integer.lowestOneBit(left), inside);
            area += polygon(part);
            left &= ~part;
        }
        return area;
    }

    private static int connected(int corner, int inside) {
        int part = corner;
        for (int i = 0; i < CORNERS / 2; i++) {
            for (int at = 0; at < CORNERS; at++) {
                if ((part & (1 << at)) != 0) {
                    part |= neighbours(at) & inside;
                }
            }
        }
        return part;
    }

    private static int neighbours(int at) {
        return (1 << (at ^ AXES[0])) | (1 << (at ^ AXES[1])) | (1 << (at ^ AXES[2]));
    }

    /** Returns the area that cuts one to four connected corners off the cube, as flat pieces added up. */
    private double polygon(int part) {
        int[] edges = new int[AXES.length]; // how many edges between corners of the part run along each axis
        boolean claw = false;
        for (int at = 0; at < CORNERS; at++) {
            if ((part & (1 << at)) != 0) {
                int next = neighbours(at) & part;
                claw |= Integer.bitCount(next) == AXES.length;
                for (int axis = 0; axis < AXES.length; axis++) {
                    boolean inPart = (next & (1 << (at ^ AXES[axis]))) != 0;
                    edges[axis] += inPart && (at & AXES[axis]) == 0 ? 1 : 0; // each edge once
                }
            }
        }
        return switch (Integer.bitCount(part)) {
            case 1 -> oblique(0.125); // a triangle
            case 2 -> alongEdge(only(edges, 1), 0.5); // a rectangle
            case 3 -> faces[only(edges, 0)] / 2 + oblique(0.375); // half a face and a trapezium
            default -> claw ? oblique(0.75) : path(part, edges); // a hexagon, or what four in a row cut off
        };
    }

    /** A whole face, or, where the four wind through the cube, a rectangle in the middle and a triangle over each end. */
    private double path(int part, int[] edges) {
        for (int axis = 0; axis < AXES.length; axis++) {
            if (edges[axis] == 0) {
                return faces[axis];
            }
        }
        double area = oblique(0.5);
        for (int at = 0; at < CORNERS; at++) {
            int next = neighbours(at) & part;
            if ((part & (1 << at)) != 0 && Integer.bitCount(next) == 1) {
                int along = Integer.numberOfTrailingZeros(next) ^ at;
                area += alongEdge(Integer.numberOfTrailingZeros(along), 0.25);
            }
        }
        return area;
    }

    private static int only(int[] edges, int count) {
        for (int axis = 0; axis < AXES.length; axis++) {
            if (edges[axis] == count) {
                return axis;
            }
        }
        throw new IllegalStateException("no axis has " + count + " edges");
    }

    /** Returns the area of a piece whose shadow on each of the three faces is this share of the face. */
    private double oblique(double share) {
        return share * Math.sqrt(faces[0] * faces[0] + faces[1] * faces[1] + faces[2] * faces[2]);
    }

    /** Returns the area of a piece parallel to {@code axis} whose shadow on both faces along it is this share of the face. */
    private double alongEdge(int axis, double share) {
        return share * Math.hypot(faces[(axis + 1) % AXES.length], faces[(axis + 2) % AXES.length]);
    }
}
