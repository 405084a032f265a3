package org.unet4j.io;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Scan;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Volume;
import org.unet4j.volume.VoxelType;

/**
 * Reads and writes NIfTI-1 and NIfTI-2: {@code .nii}, {@code .nii.gz} (told apart by their bytes, not their names) and, for
 * reading, {@code .hdr} with {@code .img}. Geometry and scaling are taken as nibabel takes them. Voxels keep their own type;
 * NaN and infinite ones are kept.
 *
 * <p>Every method throws an IOException that names the file, and where it can the offset, the value and the remedy, for
 * bytes that are not what they should be. Sizes are checked against the file before anything is allocated.
 */
public final class Nifti {

    private static final String PLAIN = ".nii";
    private static final String COMPRESSED = ".nii.gz";

    /** The longest array that every Java virtual machine allows. */
    private static final int MAX_VOXELS = Integer.MAX_VALUE - 8;

    private Nifti() {}

    /**
     * Returns the header of a file.
     *
     * @throws IOException if the file cannot be read, or says of itself what cannot be: voxels that it does not hold, an
     *     affine that is singular
     */
    public static NiftiHeader readHeader(Path file) throws IOException {
        try (NiftiStream stream = NiftiStream.of(file)) {
            requireGrid(stream);
            return stream.header();
        }
    }

    /**
     * Returns the one volume of a 3D file, or of a 4D one that holds one.
     *
     * @throws IOException if the file cannot be read or holds several volumes
     */
    public static Volume read(Path file) throws IOException {
        try (NiftiStream stream = NiftiStream.of(file)) {
            requireOneVolume(stream);
            return readAll(stream).get(0);
        }
    }

    /** Returns the volumes of a file, one a channel: one of a 3D file, n of a 4D one. Further axes are channels too. */
    public static List<Volume> readChannels(Path file) throws IOException {
        try (NiftiStream stream = NiftiStream.of(file)) {
            return readAll(stream);
        }
    }

    /**
     * Returns a label map, stored as any type.
     *
     * @throws IOException if a voxel is not a whole number in [0, 255]
     */
    public static Labels readLabels(Path file) throws IOException {
        Volume volume = read(file);
        if (volume.type() == VoxelType.UINT8 && volume.slope() == 1 && volume.intercept() == 0) {
            return new Labels(volume.grid(), (byte[]) volume.array());
        }
        byte[] classes = new byte[volume.grid().shape().arrayLength()];
        for (int i = 0; i < classes.length; i++) {
            int label = LabelValues.label(volume.get(i));
            if (label < 0) {
                Shape shape = volume.grid().shape();
                int x = i % shape.x();
                int y = i / shape.x() % shape.y();
                int z = i / shape.x() / shape.y();
                throw new IOException("[" + file.getFileName() + "] voxel x " + x + ", y " + y + ", z " + z + " holds "
                        + volume.get(i)
                        + "; labels must be whole numbers from 0 to 255: is it an image, or resampled as one?");
            }
            classes[i] = (byte) label;
        }
        return new Labels(volume.grid(), classes);
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

    /** Writes a label map as unsigned bytes, otherwise as {@link #write(Path, Volume)}. */
    public static void write(Path file, Labels labels) throws IOException {
        requireName(file);
        NiftiHeader header = NiftiHeader.of(labels.grid(), VoxelType.UINT8, 1, 0);
        NiftiWriter.write(file, header, NiftiWriter.INTENT_LABEL, labels.classes());
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
        NiftiWriter.write(file, geometry.forLabels(), NiftiWriter.INTENT_LABEL, labels.classes());
    }

    /** Returns whether a file is NIfTI by its name; hidden ones, as macOS's {@code ._*} files, are not. */
    public static boolean isNifti(Path file) {
        String name = String.valueOf(file.getFileName());
        String lower = name.toLowerCase(Locale.ROOT);
        return !name.startsWith(".") && (lower.endsWith(PLAIN) || lower.endsWith(COMPRESSED));
    }

    /** Returns the file's name without .nii or .nii.gz: "ct.nii.gz" gives "ct". */
    public static String stem(Path file) {
        String name = String.valueOf(file.getFileName());
        String lower = name.toLowerCase(Locale.ROOT);
        for (String suffix : List.of(COMPRESSED, PLAIN)) {
            if (lower.endsWith(suffix)) {
                return name.substring(0, name.length() - suffix.length());
            }
        }
        return name;
    }

    static boolean isCompressedName(Path file) {
        return file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(COMPRESSED);
    }

    private static void requireName(Path file) {
        if (!isNifti(file)) {
            throw new IllegalArgumentException("[" + file.getFileName()
                    + "] a NIfTI file's name must end in .nii or .nii.gz and not start with a dot");
        }
    }

    private static void requireGrid(NiftiStream stream) throws IOException {
        NiftiHeader header = stream.header();
        double voxels = (double) header.size(0) * header.size(1) * header.size(2);
        if (voxels > MAX_VOXELS) {
            throw new IOException("[" + stream.file() + "] a volume of " + header.dimsText()
                    + " voxels is too large: at most " + MAX_VOXELS + " fit; crop or downsample it");
        }
        String problem = header.geometryProblem().orElse("");
        if (!problem.isEmpty()) {
            throw NiftiHeaderParser.error(
                    stream.file(),
                    header.geometryOffset(),
                    problem + "; repair the header with the scan's true geometry");
        }
    }

    private static void requireOneVolume(NiftiStream stream) throws IOException {
        if (stream.header().channels() != 1) {
            throw new IOException(
                    "[" + stream.file() + "] holds " + stream.header().channels() + " volumes ("
                            + stream.header().dimsText() + "); one is expected here");
        }
    }

    private static List<Volume> readAll(NiftiStream stream) throws IOException {
        NiftiHeader header = stream.header();
        requireGrid(stream);
        int voxels = requireMemory(stream);
        Grid grid = header.grid();
        List<Volume> channels = new ArrayList<>();
        for (long channel = 0; channel < header.channels(); channel++) {
            Object array;
            try {
                array = header.type().newArray(voxels);
            } catch (OutOfMemoryError e) { // What else is in use now is known to nobody else.
                throw new IOException(needs(stream) + "but too much of that is in use; give it more with -Xmx", e);
            }
            stream.read(array, 0, voxels);
            channels.add(new Volume(grid, header.type(), array, header.slope(), header.intercept()));
        }
        stream.finish();
        return channels;
    }

    /** Returns the voxels of one volume, once it is known that all volumes can be held. */
    private static int requireMemory(NiftiStream stream) throws IOException {
        NiftiHeader header = stream.header();
        int voxels = header.shape().arrayLength();
        if (bytes(header) > Runtime.getRuntime().maxMemory()) {
            throw new IOException(needs(stream) + "give it more with -Xmx");
        }
        return voxels;
    }

    private static double bytes(NiftiHeader header) {
        return (double) header.shape().voxels()
                * header.channels()
                * header.type().bytes();
    }

    private static String needs(NiftiStream stream) {
        NiftiHeader header = stream.header();
        return String.format(
                Locale.ROOT,
                "[%s] its voxels (%s %s) need %.1f GiB, Java may use %.1f GiB; ",
                stream.file(),
                header.dimsText(),
                header.type().label(),
                bytes(header) / (1L << 30),
                Runtime.getRuntime().maxMemory() / (double) (1L << 30));
    }
}
