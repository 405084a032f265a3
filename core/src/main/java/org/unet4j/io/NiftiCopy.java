package org.unet4j.io;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import org.unet4j.volume.VoxelType;

/**
 * Copies of a NIfTI file of one piece with some fields of the header set. Byte order, extensions and whatever is not set stay
 * as they are; the copy is gzipped where its name says so. Voxels stream by, in little memory.
 */
final class NiftiCopy {

    private static final int BUFFER_BYTES = 1 << 16;
    private static final int CHUNK_VOXELS = 1 << 15;

    private NiftiCopy() {}

    /** Writes a copy whose voxels are the same. */
    static void write(Path from, Path to, Consumer<RawHeader> change) throws IOException {
        writeCompressed(to, out -> {
            try (InputStream in = open(from)) {
                RawHeader header = RawHeader.take(in, from.getFileName().toString());
                change.accept(header);
                header.write(out);
                in.transferTo(out);
            }
        });
    }

    /**
     * Writes a copy of a label map whose voxels are of another type.
     *
     * @param type {@code uint8} or {@code uint16}; each voxel must be a whole number that it holds
     */
    static void writeLabels(Path from, Path to, VoxelType type, Consumer<RawHeader> change) throws IOException {
        writeCompressed(to, out -> {
            try (InputStream in = open(from);
                    NiftiStream voxels = NiftiStream.of(from)) {
                RawHeader header = RawHeader.take(in, from.getFileName().toString());
                change.accept(header);
                header.setVoxels(type);
                header.write(out);
                byte[] extensions =
                        in.readNBytes(Math.toIntExact(voxels.header().voxelOffset() - header.length()));
                out.write(extensions);
                writeLabels(voxels, type, header.order(), out);
            }
        });
    }

    private static void writeLabels(NiftiStream voxels, VoxelType as, ByteOrder order, OutputStream out)
            throws IOException {
        NiftiHeader header = voxels.header();
        VoxelType type = header.type();
        long count = header.dims().stream().reduce(1L, (a, b) -> a * b);
        Object chunk = type.newArray((int) Math.min(count, CHUNK_VOXELS));
        ByteBuffer labels = ByteBuffer.allocate((int) Math.min(count, CHUNK_VOXELS) * as.bytes())
                .order(order);
        for (long done = 0; done < count; done += CHUNK_VOXELS) {
            int length = (int) Math.min(count - done, CHUNK_VOXELS);
            voxels.read(chunk, 0, length);
            labels.clear();
            for (int i = 0; i < length; i++) {
                int label = LabelValues.label(type.get(chunk, i) * header.slope() + header.intercept());
                if (as == VoxelType.UINT8) {
                    labels.put((byte) label);
                } else {
                    labels.putShort((short) label);
                }
            }
            out.write(labels.array(), 0, labels.position());
        }
        voxels.finish();
    }

    private static void writeCompressed(Path to, AtomicFile.Writer content) throws IOException {
        if (!Nifti.isCompressedName(to)) {
            AtomicFile.write(to, content);
            return;
        }
        AtomicFile.write(to, out -> {
            NiftiWriter.Gzip gzip = new NiftiWriter.Gzip(out);
            content.write(gzip);
            gzip.finish();
        });
    }

    private static InputStream open(Path file) throws IOException {
        InputStream raw = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES);
        return FileCheck.isGzip(file) ? new GZIPInputStream(raw, BUFFER_BYTES) : raw;
    }
}
