package org.unet4j.volume;

/**
 * Where the voxels of a volume lie: how many there are and the affine that takes a voxel's (x, y, z) to RAS+ mm.
 *
 * @param shape voxels along z, y, x
 * @param affine takes (x, y, z, 1) to RAS+ mm; not singular
 */
public record Grid(Shape shape, Affine affine) {

    public Grid {
        double det = affine.determinant();
        if (det == 0 || !Double.isFinite(det)) {
            throw new IllegalArgumentException(
                    "the affine " + affine + " is singular: the scan has no usable geometry");
        }
    }

    /** Returns the axis-aligned RAS grid with the first voxel at the origin. */
    public static Grid of(Shape shape, Spacing spacing) {
        return new Grid(shape, Affine.scaling(spacing));
    }

    /** Returns the distances between voxel centres. */
    public Spacing spacing() {
        return affine.spacing();
    }

    /** Returns the grid of the voxels inside {@code box}, at the same places in space. */
    public Grid crop(Box box) {
        double[] origin = affine.apply(box.x0(), box.y0(), box.z0());
        return new Grid(
                box.shape(),
                new Affine(
                        affine.xx(),
                        affine.xy(),
                        affine.xz(),
                        origin[0],
                        affine.yx(),
                        affine.yy(),
                        affine.yz(),
                        origin[1],
                        affine.zx(),
                        affine.zy(),
                        affine.zz(),
                        origin[2]));
    }

    /**
     * Returns the grid of {@code newShape} voxels that fills the same box in space: outer faces stay where they are, so
     * that voxel centre i of the new axis lies at (i + 0.5) * old / new - 0.5 of the old one.
     */
    public Grid resized(Shape newShape) {
        double sx = (double) shape.x() / newShape.x();
        double sy = (double) shape.y() / newShape.y();
        double sz = (double) shape.z() / newShape.z();
        Affine toOld = new Affine(sx, 0, 0, 0.5 * sx - 0.5, 0, sy, 0, 0.5 * sy - 0.5, 0, 0, sz, 0.5 * sz - 0.5);
        return new Grid(newShape, affine.after(toOld));
    }

    /**
     * Returns whether the other grid has the same shape and no corner lies farther than {@code toleranceMm} from its
     * counterpart.
     */
    public boolean matches(Grid other, double toleranceMm) {
        return shape.equals(other.shape) && farthestCornerMm(other) <= toleranceMm;
    }

    /**
     * Returns the largest distance between the eight corner voxels' centres and those of {@code other}, each corner against its
     * own counterpart, in mm. The shapes may differ.
     */
    public double farthestCornerMm(Grid other) {
        double farthest = 0;
        for (int corner = 0; corner < 8; corner++) {
            double[] here = corner(corner);
            double[] there = other.corner(corner);
            farthest = Math.max(
                    farthest, Math.hypot(Math.hypot(here[0] - there[0], here[1] - there[1]), here[2] - there[2]));
        }
        return farthest;
    }

    /** Returns the centre of the corner voxel that lies at the end of x, y, z where bit 0, 1, 2 of {@code corner} is set. */
    private double[] corner(int corner) {
        return affine.apply(
                (corner & 1) == 0 ? 0 : shape.x() - 1,
                (corner & 2) == 0 ? 0 : shape.y() - 1,
                (corner & 4) == 0 ? 0 : shape.z() - 1);
    }
}
