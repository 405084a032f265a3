package org.unet4j.io;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.unet4j.volume.Affine;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
import org.unet4j.volume.VoxelType;
import org.unet4j.volume.Voxels;

/**
 * What a NIfTI file says about its voxels.
 *
 * @param version 1 or 2; Analyze 7.5 counts as 1
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
 * @param extensions what programs have put behind the header, in the file's order
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
        List<String> remarks,
        List<NiftiExtension> extensions) {

    static final int UNITS_MM = 2;
    static final int SPACE_UNITS = 0b111;
    private static final int SCANNER = 1;
    private static final double MIN_SPACING = 1e-6;
    private static final double MAX_SPACING = 1e6;
    private static final double MIN_RELATIVE_VOLUME = 1e-6;
    private static final double SHEAR_TOLERANCE = 1e-5;

    public NiftiHeader {
        dims = List.copyOf(dims);
        pixdim = List.copyOf(pixdim);
        remarks = List.copyOf(remarks);
        extensions = List.copyOf(extensions);
    }

    /** Makes a header without extensions. */
    public NiftiHeader(
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
        this(
                version,
                order,
                isPair,
                dims,
                type,
                pixdim,
                voxelOffset,
                slope,
                intercept,
                units,
                qform,
                sform,
                remarks,
                List.of());
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

        /** Returns the affine, not finite where (b, c, d) is much longer than 1 and so no rotation. */
        Affine affine(List<Double> pixdim) {
            double[][] r = Quaternion.ofImaginary(b, c, d).toRotation();
            double sx = pixdim.get(1);
            double sy = pixdim.get(2);
            double sz = pixdim.get(3) * pixdim.get(0);
            return new Affine(
                    r[0][0] * sx,
                    r[0][1] * sy,
                    r[0][2] * sz,
                    x,
                    r[1][0] * sx,
                    r[1][1] * sy,
                    r[1][2] * sz,
                    y,
                    r[2][0] * sx,
                    r[2][1] * sy,
                    r[2][2] * sz,
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
            Quaternion q = Quaternion.ofRotation(r);
            return new Qform(code, q.x(), q.y(), q.z(), affine.xt(), affine.yt(), affine.zt());
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

    /** Returns this header with extensions, and what was noticed when they were read. */
    NiftiHeader withExtensions(List<NiftiExtension> found, List<String> noticed) {
        List<String> all = new ArrayList<>(remarks);
        all.addAll(noticed);
        return new NiftiHeader(
                version,
                order,
                isPair,
                dims,
                type,
                pixdim,
                voxelOffset,
                slope,
                intercept,
                units,
                qform,
                sform,
                all,
                found);
    }

    /**
     * Returns the header of one label map of voxels of {@code voxels} that lies exactly where this header's voxels lie: same qform, sform, units. It has
     * no extensions: what they say, often of the patient, they say of the scan.
     */
    NiftiHeader forLabels(VoxelType voxels) {
        return inPlace(version, dims(shape()), voxels, 1);
    }

    /**
     * Returns the header of {@code count} volumes of unsigned shorts, each exactly where this header's voxels lie, otherwise as
     * {@link #forLabels}; NIfTI-2 where NIfTI-1 cannot count them.
     */
    NiftiHeader forShares(int count, double slope) {
        List<Long> dims = new ArrayList<>(dims(shape()));
        dims.add((long) count);
        return inPlace(count > Short.MAX_VALUE ? 2 : version, dims, VoxelType.UINT16, slope);
    }

    private NiftiHeader inPlace(int format, List<Long> newDims, VoxelType voxels, double newSlope) {
        return new NiftiHeader(
                format,
                ByteOrder.LITTLE_ENDIAN,
                false,
                newDims,
                voxels,
                pixdim,
                (format == 1 ? NiftiLayout.NIFTI1 : NiftiLayout.NIFTI2).firstVoxelOffset,
                newSlope,
                0,
                units,
                qform,
                sform,
                List.of());
    }

    private static List<Long> dims(Shape shape) {
        return List.of((long) shape.x(), (long) shape.y(), (long) shape.z());
    }

    /** Returns whether this was made of Analyze 7.5, whose pixdim is all that it has of geometry. */
    boolean isAnalyze() {
        return remarks.contains(AnalyzeHeaderParser.REMARK);
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

    /** Returns where in its volume a voxel of the file lies, as "(x, y, z)". */
    String position(long voxel) {
        long row = voxel / size(0);
        return "(" + voxel % size(0) + ", " + row % size(1) + ", " + row / size(1) % size(2) + ")";
    }

    /** Returns whether a volume of this has as many voxels along x, y and z as one of another. */
    boolean hasShapeOf(NiftiHeader other) {
        return size(0) == other.size(0) && size(1) == other.size(1) && size(2) == other.size(2);
    }

    /** Returns the number of volumes: the product of all axes after z. */
    public long channels() {
        long channels = 1;
        for (int axis = 3; axis < dims.size(); axis++) {
            channels *= dims.get(axis);
        }
        return channels;
    }

    /** Returns the real values of stored voxels, of which number {@code first} becomes number 0. */
    Voxels valuesOf(Object stored, int first) {
        return (from, target, at, length) -> type.toFloats(stored, first + from, target, at, length, slope, intercept);
    }

    /** Returns the number of voxels of one volume. */
    long volumeVoxels() {
        return size(0) * size(1) * size(2);
    }

    /** Returns the number of voxels of all volumes. */
    long voxels() {
        return dims.stream().reduce(1L, (a, b) -> a * b);
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
