package org.unet4j.io;

import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.unet4j.volume.Affine;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
import org.unet4j.volume.VoxelType;

/**
 * What a NIfTI file says about its voxels.
 *
 * @param version 1 or 2
 * @param order the byte order of header and voxels
 * @param isPair whether the voxels are in a second file (.img)
 * @param dims voxels along x, y, z, time, ... as many as the file names, each at least 1
 * @param type how a voxel is stored
 * @param pixdim all eight: the sign of the third axis in the qform (1 or -1), then the spacing along x, y, z, ...
 * @param voxelOffset where the voxels start, in bytes
 * @param slope the factor from stored to real values; 1 where the file gives none
 * @param intercept the real value of stored zero; 0 where the file gives no slope
 * @param units the units of space and time, as NIfTI packs them; 2 is mm
 * @param qform the geometry as a rotation
 * @param sform the geometry as an affine
 * @param remarks what was out of the ordinary and how it was read
 */
public record NiftiHeader(
        int version,
        ByteOrder order,
        boolean isPair,
        List<Long> dims,
        VoxelType type,
        List<Double> pixdim,
        long voxelOffset,
        double slope,
        double intercept,
        int units,
        Qform qform,
        Sform sform,
        List<String> remarks) {

    static final int UNITS_MM = 2;
    private static final int SPACE_UNITS = 0b111;
    private static final int SCANNER = 1;
    private static final double MIN_SPACING = 1e-6;
    private static final double MAX_SPACING = 1e6;
    private static final double MIN_RELATIVE_VOLUME = 1e-6;
    private static final double SHEAR_TOLERANCE = 1e-5;

    public NiftiHeader {
        dims = List.copyOf(dims);
        pixdim = List.copyOf(pixdim);
        remarks = List.copyOf(remarks);
    }

    /**
     * The geometry as a rotation by the unit quaternion (a, b, c, d), a being positive, a scaling by pixdim, and a shift.
     *
     * @param code what the target space is; 0 means that there is no qform
     * @param b second component
     * @param c third component
     * @param d fourth component
     * @param x shift in mm
     * @param y shift in mm
     * @param z shift in mm
     */
    public record Qform(int code, double b, double c, double d, double x, double y, double z) {

        /** How far above 1 the length of (b, c, d) may lie, squared, and still count as rounding. */
        private static final double LENGTH_TOLERANCE = 1e-2;

        /** Returns the affine, not finite where (b, c, d) is much longer than 1 and so no rotation. */
        Affine affine(List<Double> pixdim) {
            double length2 = b * b + c * c + d * d;
            double w = length2 < 1 ? Math.sqrt(1 - length2) : 0;
            double shrink = length2 > 1 ? 1 / Math.sqrt(length2) : 1;
            double i = length2 > 1 + LENGTH_TOLERANCE ? Double.NaN : b * shrink;
            double j = c * shrink;
            double k = d * shrink;
            double sx = pixdim.get(1);
            double sy = pixdim.get(2);
            double sz = pixdim.get(3) * pixdim.get(0);
            return new Affine(
                    (w * w + i * i - j * j - k * k) * sx,
                    2 * (i * j - w * k) * sy,
                    2 * (i * k + w * j) * sz,
                    x,
                    2 * (i * j + w * k) * sx,
                    (w * w + j * j - i * i - k * k) * sy,
                    2 * (j * k - w * i) * sz,
                    y,
                    2 * (i * k - w * j) * sx,
                    2 * (j * k + w * i) * sy,
                    (w * w + k * k - i * i - j * j) * sz,
                    z);
        }

        /** Returns the qform of an affine, its shear taken away; {@code mirrored} tells that pixdim[0] must be -1. */
        static Qform of(int code, Affine affine, boolean mirrored) {
            double[][] r = affine.closestRotation();
            if (mirrored) {
                for (double[] row : r) {
                    row[2] = -row[2];
                }
            }
            double[] q = quaternion(r);
            double sign = q[0] < 0 ? -1 : 1;
            return new Qform(code, sign * q[1], sign * q[2], sign * q[3], affine.xt(), affine.yt(), affine.zt());
        }

        /** Shepperd's method: the largest component comes from a square root, the others by division by it. */
        private static double[] quaternion(double[][] r) {
            double trace = r[0][0] + r[1][1] + r[2][2];
            double[] squares = {1 + trace, 1 + 2 * r[0][0] - trace, 1 + 2 * r[1][1] - trace, 1 + 2 * r[2][2] - trace};
            int largest = 0;
            for (int i = 1; i < squares.length; i++) {
                largest = squares[i] > squares[largest] ? i : largest;
            }
            double s = 2 * Math.sqrt(squares[largest]);
            double wx = (r[2][1] - r[1][2]) / s;
            double wy = (r[0][2] - r[2][0]) / s;
            double wz = (r[1][0] - r[0][1]) / s;
            double xy = (r[0][1] + r[1][0]) / s;
            double xz = (r[0][2] + r[2][0]) / s;
            double yz = (r[1][2] + r[2][1]) / s;
            return switch (largest) {
                case 0 -> new double[] {s / 4, wx, wy, wz};
                case 1 -> new double[] {wx, s / 4, xy, xz};
                case 2 -> new double[] {wy, xy, s / 4, yz};
                default -> new double[] {wz, xz, yz, s / 4};
            };
        }
    }

    /**
     * The geometry as an affine.
     *
     * @param code what the target space is; 0 means that there is no sform
     * @param affine takes (x, y, z, 1) to RAS+ mm
     */
    public record Sform(int code, Affine affine) {}

    /**
     * Returns a header for one volume with the given geometry in sform and, where the affine has no shear, qform. NIfTI-1
     * unless an axis is too long for its 16 bits.
     */
    static NiftiHeader of(Grid grid, VoxelType type, double slope, double intercept) {
        Affine affine = grid.affine();
        Shape shape = grid.shape();
        Spacing spacing = grid.spacing();
        double qfac = affine.determinant() < 0 ? -1 : 1;
        boolean isLong = Math.max(shape.x(), Math.max(shape.y(), shape.z())) > Short.MAX_VALUE;
        return new NiftiHeader(
                isLong ? 2 : 1,
                ByteOrder.LITTLE_ENDIAN,
                false,
                dims(shape),
                type,
                List.of(qfac, spacing.x(), spacing.y(), spacing.z(), 1.0, 1.0, 1.0, 1.0),
                (isLong ? NiftiLayout.NIFTI2 : NiftiLayout.NIFTI1).firstVoxelOffset,
                slope,
                intercept,
                UNITS_MM,
                Qform.of(isSheared(affine) ? 0 : SCANNER, affine, qfac < 0),
                new Sform(SCANNER, affine),
                List.of());
    }

    /** Returns the header of one label map that lies exactly where this header's voxels lie: same qform, sform, units. */
    NiftiHeader forLabels() {
        return new NiftiHeader(
                version,
                ByteOrder.LITTLE_ENDIAN,
                false,
                dims(shape()),
                VoxelType.UINT8,
                pixdim,
                layout().firstVoxelOffset,
                1,
                0,
                units,
                qform,
                sform,
                List.of());
    }

    private static List<Long> dims(Shape shape) {
        return List.of((long) shape.x(), (long) shape.y(), (long) shape.z());
    }

    NiftiLayout layout() {
        return version == 1 ? NiftiLayout.NIFTI1 : NiftiLayout.NIFTI2;
    }

    /**
     * Returns what takes (x, y, z, 1) to RAS+ mm, by nibabel's rule: the sform if it has a code, else the qform if it has
     * one, else spacing alone with the origin in the centre and x running to the left.
     */
    public Affine affine() {
        if (sform.code() != 0) {
            return sform.affine();
        }
        return qform.code() != 0 ? qformAffine() : baseAffine();
    }

    /** Returns the qform as an affine, whatever its code. */
    public Affine qformAffine() {
        return qform.affine(pixdim);
    }

    private Affine baseAffine() {
        double[] zoom = new double[3];
        double[] shift = new double[3];
        for (int axis = 0; axis < 3; axis++) {
            zoom[axis] = axis < dims.size() ? pixdim.get(axis + 1) : 1;
            zoom[axis] = axis == 0 ? -zoom[axis] : zoom[axis];
            shift[axis] = -zoom[axis] * (size(axis) - 1) / 2;
        }
        return new Affine(zoom[0], 0, 0, shift[0], 0, zoom[1], 0, shift[1], 0, 0, zoom[2], shift[2]);
    }

    /** Returns the size along x (0), y (1), z (2), ...; 1 where the file has no such axis. */
    public long size(int axis) {
        return axis < dims.size() ? dims.get(axis) : 1;
    }

    /** Returns the size of one volume. */
    public Shape shape() {
        return new Shape(Math.toIntExact(size(2)), Math.toIntExact(size(1)), Math.toIntExact(size(0)));
    }

    /** Returns the number of volumes: the product of all axes after z. */
    public long channels() {
        long channels = 1;
        for (int axis = 3; axis < dims.size(); axis++) {
            channels *= dims.get(axis);
        }
        return channels;
    }

    /**
     * Returns where the voxels of one volume lie.
     *
     * @throws IllegalArgumentException if the affine is singular; {@link Nifti#readHeader} lets no such header through
     */
    public Grid grid() {
        return new Grid(shape(), affine());
    }

    /** Returns what makes the affine unusable, if anything: a singular one, one that is not finite, an absurd spacing. */
    Optional<String> geometryProblem() {
        Affine affine = affine();
        double[][] a = affine.toArray();
        double volume = 1;
        for (int column = 0; column < 3; column++) {
            double mm = Math.hypot(Math.hypot(a[0][column], a[1][column]), a[2][column]);
            if (!(mm >= MIN_SPACING && mm <= MAX_SPACING)) {
                return Optional.of("the " + geometrySource() + " is unusable: voxels lie " + mm + " mm apart along "
                        + "xyz".charAt(column));
            }
            volume *= mm;
        }
        if (!(Math.abs(affine.determinant()) > volume * MIN_RELATIVE_VOLUME)) {
            return Optional.of("the affine of the " + geometrySource() + " is singular (determinant "
                    + affine.determinant() + ")");
        }
        if (!Double.isFinite(affine.xt() + affine.yt() + affine.zt())) {
            return Optional.of("the origin of the " + geometrySource() + " is not finite");
        }
        return Optional.empty();
    }

    /** Returns where the header keeps what {@link #affine} is made of. */
    int geometryOffset() {
        if (sform.code() != 0) {
            return layout().srow;
        }
        return qform.code() != 0 ? layout().quaternion : layout().pixdim;
    }

    private String geometrySource() {
        if (sform.code() != 0) {
            return "sform";
        }
        return qform.code() != 0 ? "qform" : "pixdim";
    }

    /** Returns dims as "3 x 4 x 5". */
    String dimsText() {
        return dims.stream().map(String::valueOf).collect(Collectors.joining(" x "));
    }

    /** Returns whether the spatial unit is millimetres or not said. */
    boolean isInMillimetres() {
        int space = units & SPACE_UNITS;
        return space == 0 || space == UNITS_MM;
    }

    /** Returns whether the axes of an affine are not at right angles. */
    static boolean isSheared(Affine affine) {
        double[][] a = affine.toArray();
        double[] lengths = new double[3];
        for (int column = 0; column < 3; column++) {
            lengths[column] = Math.hypot(Math.hypot(a[0][column], a[1][column]), a[2][column]);
        }
        for (int one = 0; one < 3; one++) {
            for (int other = one + 1; other < 3; other++) {
                double cosine = (a[0][one] * a[0][other] + a[1][one] * a[1][other] + a[2][one] * a[2][other])
                        / (lengths[one] * lengths[other]);
                if (Math.abs(cosine) > SHEAR_TOLERANCE) {
                    return true;
                }
            }
        }
        return false;
    }
}
