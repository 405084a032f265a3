package org.unet4j.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.unet4j.volume.Affine;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Spacing;

/** What a person should know of one NIfTI file although it can be read. All of it is warnings. */
final class FileCheck {

    /** How far qform and sform may differ, in voxels: a quaternion of 32-bit floats is no more exact. */
    private static final double FORM_TOLERANCE = 0.5;

    private static final double PIXDIM_TOLERANCE = 1e-2;

    /** A volume shorter than this is a scan in metres, one longer a scan in micrometres. */
    private static final double SHORTEST_MM = 1;

    private static final double LONGEST_MM = 5_000;

    private static final int FEW_ALONG_AN_AXIS = 4;
    private static final int FEW_IN_ALL = 1_000;
    private static final byte[] GZIP_MAGIC = {0x1f, (byte) 0x8b};

    private FileCheck() {}

    /** Returns a file's header, whether its geometry is usable or not. */
    static NiftiHeader header(Path file) throws IOException {
        try (NiftiStream stream = NiftiStream.of(file)) {
            return stream.header();
        }
    }

    /** Returns what is odd about a scan: how it is stored and where it lies. That its geometry is unusable is not among it. */
    static List<Problem> scan(Path file, NiftiHeader header) throws IOException {
        List<Problem> problems = storage(file, header);
        if (header.geometryProblem().isEmpty()) {
            shape(header).forEach(what -> problems.add(Problem.warning(file, what)));
        }
        return problems;
    }

    /** Returns what is odd about a file's name and about how its header is filled in. */
    static List<Problem> storage(Path file, NiftiHeader header) throws IOException {
        List<Problem> problems = new ArrayList<>();
        for (Path one : NiftiFiles.all(file)) {
            if (isMisspelt(one)) {
                problems.add(spelling(one));
            }
        }
        boolean isSformUsed = isSformUsed(header);
        for (String remark : header.remarks()) {
            Problem problem = Problem.warning(file, remark);
            boolean isRedundant = remark.startsWith("bitpix") || (remark.startsWith("pixdim") && isSformUsed);
            problems.add(isRedundant ? problem.mendable() : problem);
        }
        forms(header).ifPresent(what -> problems.add(Problem.warning(file, what).mendable()));
        if (isSformUsed) {
            pixdim(header)
                    .forEach(what -> problems.add(Problem.warning(file, what).mendable()));
        }
        return problems;
    }

    /** Returns whether the voxels of a file that could be read tell nothing. */
    static Optional<Problem> constant(Path file, VoxelStatistics voxels) {
        return voxels.count() > 1 && voxels.finite() == voxels.count() && voxels.min() == voxels.max()
                ? Optional.of(
                        Problem.warning(file, "every voxel is " + Digits.of(voxels.min()) + ": was it exported empty?"))
                : Optional.empty();
    }

    /** Returns whether a file's own sform says where the voxels lie, so that qform and pixdim only repeat it. */
    static boolean isSformUsed(NiftiHeader header) {
        return header.sform().code() != 0 && header.geometryProblem().isEmpty() && !header.isAnalyze();
    }

    /** Returns how the qform contradicts the sform, which is used; empty where it does not or one of them is missing. */
    static Optional<String> forms(NiftiHeader header) {
        if (header.qform().code() == 0 || !isSformUsed(header)) {
            return Optional.empty();
        }
        double apartMm = formsApartMm(header);
        if (!Double.isFinite(apartMm)) {
            return Optional.of("the qform is no rotation; the sform is used");
        }
        Spacing mm = header.affine().spacing();
        return apartMm > FORM_TOLERANCE * Math.min(mm.x(), Math.min(mm.y(), mm.z()))
                ? Optional.of(String.format(
                        Locale.ROOT,
                        "qform and sform disagree by up to %.1f mm: other tools may place the voxels elsewhere; the sform is used",
                        apartMm))
                : Optional.empty();
    }

    private static double formsApartMm(NiftiHeader header) {
        Affine qform = header.qformAffine();
        double determinant = qform.determinant();
        return determinant == 0 || !Double.isFinite(determinant)
                ? Double.NaN
                : new Grid(header.shape(), qform).farthestCornerMm(header.grid());
    }

    /** Returns which pixdims are not the affine's spacings, which are used. */
    static List<String> pixdim(NiftiHeader header) {
        List<String> problems = new ArrayList<>();
        List<Double> mm = xyz(header.affine());
        for (int axis = 0; axis < mm.size(); axis++) {
            double pixdim = header.pixdim().get(axis + 1);
            if (Math.abs(pixdim - mm.get(axis)) > PIXDIM_TOLERANCE * mm.get(axis)) {
                problems.add("pixdim[" + (axis + 1) + "] is " + pixdim + " mm, the affine says " + mm.get(axis)
                        + " mm; the affine is used");
            }
        }
        return problems;
    }

    private static List<String> shape(NiftiHeader header) {
        List<String> problems = new ArrayList<>();
        if (!header.isInMillimetres()) {
            problems.add("the spatial unit (xyzt_units " + header.units() + ") is not mm" + unit(header)
                    + "; distances are read as mm all the same");
        }
        List<Double> mm = xyz(header.affine());
        double longest = 0;
        for (int axis = 0; axis < mm.size(); axis++) {
            longest = Math.max(longest, mm.get(axis) * header.size(axis));
        }
        if (longest < SHORTEST_MM || longest > LONGEST_MM) {
            problems.add("the volume is " + Digits.of(longest) + " mm long: is its spacing in "
                    + (longest < SHORTEST_MM ? "metres?" : "micrometres?"));
        }
        if (NiftiHeader.isSheared(header.affine())) {
            problems.add("the axes are not at right angles (a tilted gantry?); voxels are taken as a box");
        }
        long[] sizes = {header.size(0), header.size(1), header.size(2)};
        if (Arrays.stream(sizes).min().orElseThrow() < FEW_ALONG_AN_AXIS
                || sizes[0] * sizes[1] * sizes[2] < FEW_IN_ALL) {
            problems.add("only " + sizes[0] + " x " + sizes[1] + " x " + sizes[2]
                    + " voxels (x, y, z): too few for a scan; is it a slice or a thumbnail?");
        }
        return problems;
    }

    private static String unit(NiftiHeader header) {
        return switch (header.units() & 0b111) {
            case 1 -> " but metres";
            case 3 -> " but micrometres";
            default -> "";
        };
    }

    /** Returns the spacing along x, y, z in mm. */
    static List<Double> xyz(Affine affine) {
        Spacing mm = affine.spacing();
        return List.of(mm.x(), mm.y(), mm.z());
    }

    /** Bytes decide how a file is read here; tools that trust its name cannot read one that is called otherwise. */
    private static Problem spelling(Path file) {
        String what = Nifti.isCompressedName(file)
                ? "is not gzipped, but its name ends in .gz: other tools cannot read it"
                : "is gzipped, but its name does not end in .gz: other tools cannot read it";
        return Problem.warning(file, what).mendable();
    }

    /** Returns whether a file of a scan is gzipped where its name says otherwise, or the other way round. */
    static boolean isMisspelt(Path file) throws IOException {
        return NiftiFiles.isNamed(file) && isGzip(file) != Nifti.isCompressedName(file);
    }

    /** Returns whether a file's bytes are gzip, whatever its name. */
    static boolean isGzip(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(GZIP_MAGIC.length), GZIP_MAGIC);
        }
    }
}
