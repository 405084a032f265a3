package org.unet4j.io;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import org.unet4j.volume.Affine;
import org.unet4j.volume.Orientation;
import org.unet4j.volume.Scan;

/**
 * What is in one NIfTI file and what is wrong with it.
 *
 * @param file its name
 * @param shape voxels along x, y, z, time, ... as the file has them
 * @param volume the number, from 0, of the one that voxels are told of; empty for all that there are
 * @param affine four rows that take (x, y, z, 1) to RAS+ mm
 * @param orientation where x, y, z run to, as "RAS"; "unknown" where the affine is unusable
 * @param spacing mm between voxels along x, y, z; as the header's pixdim says where the affine is unusable
 * @param dtype how voxels are stored, as "int16"
 * @param voxels how many there are, all volumes together or in the one that was asked for
 * @param finite how many are neither NaN nor infinite
 * @param min the smallest finite value, after scaling; NaN where there is none
 * @param max the largest
 * @param mean the mean over finite voxels
 * @param labels how many voxels have each value, if the file could be a label map: whole numbers from 0 to 65535, at most 128 of them
 *     different ones; else empty
 * @param volumesMl the millilitres of each of these
 * @param problems what a person should know before using the file; empty for a good one
 * @param errors those of them that keep it from being used
 * @param mendable those of them that {@link Repair} mends
 */
public record Inspection(
        String file,
        List<Long> shape,
        Optional<Integer> volume,
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
        SortedMap<Integer, Double> volumesMl,
        List<String> problems,
        List<String> errors,
        List<String> mendable) {

    private record Content(NiftiHeader header, VoxelStatistics voxels, long trailingBytes) {}

    /**
     * Returns what is in a file, read once from front to back in little memory.
     *
     * @throws IOException if the file is not NIfTI, damaged or of a type that is not supported
     */
    public static Inspection of(Path file) throws IOException {
        return of(file, OptionalInt.empty());
    }

    /**
     * Returns what is in one volume of a file, such as a time or a channel.
     *
     * @param volume its number from 0
     * @throws IOException if there is none of that number, or as {@link #of(Path)} does
     */
    public static Inspection of(Path file, int volume) throws IOException {
        return of(file, OptionalInt.of(volume));
    }

    private static Inspection of(Path file, OptionalInt volume) throws IOException {
        try (NiftiStream stream = NiftiStream.of(file)) {
            Content content = read(stream, volume, (stored, from, length) -> {});
            return of(file, volume, content, problems(file, content));
        }
    }

    /**
     * Returns what is in a label map, and how it does not fit its image. Of the image only the header is read.
     *
     * @throws IOException if one of the files is not NIfTI, damaged or of a type that is not supported, or if the image's
     *     geometry is unusable
     */
    public static Inspection ofLabels(Path file, Path image) throws IOException {
        NiftiHeader imageHeader = Nifti.readHeader(image);
        Content content;
        LabelValues values;
        try (NiftiStream stream = NiftiStream.of(file)) {
            LabelValues.Tally tally = new LabelValues.Tally(stream.header());
            content = read(stream, OptionalInt.empty(), tally);
            values = tally.values();
        }
        NiftiHeader header = content.header;
        List<Problem> problems = problems(file, content);
        values.problems(header).forEach(what -> problems.add(new Problem(file, what)));
        problems.addAll(LabelFindings.remarks(file, header, values));
        if (header.geometryProblem().isPresent() && FileRepair.lieElsewhere(header, imageHeader)) {
            problems.set(0, problems.get(0).mendable());
        }
        if (header.channels() != 1) {
            problems.add(new Problem(
                    file, "holds " + header.channels() + " volumes (" + header.dimsText() + "); a label map is one"));
        } else if (header.geometryProblem().isEmpty()
                && !header.grid().matches(imageHeader.grid(), Scan.GRID_TOLERANCE_MM)) {
            Problem mismatch = new Problem(file, Case.mismatch(header.grid(), imageHeader.grid()));
            problems.add(FileRepair.lieElsewhere(header, imageHeader) ? mismatch.mendable() : mismatch);
        }
        return of(file, OptionalInt.empty(), content, problems);
    }

    private static Content read(NiftiStream stream, OptionalInt volume, VoxelSink also) throws IOException {
        NiftiHeader header = stream.header();
        VoxelStatistics.Tally voxels = new VoxelStatistics.Tally(header);
        if (volume.isPresent()) {
            stream.skipTo(volume.getAsInt());
        }
        stream.read(volume.isPresent() ? header.volumeVoxels() : header.voxels(), voxels.and(also));
        long trailing = volume.isPresent() ? stream.skipRest(volume.getAsInt()) : stream.finish();
        return new Content(header, voxels.statistics(), trailing);
    }

    private static Inspection of(Path file, OptionalInt volume, Content content, List<Problem> problems) {
        NiftiHeader header = content.header;
        VoxelStatistics voxels = content.voxels;
        boolean isUsable = header.geometryProblem().isEmpty();
        Affine affine = header.affine();
        List<Double> spacing =
                isUsable ? FileCheck.xyz(affine) : header.pixdim().subList(1, 4);
        return new Inspection(
                file.getFileName().toString(),
                header.dims(),
                volume.isPresent() ? Optional.of(volume.getAsInt()) : Optional.empty(),
                Arrays.stream(affine.toArray())
                        .map(row -> Arrays.stream(row).boxed().toList())
                        .toList(),
                isUsable ? Orientation.of(affine).code() : "unknown",
                spacing,
                header.type().label(),
                voxels.count(),
                voxels.finite(),
                voxels.min(),
                voxels.max(),
                voxels.mean(),
                voxels.labels(),
                volumesMl(voxels.labels(), spacing),
                problems.stream().map(Problem::what).toList(),
                problems.stream().filter(Problem::isError).map(Problem::what).toList(),
                problems.stream().filter(Problem::isMendable).map(Problem::what).toList());
    }

    private static SortedMap<Integer, Double> volumesMl(SortedMap<Integer, Long> labels, List<Double> mm) {
        double voxelMl = mm.get(0) * mm.get(1) * mm.get(2) / 1000;
        SortedMap<Integer, Double> volumes = new TreeMap<>();
        labels.forEach((label, voxels) -> volumes.put(label, voxels * voxelMl));
        return Collections.unmodifiableSortedMap(volumes);
    }

    private static List<Problem> problems(Path file, Content content) throws IOException {
        List<Problem> problems = new ArrayList<>();
        content.header.geometryProblem().ifPresent(what -> problems.add(new Problem(file, what)));
        problems.addAll(FileCheck.scan(file, content.header));
        VoxelStatistics voxels = content.voxels;
        if (voxels.nan() > 0) {
            problems.add(new Problem(file, voxels.nan() + " of " + voxels.count() + " voxels are NaN"));
        }
        long infinite = voxels.count() - voxels.finite() - voxels.nan();
        if (infinite > 0) {
            problems.add(new Problem(file, infinite + " of " + voxels.count() + " voxels are infinite"));
        }
        FileCheck.constant(file, voxels).ifPresent(problems::add);
        if (content.trailingBytes > 0) {
            problems.add(Problem.warning(file, content.trailingBytes + " bytes follow the voxels; ignored"));
        }
        return problems;
    }
}
