package org.unet4j.io;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import org.unet4j.volume.Affine;
import org.unet4j.volume.Orientation;

/**
 * What is in one NIfTI file and what is wrong with it.
 *
 * @param file its name
 * @param shape voxels along x, y, z, time, ... as the file has them
 * @param affine four rows that take (x, y, z, 1) to RAS+ mm
 * @param orientation where x, y, z run to, as "RAS"; "unknown" where the affine is unusable
 * @param spacing mm between voxels along x, y, z; as the header's pixdim says where the affine is unusable
 * @param dtype how voxels are stored, as "int16"
 * @param voxels how many there are, all channels together
 * @param finite how many are neither NaN nor infinite
 * @param min the smallest finite value, after scaling; NaN where there is none
 * @param max the largest
 * @param mean the mean over finite voxels
 * @param labels how many voxels have each value, if the file could be a label map: whole numbers from 0 to 255, at most 128
 *     different ones; else empty
 * @param problems what a person should know before using the file; empty for a good one
 */
public record Inspection(
        String file,
        List<Long> shape,
        List<List<Double>> affine,
        String orientation,
        List<Double> spacing,
        String dtype,
        long voxels,
        long finite,
        double min,
        double max,
        double mean,
        SortedMap<Integer, Long> labels,
        List<String> problems) {

    /** How far qform and sform may differ, in voxels: a quaternion of 32-bit floats is no more exact. */
    private static final double FORM_TOLERANCE = 0.5;

    private static final double PIXDIM_TOLERANCE = 1e-2;

    /**
     * Returns what is in a file, read once from front to back in little memory.
     *
     * @throws IOException if the file is not NIfTI, damaged or of a type that is not supported
     */
    public static Inspection of(Path file) throws IOException {
        try (NiftiStream stream = NiftiStream.of(file)) {
            NiftiHeader header = stream.header();
            VoxelStatistics statistics = VoxelStatistics.of(stream);
            List<String> problems = new ArrayList<>(header.remarks());
            problems.addAll(geometryProblems(header));
            problems.addAll(voxelProblems(statistics));
            long trailing = stream.finish();
            if (trailing > 0) {
                problems.add(trailing + " bytes follow the voxels; ignored");
            }
            boolean isUsable = header.geometryProblem().isEmpty();
            Affine affine = header.affine();
            return new Inspection(
                    stream.file(),
                    header.dims(),
                    Arrays.stream(affine.toArray())
                            .map(row -> Arrays.stream(row).boxed().toList())
                            .toList(),
                    isUsable ? Orientation.of(affine).code() : "unknown",
                    isUsable ? lengths(affine) : header.pixdim().subList(1, 4),
                    header.type().label(),
                    statistics.count(),
                    statistics.finite(),
                    statistics.min(),
                    statistics.max(),
                    statistics.mean(),
                    statistics.labels(),
                    List.copyOf(problems));
        }
    }

    private static List<Double> lengths(Affine affine) {
        return List.of(
                affine.spacing().x(), affine.spacing().y(), affine.spacing().z());
    }

    private static List<String> geometryProblems(NiftiHeader header) {
        List<String> problems = new ArrayList<>();
        header.geometryProblem().ifPresent(problems::add);
        if (!header.isInMillimetres()) {
            problems.add("the spatial unit (xyzt_units " + header.units()
                    + ") is not mm; distances are read as mm all the same");
        }
        if (header.qform().code() != 0 && header.sform().code() != 0) {
            Affine qform = header.qformAffine();
            double apart = farthestCorner(header, qform, header.affine());
            if (!Double.isFinite(apart)) {
                problems.add("the qform is no rotation; the sform is used");
            } else if (problems.isEmpty() && apart > FORM_TOLERANCE * smallest(lengths(header.affine()))) {
                problems.add(String.format(
                        Locale.ROOT,
                        "qform and sform disagree by up to %.1f mm: other tools may place the voxels elsewhere; the sform is used",
                        apart));
            }
        }
        if (problems.isEmpty()) {
            problems.addAll(shapeProblems(header));
        }
        return problems;
    }

    private static List<String> shapeProblems(NiftiHeader header) {
        List<String> problems = new ArrayList<>();
        if (NiftiHeader.isSheared(header.affine())) {
            problems.add("the axes are not at right angles (a tilted gantry?); voxels are taken as a box");
        }
        List<Double> mm = lengths(header.affine());
        for (int axis = 0; axis < mm.size(); axis++) {
            double pixdim = header.pixdim().get(axis + 1);
            if (Math.abs(pixdim - mm.get(axis)) > PIXDIM_TOLERANCE * mm.get(axis)) {
                problems.add("pixdim[" + (axis + 1) + "] is " + pixdim + " mm, the affine says " + mm.get(axis)
                        + " mm; the affine is used");
            }
        }
        return problems;
    }

    private static double smallest(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    }

    private static double farthestCorner(NiftiHeader header, Affine one, Affine other) {
        double farthest = 0;
        for (int corner = 0; corner < 8; corner++) {
            double x = (corner & 1) == 0 ? 0 : header.size(0) - 1;
            double y = (corner & 2) == 0 ? 0 : header.size(1) - 1;
            double z = (corner & 4) == 0 ? 0 : header.size(2) - 1;
            double[] a = one.apply(x, y, z);
            double[] b = other.apply(x, y, z);
            farthest = Math.max(farthest, Math.hypot(Math.hypot(a[0] - b[0], a[1] - b[1]), a[2] - b[2]));
        }
        return farthest;
    }

    private static List<String> voxelProblems(VoxelStatistics statistics) {
        List<String> problems = new ArrayList<>();
        if (statistics.nan() > 0) {
            problems.add(statistics.nan() + " of " + statistics.count() + " voxels are NaN");
        }
        long infinite = statistics.count() - statistics.finite() - statistics.nan();
        if (infinite > 0) {
            problems.add(infinite + " of " + statistics.count() + " voxels are infinite");
        }
        return problems;
    }
}
