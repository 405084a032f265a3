package org.unet4j.io;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import org.unet4j.volume.VoxelType;

/**
 * Copies of a scan with some fields of its header set. All else has the same bytes: fields that are not known here, byte order,
 * extensions and whatever else lies between header and voxels, and the voxels, unless they are asked for as another type. A pair
 * stays one, or becomes one file where the copy is named so. Files are gzipped where their names say so. Voxels stream by, in
 * little memory.
 */
final class NiftiCopy {

    /** The most that is taken from behind the header of a pair that becomes one file. */
    private static final int MAX_EXTENSION_BYTES = 1 << 26;

    /** NIfTI wants extensions to have sizes that are multiples of this, so voxels start at one. */
    private static final int UNIT_BYTES = 16;

    private static final int FLAG_BYTES = 4;

    /** Writes the voxels that a stream comes to. */
    @FunctionalInterface
    private interface Voxels {
        void write(NiftiStream from, OutputStream out) throws IOException;
    }

    private NiftiCopy() {}

    /**
     * Writes a copy whose voxels are the same.
     *
     * @param to a file that ends in .nii or .nii.gz, or for a copy of a pair one named as a header, beside which the other is written
     */
    static void write(Path from, Path to, Consumer<RawHeader> change) throws IOException {
        write(from, to, change, NiftiStream::copy);
    }

    /**
     * Writes a copy of a label map whose voxels are of another type.
     *
     * @param type {@code uint8} or {@code uint16}; each voxel must be a whole number that it holds
     */
    static void writeLabels(Path from, Path to, VoxelType type, Consumer<RawHeader> change) throws IOException {
        Voxels voxels = (stream, out) -> writeLabels(stream, type, out);
        write(from, to, change.andThen(header -> header.setVoxels(type)), voxels);
    }

    private static void write(Path from, Path to, Consumer<RawHeader> change, Voxels voxels) throws IOException {
        try (NiftiStream stream = NiftiStream.of(from)) {
            RawHeader header = RawHeader.of(stream);
            change.accept(header);
            NiftiHeader parsed = stream.header();
            Path head = NiftiFiles.header(from);
            int headerBytes = parsed.layout().headerBytes;
            if (!parsed.isPair()) {
                NiftiWriter.write(to, out -> {
                    header.write(out);
                    copy(head, headerBytes, parsed.voxelOffset() - headerBytes, out);
                    voxels.write(stream, out);
                });
            } else if (NiftiFiles.isSingle(to)) {
                byte[] between = between(head, parsed.layout());
                header.setPlace(parsed.layout().singleMagic(), headerBytes + between.length);
                NiftiWriter.write(to, out -> {
                    header.write(out);
                    out.write(between);
                    voxels.write(stream, out);
                });
            } else {
                Path image = NiftiFiles.voxels(head).orElseThrow();
                NiftiWriter.write(to, out -> {
                    header.write(out);
                    copy(head, headerBytes, Long.MAX_VALUE, out);
                });
                NiftiWriter.write(NiftiFiles.voxelsOf(to, image), out -> {
                    copy(image, 0, parsed.voxelOffset(), out);
                    voxels.write(stream, out);
                });
            }
        }
    }

    private static void copy(Path file, long from, long count, OutputStream out) throws IOException {
        try (FileBytes bytes = FileBytes.open(file)) {
            bytes.skip(from, "its header");
            bytes.copy(count, out);
        }
    }

    /** Returns what follows a pair's header, made to end where voxels can start. */
    private static byte[] between(Path head, NiftiLayout layout) throws IOException {
        try (FileBytes bytes = FileBytes.open(head)) {
            bytes.skip(layout.headerBytes, "its header");
            byte[] all = bytes.upTo(MAX_EXTENSION_BYTES);
            int extensions = Math.max(0, all.length - FLAG_BYTES);
            return Arrays.copyOf(all, FLAG_BYTES + (extensions + UNIT_BYTES - 1) / UNIT_BYTES * UNIT_BYTES);
        }
    }

    private static void writeLabels(NiftiStream stream, VoxelType as, OutputStream out) throws IOException {
        NiftiHeader header = stream.header();
        byte[] bytes = new byte[NiftiStream.CHUNK_VOXELS * as.bytes()];
        ByteBuffer labels = ByteBuffer.wrap(bytes).order(header.order());
        stream.read(header.voxels(), (stored, from, length) -> {
            labels.clear();
            for (int i = 0; i < length; i++) {
                double value = header.type().get(stored, from + i) * header.slope() + header.intercept();
                int label = LabelValues.label(value);
                if (as == VoxelType.UINT8) {
                    labels.put((byte) label);
                } else {
                    labels.putShort((short) label);
                }
            }
            out.write(bytes, 0, labels.position());
        });
        stream.finish();
    }
}
