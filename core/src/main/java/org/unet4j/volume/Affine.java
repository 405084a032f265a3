package org.unet4j.volume;

/**
 * The upper three rows of a 4 x 4 affine that takes a voxel's (x, y, z, 1) to RAS+ millimetres, as NIfTI stores it: the
 * first column is the step of the fastest axis, x.
 *
 * @param xx row 0, column 0
 * @param xy row 0, column 1
 * @param xz row 0, column 2
 * @param xt row 0, translation in mm
 * @param yx row 1, column 0
 * @param yy row 1, column 1
 * @param yz row 1, column 2
 * @param yt row 1, translation in mm
 * @param zx row 2, column 0
 * @param zy row 2, column 1
 * @param zz row 2, column 2
 * @param zt row 2, translation in mm
 */
public record Affine(
        double xx,
        double xy,
        double xz,
        double xt,
        double yx,
        double yy,
        double yz,
        double yt,
        double zx,
        double zy,
        double zz,
        double zt) {

    /** The affine that leaves every point where it is. */
    public static final Affine IDENTITY = new Affine(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0);

    private static final int POLAR_ITERATIONS = 100;
    private static final double POLAR_TOLERANCE = 1e-15;

    /** Returns the affine with the given upper rows; {@code rows} is 3 x 4 or 4 x 4. */
    public static Affine of(double[][] rows) {
        double[] a = rows[0];
        double[] b = rows[1];
        double[] c = rows[2];
        return new Affine(a[0], a[1], a[2], a[3], b[0], b[1], b[2], b[3], c[0], c[1], c[2], c[3]);
    }

    /** Returns the affine of an axis-aligned RAS grid with the given spacing and its first voxel at the origin. */
    public static Affine scaling(Spacing spacing) {
        return new Affine(spacing.x(), 0, 0, 0, 0, spacing.y(), 0, 0, 0, 0, spacing.z(), 0);
    }

    /** Returns the 4 x 4 matrix. */
    public double[][] toArray() {
        return new double[][] {{xx, xy, xz, xt}, {yx, yy, yz, yt}, {zx, zy, zz, zt}, {0, 0, 0, 1}};
    }

    /** Returns where this affine takes the point (x, y, z), as x, y, z in mm. */
    public double[] apply(double x, double y, double z) {
        return new double[] {xx * x + xy * y + xz * z + xt, yx * x + yy * y + yz * z + yt, zx * x + zy * y + zz * z + zt
        };
    }

    /** Returns the affine that first applies {@code first} and then this one. */
    public Affine after(Affine first) {
        double[][] a = toArray();
        double[][] b = first.toArray();
        double[][] product = new double[4][4];
        for (int i = 0; i < 4; i++) {
            for (int j = 0; j < 4; j++) {
                for (int k = 0; k < 4; k++) {
                    product[i][j] += a[i][k] * b[k][j];
                }
            }
        }
        return of(product);
    }

    /** Returns the determinant of the 3 x 3 part; zero or not finite means that the affine is singular. */
    public double determinant() {
        return xx * (yy * zz - yz * zy) - xy * (yx * zz - yz * zx) + xz * (yx * zy - yy * zx);
    }

    /**
     * Returns the affine that undoes this one.
     *
     * @throws IllegalArgumentException if this affine is singular
     */
    public Affine inverse() {
        double det = determinant();
        if (det == 0 || !Double.isFinite(det)) {
            throw new IllegalArgumentException("affine is singular (determinant " + det + ")");
        }
        double a = (yy * zz - yz * zy) / det;
        double b = (xz * zy - xy * zz) / det;
        double c = (xy * yz - xz * yy) / det;
        double d = (yz * zx - yx * zz) / det;
        double e = (xx * zz - xz * zx) / det;
        double f = (xz * yx - xx * yz) / det;
        double g = (yx * zy - yy * zx) / det;
        double h = (xy * zx - xx * zy) / det;
        double i = (xx * yy - xy * yx) / det;
        return new Affine(
                a,
                b,
                c,
                -(a * xt + b * yt + c * zt),
                d,
                e,
                f,
                -(d * xt + e * yt + f * zt),
                g,
                h,
                i,
                -(g * xt + h * yt + i * zt));
    }

    /** Returns the spacing: the lengths of the columns. */
    public Spacing spacing() {
        return new Spacing(
                Math.sqrt(xz * xz + yz * yz + zz * zz),
                Math.sqrt(xy * xy + yy * yy + zy * zy),
                Math.sqrt(xx * xx + yx * yx + zx * zx));
    }

    /**
     * Returns the orthogonal 3 x 3 matrix closest to the direction cosines (the columns scaled to length 1): their polar
     * factor, by Newton's iteration (Higham 1986). Its determinant is 1, or -1 where the affine mirrors.
     *
     * @throws IllegalArgumentException if this affine is singular
     */
    public double[][] closestRotation() {
        Spacing s = spacing();
        double[][] r = {
            {xx / s.x(), xy / s.y(), xz / s.z()},
            {yx / s.x(), yy / s.y(), yz / s.z()},
            {zx / s.x(), zy / s.y(), zz / s.z()}
        };
        for (int iteration = 0; iteration < POLAR_ITERATIONS; iteration++) {
            Affine inverse = new Affine(
                            r[0][0], r[0][1], r[0][2], 0, r[1][0], r[1][1], r[1][2], 0, r[2][0], r[2][1], r[2][2], 0)
                    .inverse();
            double[][] next = inverse.toArray();
            double change = 0;
            double[][] mean = new double[3][3];
            for (int i = 0; i < 3; i++) {
                for (int j = 0; j < 3; j++) {
                    mean[i][j] = 0.5 * (r[i][j] + next[j][i]);
                    change = Math.max(change, Math.abs(mean[i][j] - r[i][j]));
                }
            }
            r = mean;
            if (change < POLAR_TOLERANCE) {
                break;
            }
        }
        return r;
    }
}
