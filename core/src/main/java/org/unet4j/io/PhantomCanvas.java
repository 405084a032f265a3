package org.unet4j.io;

import org.unet4j.volume.Grid;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;

/**
 * Paints solids into a CT, later ones over earlier ones. A voxel that a surface cuts gets a mixture by the share that lies
 * inside (partial volume), and the label of what fills the larger part.
 */
final class PhantomCanvas {

    /**
     * What a solid is made of.
     *
     * @param hu its mean in Hounsfield units
     * @param textureHu how far it goes up and down
     * @param textureMm how wide the ups and downs are
     */
    record Material(double hu, double textureHu, double textureMm) {}

    private static final int AIR_HU = -1000;

    private final Shape shape;
    private final Spacing spacing;
    private final double[] rotation;
    private final double[] shift;
    private final PhantomNoise texture;
    private final double edgeMm;
    private final float[] hu;
    private final byte[] labels;

    /**
     * Makes an empty canvas.
     *
     * @param rotation nine numbers, row by row, that take patient axes to scanner axes
     * @param shift the patient's origin, in mm from the middle of the field of view
     */
    PhantomCanvas(Grid grid, double[] rotation, double[] shift, PhantomNoise texture) {
        this.shape = grid.shape();
        this.spacing = grid.spacing();
        this.rotation = rotation.clone();
        this.shift = shift.clone();
        this.texture = texture;
        this.edgeMm = Math.max(1, Math.cbrt(spacing.x() * spacing.y() * spacing.z()));
        this.hu = new float[shape.arrayLength()];
        this.labels = new byte[hu.length];
        java.util.Arrays.fill(hu, AIR_HU);
    }

    /** Returns the intensities, without noise. */
    float[] hu() {
        return hu;
    }

    /** Returns the labels. */
    byte[] labels() {
        return labels;
    }

    /** Paints {@code solid}; voxels of which it fills more than half get {@code label}. */
    void paint(PhantomShape solid, Material material, int label) {
        int[] box = voxelBox(solid.bounds());
        boolean textured = material.textureHu() != 0;
        double perMm = textured ? 1 / material.textureMm() : 0;
        for (int z = box[0]; z < box[3]; z++) {
            double sz = (z - (shape.z() - 1) / 2.0) * spacing.z() - shift[2];
            for (int y = box[1]; y < box[4]; y++) {
                double sy = (y - (shape.y() - 1) / 2.0) * spacing.y() - shift[1];
                int row = shape.index(z, y, 0);
                for (int x = box[2]; x < box[5]; x++) {
                    double sx = (x - (shape.x() - 1) / 2.0) * spacing.x() - shift[0];
                    double px = rotation[0] * sx + rotation[3] * sy + rotation[6] * sz;
                    double py = rotation[1] * sx + rotation[4] * sy + rotation[7] * sz;
                    double pz = rotation[2] * sx + rotation[5] * sy + rotation[8] * sz;
                    double distance = solid.distance(px, py, pz);
                    double inside = 0.5 - distance / edgeMm;
                    if (inside <= 0) {
                        // Nothing can come within half the distance: distances are approximate, but not that far off.
                        x += (int) (0.5 * (distance - edgeMm / 2) / spacing.x());
                        continue;
                    }
                    double value = material.hu();
                    if (textured) {
                        value += material.textureHu() * texture.at(px * perMm, py * perMm, pz * perMm);
                    }
                    double share = Math.min(1, inside);
                    hu[row + x] += (float) (share * (value - hu[row + x]));
                    if (share > 0.5) {
                        labels[row + x] = (byte) label;
                    }
                }
            }
        }
    }

    /** Returns the voxels, z0, y0, x0, z1, y1, x1, that a box in the patient can touch. */
    private int[] voxelBox(double[] bounds) {
        double inf = Double.POSITIVE_INFINITY;
        double[] low = {inf, inf, inf};
        double[] high = {-inf, -inf, -inf};
        for (int corner = 0; corner < 8; corner++) {
            double[] p = new double[3];
            for (int axis = 0; axis < 3; axis++) {
                // No solid matters farther out than any field of view reaches.
                p[axis] = Math.max(-2000, Math.min(2000, bounds[axis + ((corner >> axis & 1) == 0 ? 0 : 3)]));
            }
            for (int axis = 0; axis < 3; axis++) {
                double at = rotation[3 * axis] * p[0]
                        + rotation[3 * axis + 1] * p[1]
                        + rotation[3 * axis + 2] * p[2]
                        + shift[axis];
                low[axis] = Math.min(low[axis], at);
                high[axis] = Math.max(high[axis], at);
            }
        }
        int[] box = new int[6];
        for (int axis = 0; axis < 3; axis++) {
            int size = shape.get(axis);
            double step = spacing.get(axis);
            double middle = (size - 1) / 2.0;
            box[axis] = (int) Math.max(0, Math.min(size, Math.floor((low[2 - axis] - edgeMm) / step + middle)));
            box[axis + 3] = (int) Math.max(0, Math.min(size, Math.ceil((high[2 - axis] + edgeMm) / step + middle) + 1));
        }
        return box;
    }
}
