package org.unet4j.io;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Scan;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Volume;

/**
 * Reads and writes NIfTI-1 and NIfTI-2: {@code .nii}, {@code .nii.gz} (told apart by their bytes, not their names) and, for
 * reading, pairs of {@code .hdr} and {@code .img}, of which either may be named and either be gzip, and Analyze 7.5.
 * Geometry and scaling are taken as nibabel takes them. Voxels keep their own type; NaN and infinite ones are kept.
 *
 * <p>Every method throws an IOException that names the file, and where it can the offset, the value and the remedy, for
 * bytes that are not what they should be. Sizes are checked against the file before anything is allocated.
 */
public final class Nifti {

    private Nifti() {}

    /**
     * Returns the header of a file.
     *
     * @throws IOException if the file cannot be read, or says of itself what cannot be: voxels that it does not hold, an
     *     affine that is singular
     */
    public static NiftiHeader readHeader(Path file) throws IOException {
        try (NiftiStream stream = NiftiStream.of(file)) {
            return NiftiReader.of(stream).header();
        }
    }

    /**
     * Returns the one volume of a 3D file, or of one with more axes that holds one.
     *
     * @throws IOException if the file cannot be read or holds several volumes
     */
    public static Volume read(Path file) throws IOException {
        try (NiftiStream stream = NiftiStream.of(file)) {
            return NiftiReader.of(stream).one();
        }
    }

    /**
     * Returns one volume of a file with several, such as a time or a channel; memory is needed for that one alone.
     *
     * @param volume its number from 0, in the file's order: of more than four axes, earlier ones run faster
     * @throws IOException if the file cannot be read or holds no volume of that number
     */
    public static Volume read(Path file, int volume) throws IOException {
        try (NiftiStream stream = NiftiStream.of(file)) {
            return NiftiReader.of(stream).one(volume);
        }
    }

    /**
     * Returns what {@link #read(Path)} or, where one is named, {@link #read(Path, int)} does, and tells of it while it comes.
     *
     * @throws IOException as these; voxels that have come may be of a file whose end is damaged
     */
    public static Volume read(Path file, OptionalInt volume, Arrival arrival) throws IOException {
        try (NiftiStream stream = NiftiStream.of(file)) {
            NiftiReader reader = NiftiReader.of(stream);
            return volume.isPresent() ? reader.one(volume.getAsInt(), arrival) : reader.one(arrival);
        }
    }

    /** Returns the volumes of a file, one a channel: one of a 3D file, n of a 4D one. Further axes are channels too. */
    public static List<Volume> readChannels(Path file) throws IOException {
        try (NiftiStream stream = NiftiStream.of(file)) {
            return NiftiReader.of(stream).all();
        }
    }

    /**
     * Returns a label map, stored as any type.
     *
     * @throws IOException if a voxel is not a whole number in [0, 65535]
     */
    public static Labels readLabels(Path file) throws IOException {
        Volume volume = read(file);
        return new Labels(volume.grid(), LabelValues.labels(volume, voxel -> {
            Shape shape = volume.grid().shape();
            int x = voxel % shape.x();
            int y = voxel / shape.x() % shape.y();
            int z = voxel / shape.x() / shape.y();
            throw new IOException("[" + file.getFileName() + "] voxel x " + x + ", y " + y + ", z " + z + " holds "
                    + volume.get(voxel)
                    + "; labels must be whole numbers from 0 to 65535: is it an image, or resampled as one?");
        }));
    }

    /**
     * Writes a volume in its own type, with its geometry as sform and, unless the affine is sheared, as qform.
     *
     * @param file ends in .nii or .nii.gz; replaced if it is there; appears whole or not at all
     */
    public static void write(Path file, Volume volume) throws IOException {
        requireName(file);
        NiftiHeader header = NiftiHeader.of(volume.grid(), volume.type(), volume.slope(), volume.intercept());
        NiftiWriter.write(file, header, NiftiWriter.INTENT_NONE, volume.array());
    }

