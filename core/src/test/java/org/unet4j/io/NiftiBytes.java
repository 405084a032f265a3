package org.unet4j.io;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
import org.unet4j.volume.Volume;

/** A small good NIfTI file as bytes, and ways to damage it. */
final class NiftiBytes {

    static final Shape SHAPE = new Shape(4, 3, 2);
    static final int VOXEL_BYTES = 48;

    private NiftiBytes() {}

    static Volume volume() {
        short[] voxels = new short[24];
        for (int i = 0; i < voxels.length; i++) {
            voxels[i] = (short) (i - 5);
        }
        return Volume.of(Grid.of(SHAPE, new Spacing(3, 2, 1)), voxels);
    }

    /** Returns an uncompressed NIfTI-1 file of int16 voxels. */
    static byte[] nifti1() {
        try {
            Path folder = Files.createTempDirectory("nifti");
            Path file = folder.resolve("good.nii");
            Nifti.write(file, volume());
            byte[] bytes = Files.readAllBytes(file);
            Files.delete(file);
            Files.delete(folder);
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the same as NIfTI-2. */
    static byte[] nifti2() {
        NiftiHeader one = NiftiHeader.of(volume().grid(), volume().type(), 1, 0);
        NiftiHeader two = new NiftiHeader(
                2,
                one.order(),
                false,
                one.dims(),
                one.type(),
                one.pixdim(),
                544,
                1,
                0,
                one.units(),
                one.qform(),
                one.sform(),
                one.remarks());
        byte[] header = NiftiWriter.encode(two, 0);
        byte[] first = nifti1();
        byte[] all = Arrays.copyOf(header, header.length + VOXEL_BYTES);
        System.arraycopy(first, first.length - VOXEL_BYTES, all, header.length, VOXEL_BYTES);
        return all;
    }

    /** Returns the file with some of its header changed. */
    static byte[] with(byte[] file, Consumer<ByteBuffer> change) {
        byte[] copy = file.clone();
        change.accept(ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN));
        return copy;
    }

    static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
