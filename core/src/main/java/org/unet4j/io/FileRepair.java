package org.unet4j.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.unet4j.volume.Grid;
import org.unet4j.volume.LabelArray;
import org.unet4j.volume.Scan;
import org.unet4j.volume.VoxelType;

/**
 * How a copy of one NIfTI file is mended: only what the file itself, or for a label map its image, leaves no doubt about. The
 * sform is never changed for its own sake: it holds any affine, and is what this reader and nibabel use where it is set.
 */
final class FileRepair {

    private final List<String> changes = new ArrayList<>();
    private final List<Consumer<RawHeader>> edits = new ArrayList<>();
    private Optional<VoxelType> labelType = Optional.empty();

    private FileRepair() {}

    /** Writes a copy of an image, mended, and returns what was changed; one that needs nothing or is damaged is copied as it is. */
    static List<String> image(Path from, Path to) throws IOException {
        FileRepair repair = new FileRepair();
        Optional<NiftiHeader> header = headerIfWhole(from);
        if (header.isPresent()) {
            repair.geometry(header.get());
            repair.storage(from, header.get());
        }
        return repair.write(from, to);
    }

    /**
     * Writes a copy of a label map, mended, as {@link #image} does.
     *
     * @param image the image that the labels belong to, mended already; empty where it is unknown
     */
    static List<String> labels(Path from, Path to, Optional<Path> image) throws IOException {
        FileRepair repair = new FileRepair();
        Optional<NiftiHeader> header = headerIfWhole(from);
        if (header.isPresent()) {
            Optional<NiftiHeader> imageHeader = image.isPresent() ? headerIfWhole(image.get()) : Optional.empty();
            if (imageHeader.isPresent() && lieElsewhere(header.get(), imageHeader.get())) {
                repair.geometryOf(header.get(), imageHeader.get(), image.get());
            } else {
                repair.geometry(header.get());
            }
            repair.storage(from, header.get());
            repair.voxels(from, header.get());
        }
        return repair.write(from, to);
    }

    /** Returns the header of a file that can be read to its end. */
    private static Optional<NiftiHeader> headerIfWhole(Path file) {
        try (NiftiStream stream = NiftiStream.of(file)) {
            stream.skip(stream.header().voxels());
            stream.finish();
            return Optional.of(stream.header());
        } catch (IOException e) {
            return Optional.empty(); // Inspecting the copy tells what is wrong with it.
        }
    }

    /** Returns whether labels have an image's shape and, all the same, another place. */
    static boolean lieElsewhere(NiftiHeader labels, NiftiHeader image) {
        if (image.geometryProblem().isPresent() || labels.channels() != 1 || !labels.hasShapeOf(image)) {
            return false;
        }
        return labels.geometryProblem().isPresent() || !labels.grid().matches(image.grid(), Scan.GRID_TOLERANCE_MM);
    }

    private void geometryOf(NiftiHeader labels, NiftiHeader image, Path file) {
        String becomes = labels.isAnalyze() ? "; becomes NIfTI-1, since Analyze 7.5 holds no geometry" : "";
        changes.add((labels.geometryProblem().isPresent()
                        ? "takes the geometry of its image " + file.getFileName()
                                + ", which has its shape; its own was unusable"
                        : String.format(
                                Locale.ROOT,
                                "takes the geometry of its image %s, which has its shape; it lay up to %.4g mm away",
                                file.getFileName(),
                                labels.grid().farthestCornerMm(image.grid())))
                + becomes);
        edits.add(header -> header.setGeometry(image));
    }

    private void geometry(NiftiHeader header) {
        if (!FileCheck.isSformUsed(header)) {
            return;
        }
        Optional<String> contradiction = FileCheck.forms(header);
        boolean pixdimIsOdd = !FileCheck.pixdim(header).isEmpty()
                || header.remarks().stream().anyMatch(remark -> remark.startsWith("pixdim"));
        if (contradiction.isEmpty() && !pixdimIsOdd) {
            return;
        }
        Grid grid = header.grid();
        NiftiHeader derived = NiftiHeader.of(grid, header.type(), 1, 0);
        NiftiHeader.Qform q = derived.qform();
        boolean hasQform = header.qform().code() != 0 && q.code() != 0;
        int code = hasQform ? header.sform().code() : 0;
        contradiction.ifPresent(what -> changes.add(
                hasQform
                        ? what + ": the qform is derived from it, since it is what unet4j and nibabel go by"
                        : what + ": the qform is unset, since it cannot hold the sform's sheared axes"));
        if (contradiction.isEmpty()) {
            changes.add("pixdim is what the sform says: "
                    + Digits.of(
                            grid.spacing().x(),
                            grid.spacing().y(),
                            grid.spacing().z()) + " mm (x, y, z)");
        }
        NiftiHeader.Qform coded = new NiftiHeader.Qform(code, q.b(), q.c(), q.d(), q.x(), q.y(), q.z());
        edits.add(raw -> raw.setQform(coded, derived.pixdim()));
    }

    private void storage(Path file, NiftiHeader header) throws IOException {
        if (header.remarks().stream().anyMatch(remark -> remark.startsWith("bitpix"))) {
            changes.add("bitpix is that of " + header.type().label());
            edits.add(raw -> raw.setBits(header.type()));
        }
        for (Path one : NiftiFiles.all(file)) {
            if (FileCheck.isMisspelt(one)) {
                changes.add((header.isPair() ? one.getFileName() + " " : "")
                        + (Nifti.isCompressedName(one) ? "is gzipped" : "is not gzipped") + ", as its name says");
            }
        }
    }

    private void voxels(Path file, NiftiHeader header) throws IOException {
        Optional<String> oddly = storedOddly(header);
        if (oddly.isEmpty()) {
            return;
        }
        try (NiftiStream stream = NiftiStream.of(file)) {
            LabelValues.Tally tally = new LabelValues.Tally(header);
            stream.read(header.voxels(), tally);
            LabelValues values = tally.values();
            if (values.areLabels()) {
                boolean isWide = values.classes().lastKey() >= LabelArray.NARROW_CLASSES;
                VoxelType type = isWide ? VoxelType.UINT16 : VoxelType.UINT8;
                changes.add("is stored as " + type.label() + ", no longer as " + oddly.get()
                        + "; every voxel is a whole number");
                labelType = Optional.of(type);
            }
        }
    }

    /** Returns how label voxels are stored, if not as plain integers. */
    static Optional<String> storedOddly(NiftiHeader header) {
        boolean isScaled = header.slope() != 1 || header.intercept() != 0;
        return header.type().isFloating() || isScaled
                ? Optional.of(header.type().label() + (isScaled ? " with a scale" : ""))
                : Optional.empty();
    }

    /** Writes the copy, of a pair both files: {@code to} is that which lies where {@code from} does. */
    private List<String> write(Path from, Path to) throws IOException {
        Consumer<RawHeader> edit = header -> edits.forEach(one -> one.accept(header));
        List<Path> files = NiftiFiles.all(from);
        Path head = to.resolveSibling(files.get(0).getFileName());
        if (changes.isEmpty()) {
            Files.createDirectories(to.toAbsolutePath().getParent());
            for (Path file : files) {
                Files.copy(file, to.resolveSibling(file.getFileName()));
            }
        } else if (labelType.isPresent()) {
            NiftiCopy.writeLabels(from, head, labelType.get(), edit);
        } else {
            NiftiCopy.write(from, head, edit);
        }
        return List.copyOf(changes);
    }
}
