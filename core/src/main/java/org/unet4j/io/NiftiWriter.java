package org.unet4j.io;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.Deflater;
import org.unet4j.volume.VoxelType;

/** Writes header and voxels as one file, in the header's byte order, gzipped in one member where the name says so. */
final class NiftiWriter {

    /** NIfTI's intent code for label maps; viewers show them with a colour for each label. */
    static final int INTENT_LABEL = 1002;

    static final int INTENT_NONE = 0;

    private static final String DESCRIPTION = "unet4j";
    private static final int CHUNK_BYTES = 1 << 16;

    /**
     * Level 1: 73 MB/s against 13 MB/s at level 6 on a CT, for 3 % more bytes; label maps shrink to under 1 % either way.
     */
    private static final int LEVEL = Deflater.BEST_SPEED;

    private NiftiWriter() {}

    static void write(Path file, NiftiHeader header, int intent, Object voxels) throws IOException {
        byte[] head = encode(header, intent);
        write(file, out -> {
            out.write(head);
            writeVoxels(out, header, voxels);
        });
    }

    /** Writes a file whole or not at all, gzipped where its name says so. */
    static void write(Path file, AtomicFile.Writer content) throws IOException {
        if (Nifti.isCompressedName(file)) {
            AtomicFile.write(file, out -> {
                ParallelGzip gzip = new ParallelGzip(out, LEVEL);
                content.write(gzip);
                gzip.finish();
            });
        } else {
            AtomicFile.write(file, content);
        }
    }

    /** Returns the bytes of a new header, and the four after it that say that there are no extensions. */
    static byte[] encode(NiftiHeader header, int intent) {
        NiftiLayout layout = header.layout();
        ByteBuffer bytes = ByteBuffer.allocate(layout.firstVoxelOffset).order(header.order());
        bytes.putInt(0, layout.headerBytes);
        bytes.putShort(layout.datatype, (short) NiftiDatatype.code(header.type()));
        bytes.putShort(layout.datatype + Short.BYTES, (short) (header.type().bytes() * Byte.SIZE));
        layout.putReal(bytes, layout.slope, 0, header.slope());
        layout.putReal(bytes, layout.slope, 1, header.intercept());
        layout.putCode(bytes, layout.intentCode, intent);
        bytes.put(layout.description, DESCRIPTION.getBytes(StandardCharsets.US_ASCII));
        layout.putUnits(bytes, header.units());
        layout.putSize(bytes, layout.dim, 0, header.dims().size());
        for (int i = 1; i <= 7; i++) {
            layout.putSize(bytes, layout.dim, i, header.size(i - 1));
        }
        for (int i = 4; i < header.pixdim().size(); i++) {
            layout.putReal(bytes, layout.pixdim, i, header.pixdim().get(i));
        }
        RawHeader raw = RawHeader.of(layout, bytes);
        raw.setGeometry(header);
        raw.setPlace(layout.singleMagic(), layout.firstVoxelOffset);
        return bytes.array();
    }

    /** Writes voxels of one of the header's volumes, or all of them. */
    static void writeVoxels(OutputStream out, NiftiHeader header, Object voxels) throws IOException {
        if (voxels instanceof byte[] bytes) {
            out.write(bytes);
            return;
        }
        VoxelType type = header.type();
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).order(header.order());
        int length = Array.getLength(voxels);
        int perChunk = CHUNK_BYTES / type.bytes();
        for (int at = 0; at < length; at += perChunk) {
            int count = Math.min(perChunk, length - at);
            switch (type) {
                case INT8, UINT8 -> throw new AssertionError("bytes are written as they are");
                case INT16, UINT16 -> chunk.asShortBuffer().put((short[]) voxels, at, count);
                case INT32, UINT32 -> chunk.asIntBuffer().put((int[]) voxels, at, count);
                case INT64, UINT64 -> chunk.asLongBuffer().put((long[]) voxels, at, count);
                case FLOAT32 -> chunk.asFloatBuffer().put((float[]) voxels, at, count);
                case FLOAT64 -> chunk.asDoubleBuffer().put((double[]) voxels, at, count);
            }
            out.write(chunk.array(), 0, count * type.bytes());
        }
    }
}