    /** Writes a label map as unsigned bytes, or shorts where it is wide, otherwise as {@link #write(Path, Volume)}. */
    public static void write(Path file, Labels labels) throws IOException {
        requireName(file);
        NiftiHeader header = NiftiHeader.of(labels.grid(), labels.type(), 1, 0);
        NiftiWriter.write(
                file, header, NiftiWriter.INTENT_LABEL, labels.voxels().array());
    }

    /**
     * Writes a label map with the very geometry fields of the scan that it belongs to, bit for bit (qform, sform, codes,
     * pixdim, units, NIfTI version), so that every viewer lays it exactly over the scan.
     *
     * @throws IllegalArgumentException if the labels lie on another grid than the scan
     */
    public static void write(Path file, Labels labels, NiftiHeader geometry) throws IOException {
        requireName(file);
        if (!labels.grid().matches(geometry.grid(), Scan.GRID_TOLERANCE_MM)) {
            throw new IllegalArgumentException("[" + file.getFileName() + "] labels on " + labels.grid()
                    + " do not lie on the scan's grid " + geometry.grid() + "; bring them back to it first");
        }
        NiftiWriter.write(
                file,
                geometry.forLabels(labels.type()),
                NiftiWriter.INTENT_LABEL,
                labels.voxels().array());
    }

    /**
     * Copies a scan of any number of volumes to one file, with another geometry. All else stays as it is, bit for bit: voxels
     * and their byte order, scaling, times, intent, description, extensions. A pair becomes one file, Analyze 7.5 becomes
     * NIfTI-1.
     *
     * @param to ends in .nii or .nii.gz; replaced if it is there; appears whole or not at all
     * @param geometry whose qform, sform, spacing and unit the copy gets; {@link #readHeader} of {@code from} for its own
     * @throws IllegalArgumentException if the scan has another shape than the geometry
     */
    public static void rewrite(Path from, Path to, NiftiHeader geometry) throws IOException {
        requireName(to);
        NiftiHeader own = FileCheck.header(from);
        if (!own.hasShapeOf(geometry)) {
            throw new IllegalArgumentException("[" + from.getFileName() + "] has " + own.dimsText()
                    + " voxels, the geometry is of " + geometry.dimsText() + "; resample the scan to it first");
        }
        NiftiCopy.write(from, to, header -> header.setGeometry(geometry));
    }

    /** Returns whether a file is NIfTI by its name; hidden ones, as macOS's {@code ._*} files, are not. */
    public static boolean isNifti(Path file) {
        return NiftiFiles.isSingle(file) && !NiftiFiles.isHidden(file);
    }

    /** Returns whether a file can be read as a scan by its name: NIfTI, or the header of a pair. */
    public static boolean isScan(Path file) {
        return (NiftiFiles.isSingle(file) || NiftiFiles.isHeader(file)) && !NiftiFiles.isHidden(file);
    }

    /**
     * Returns what a file is if it is of a known format other than NIfTI, and what to do: "a DICOM file; convert its series to
     * NIfTI first". Empty for NIfTI, for what is not known and for what cannot be read.
     */
    public static Optional<String> otherFormat(Path file) {
        try (FileBytes bytes = FileBytes.open(file)) {
            return OtherFormat.of(bytes.upTo(OtherFormat.START_BYTES)).map(OtherFormat::advice);
        } catch (IOException e) { // then reading it says why
            return Optional.empty();
        }
    }

    /** Returns the file's name without .nii or .nii.gz, .hdr or .img: "ct.nii.gz" gives "ct". */
    public static String stem(Path file) {
        return NiftiFiles.stem(file);
    }

    static boolean isCompressedName(Path file) {
        return NiftiFiles.isCompressed(file);
    }

    private static void requireName(Path file) {
        if (!isNifti(file)) {
            throw new IllegalArgumentException("[" + file.getFileName()
                    + "] a NIfTI file's name must end in .nii or .nii.gz and not start with a dot");
        }
    }
}
