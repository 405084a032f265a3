package org.unet4j.io;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.unet4j.volume.VoxelType;

/**
 * One NIfTI file being read from front to back: the header first, then voxels in the file's order, chunk by chunk. When it
 * is open, its sizes are known to be what its bytes can hold, so a caller may allocate them.
 */
final class NiftiStream implements Closeable {

    private static final int BUFFER_BYTES = 1 << 16;
    private static final int CHUNK_BYTES = 1 << 17;
    private static final int GZIP_MAGIC = 0x1f8b;

    /** Deflate's best ratio: 258 bytes for 2 bits. */
    private static final long MAX_GZIP_RATIO = 1032;

    /** How much is read behind the voxels to reach the checksum; a file with more is not checked against it. */
    private static final int MAX_TRAILING_BYTES = 1 << 24;

    private final NiftiHeader header;
    private final byte[] chunk = new byte[CHUNK_BYTES];
    private String file;
    private InputStream in;
    private long offset;
    private long capacity;

    private NiftiStream(Path path) throws IOException {
        open(path);
        try {
            byte[] firstFour = bytes(Integer.BYTES, "a header");
            NiftiLayout layout = NiftiHeaderParser.layout(file, firstFour);
            byte[] bytes = Arrays.copyOf(firstFour, layout.headerBytes);
            byte[] rest =
                    bytes(layout.headerBytes - Integer.BYTES, "a NIfTI header of " + layout.headerBytes + " bytes");
            System.arraycopy(rest, 0, bytes, Integer.BYTES, rest.length);
            header = NiftiHeaderParser.parse(file, layout, bytes);
            if (header.isPair()) {
                in.close();
                open(voxelFile(path));
            }
            requireRoom();
            skip(header.voxelOffset() - offset);
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    /**
     * Opens a file, reads its header and checks that the voxels can be there.
     *
     * @throws IOException if the file is not NIfTI, damaged, of a type that is not supported, or too short
     */
    static NiftiStream of(Path path) throws IOException {
        return new NiftiStream(path);
    }

    NiftiHeader header() {
        return header;
    }

    String file() {
        return file;
    }

    private void open(Path path) throws IOException {
        file = String.valueOf(path.getFileName());
        if (Files.isDirectory(path)) {
            throw new IOException("[" + file + "] is a folder, not a NIfTI file: " + path);
        }
        long fileBytes;
        try {
            fileBytes = Files.size(path);
        } catch (NoSuchFileException e) {
            throw new IOException("[" + file + "] no such file: " + path.toAbsolutePath(), e);
        }
        if (fileBytes == 0) {
            throw new IOException("[" + file + "] is empty (0 bytes); copy or download it again");
        }
        offset = 0;
        InputStream raw = new BufferedInputStream(Files.newInputStream(path), BUFFER_BYTES);
        raw.mark(2);
        boolean isGzip = (raw.read() << Byte.SIZE | raw.read()) == GZIP_MAGIC;
        raw.reset();
        if (!isGzip) {
            in = raw;
            capacity = fileBytes;
            return;
        }
        capacity = Math.multiplyExact(fileBytes, MAX_GZIP_RATIO);
        try {
            in = new GZIPInputStream(raw, BUFFER_BYTES);
        } catch (IOException e) {
            raw.close();
            throw new IOException("[" + file + "] the gzip header is damaged: " + e.getMessage(), e);
        }
    }

    private static Path voxelFile(Path headerFile) throws IOException {
        String name = headerFile.getFileName().toString();
        String lower = name.toLowerCase(Locale.ROOT);
        String stem = name.substring(0, Math.max(0, lower.lastIndexOf(".hdr")));
        for (String suffix : new String[] {".img", ".img.gz"}) {
            Path voxels = headerFile.resolveSibling(stem + suffix);
            if (!stem.isEmpty() && Files.exists(voxels)) {
                return voxels;
            }
        }
        throw new IOException("[" + name + "] is only the header of a pair: its voxels, " + stem + ".img or " + stem
                + ".img.gz, are not beside it");
    }

    private void requireRoom() throws IOException {
        long voxelBytes = voxelBytes();
        if (voxelBytes > capacity - header.voxelOffset()) {
            throw NiftiHeaderParser.error(
                    file,
                    header.voxelOffset(),
                    header.dimsText() + " " + header.type().label() + " voxels need " + voxelBytes
                            + " bytes, the file has "
                            + (capacity == 0 ? "none" : "at most " + Math.max(0, capacity - header.voxelOffset()))
                            + "; it is truncated or its header damaged");
        }
    }

    /** Returns the bytes of all voxels; the parser has made sure that they can be counted. */
    private long voxelBytes() {
        long bytes = header.type().bytes();
        for (long size : header.dims()) {
            bytes *= size;
        }
        return bytes;
    }

    private byte[] bytes(int count, String what) throws IOException {
        byte[] bytes = new byte[count];
        if (fill(bytes, count) < count) {
            throw NiftiHeaderParser.error(file, offset, "the file ends here, within " + what + "; it is truncated");
        }
        return bytes;
    }

    /** Reads up to {@code count} bytes and returns how many there were; damage of a gzip file is told as such. */
    private int fill(byte[] target, int count) throws IOException {
        int done = 0;
        try {
            while (done < count) {
                int read = in.read(target, done, count - done);
                if (read < 0) {
                    break;
                }
                done += read;
                offset += read;
            }
        } catch (EOFException e) {
            throw truncated(e);
        } catch (ZipException e) {
            throw new IOException(
                    "[" + file + "] offset " + offset + ": the gzip data is damaged (" + e.getMessage()
                            + "); copy or download it again",
                    e);
        }
        return done;
    }

    private IOException truncated(IOException cause) {
        return new IOException(
                "[" + file + "] offset " + offset + ": the gzip data ends too early; it is truncated", cause);
    }

    private void skip(long count) throws IOException {
        for (long left = count; left > 0; ) {
            int step = (int) Math.min(left, chunk.length);
            if (fill(chunk, step) < step) {
                throw NiftiHeaderParser.error(
                        file, offset, "the file ends before vox_offset " + header.voxelOffset() + "; it is truncated");
            }
            left -= step;
        }
    }

    /**
     * Reads the next {@code count} voxels into {@code array}, of the header's type, from {@code at} on.
     *
     * @throws IOException if the file ends before
     */
    void read(Object array, int at, int count) throws IOException {
        VoxelType type = header.type();
        int perChunk = chunk.length / type.bytes();
        for (int done = 0; done < count; ) {
            int step = Math.min(perChunk, count - done);
            int read = fill(chunk, step * type.bytes());
            if (read < step * type.bytes()) {
                throw NiftiHeaderParser.error(
                        file,
                        offset,
                        "the file ends within its voxels, " + header.dimsText() + " " + type.label() + ", "
                                + voxelBytes() + " bytes; it is truncated");
            }
            decode(array, at + done, step);
            done += step;
        }
    }

    private void decode(Object array, int at, int count) {
        ByteBuffer bytes = ByteBuffer.wrap(chunk).order(header.order());
        switch (header.type()) {
            case INT8, UINT8 -> bytes.get((byte[]) array, at, count);
            case INT16, UINT16 -> bytes.asShortBuffer().get((short[]) array, at, count);
            case INT32, UINT32 -> bytes.asIntBuffer().get((int[]) array, at, count);
            case INT64, UINT64 -> bytes.asLongBuffer().get((long[]) array, at, count);
            case FLOAT32 -> bytes.asFloatBuffer().get((float[]) array, at, count);
            case FLOAT64 -> bytes.asDoubleBuffer().get((double[]) array, at, count);
        }
    }

    /** Reads on to the end, so that a gzip file's checksum is compared; returns how many bytes followed the voxels. */
    long finish() throws IOException {
        long end = offset;
        while (offset - end < MAX_TRAILING_BYTES && fill(chunk, chunk.length) == chunk.length) {
            // what follows the voxels is of no use
        }
        return offset - end;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
