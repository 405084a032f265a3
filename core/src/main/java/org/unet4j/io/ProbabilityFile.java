package org.unet4j.io;

import java.io.IOException;
import java.nio.file.Path;
import org.unet4j.volume.Shape;

/**
 * How probable each class is at each voxel of a scan: a NIfTI file of four axes, {@code NAME.probabilities.nii.gz}, the classes
 * along the fourth, with the very geometry of the scan.
 *
 * <p>NIfTI has no 16-bit float, and of 32-bit floats gzip makes little. So probabilities are unsigned 16-bit integers with a
 * scl_slope of 1/65535: whatever reads NIfTI applies it and finds values from 0 to 1, in steps of 0.000015, where a 16-bit
 * float next to 1 has steps of 0.0005.
 */
public final class ProbabilityFile {

    /** What is stored for a probability of 1. */
    public static final int ONE = 0xffff;

    private static final String SUFFIX = ".probabilities";

    private ProbabilityFile() {}

    /** Gives the probabilities of one class after the other. */
    @FunctionalInterface
    public interface Classes {

        /** Sets each voxel of {@code shares}, in z, y, x order of the scan, to the probability of {@code cls} in units of 1/{@value #ONE}. */
        void read(int cls, short[] shares) throws IOException;
    }

    /** Returns where the probabilities of a scan go. */
    public static Path of(Path folder, String name) {
        return folder.resolve(name + SUFFIX + ".nii.gz");
    }

    /** Returns whether a file holds probabilities by its name, and so no labels. */
    public static boolean isOne(Path file) {
        return Nifti.stem(file).endsWith(SUFFIX);
    }

    /**
     * Writes the probabilities of {@code count} classes with the geometry fields of the scan that they belong to, bit for bit, as
     * {@link Nifti#write(Path, org.unet4j.volume.Labels, NiftiHeader)} does labels. One class is in memory at a time. The file is
     * replaced if it is there, and appears whole or not at all.
     */
    public static void write(Path file, NiftiHeader geometry, int count, Classes classes) throws IOException {
        NiftiHeader header = geometry.forShares(count, 1.0 / ONE);
        Shape shape = geometry.grid().shape();
        NiftiWriter.write(file, out -> {
            out.write(NiftiWriter.encode(header, NiftiWriter.INTENT_NONE));
            short[] shares = new short[shape.arrayLength()];
            for (int cls = 0; cls < count; cls++) {
                classes.read(cls, shares);
                NiftiWriter.writeVoxels(out, header, shares);
            }
        });
    }
}
