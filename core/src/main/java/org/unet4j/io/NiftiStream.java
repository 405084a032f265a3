package org.unet4j.io;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * One scan being read from front to back: the header first, then voxels in the file's order, chunk by chunk. When it is open,
 * its sizes are known to be what its bytes can hold, so a caller may allocate them.
 */
final class NiftiStream implements Closeable {

    /** How many voxels a {@link VoxelSink} is given at a time: few enough for the processor's cache. */
    static final int CHUNK_VOXELS = 1 << 15;

    private static final int CHUNK_BYTES = 1 << 17;

    /** How much is read behind the voxels to reach the checksum; a file with more is not checked against it. */
    private static final int MAX_TRAILING_BYTES = 1 << 24;

    private final NiftiHeader header;
    private final byte[] headerBytes;
    private final byte[] chunk = new byte[CHUNK_BYTES];
    private FileBytes in;

    private NiftiStream(Path given) throws IOException {
        Path path = NiftiFiles.header(given);
        in = FileBytes.open(path);
        try {
            byte[] start = start();
            NiftiLayout layout = NiftiHeaderParser.layout(in.name(), start);
            headerBytes = wholeHeader(start, layout);
            NiftiHeader parsed = NiftiHeaderParser.parse(path, layout, headerBytes);
            header = parsed.isPair() ? openVoxels(path, parsed) : passExtensions(parsed);
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    /**
     * Opens a scan, reads its header and checks that the voxels can be there.
     *
     * @param path the file, or one of its pair
     * @throws IOException if the file is not NIfTI, damaged, of a type that is not supported, or too short
     */
    static NiftiStream of(Path path) throws IOException {
        return new NiftiStream(path);
    }

    NiftiHeader header() {
        return header;
    }

    /** Returns a copy of the header as it is in the file, without what follows it. */
    byte[] headerBytes() {
        return headerBytes.clone();
    }

    /** Returns the name of the file that is being read: of a pair, the one with the voxels. */
    String file() {
        return in.name();
    }

    private byte[] start() throws IOException {
        byte[] start = in.upTo(OtherFormat.START_BYTES);
        if (start.length == 0) {
            throw new IOException("[" + in.name() + "] is empty (0 bytes when unpacked); copy or download it again");
        }
        return start;
    }

    private byte[] wholeHeader(byte[] start, NiftiLayout layout) throws IOException {
        byte[] bytes = Arrays.copyOf(start, layout.headerBytes);
        byte[] rest = in.next(layout.headerBytes - start.length, "a NIfTI header of " + layout.headerBytes + " bytes");
        System.arraycopy(rest, 0, bytes, start.length, rest.length);
        return bytes;
    }

    private NiftiHeader passExtensions(NiftiHeader parsed) throws IOException {
        requireRoom(parsed);
        NiftiExtensions extensions = NiftiExtensions.read(in, parsed.order(), parsed.voxelOffset());
        skipToVoxels(parsed);
        return parsed.withExtensions(extensions.list(), extensions.remarks());
    }

    private NiftiHeader openVoxels(Path path, NiftiHeader parsed) throws IOException {
        NiftiExtensions extensions = NiftiExtensions.read(in, parsed.order(), in.atMost());
        Path voxels = NiftiFiles.voxels(path)
                .orElseThrow(() -> new IOException("[" + in.name() + "] is only the header of a pair: its voxels, "
                        + NiftiFiles.stem(path) + ".img or " + NiftiFiles.stem(path) + ".img.gz, are not beside it"));
        in.skipUpTo(MAX_TRAILING_BYTES); // to where a gzip's checksum is compared
        in.close();
        in = FileBytes.open(voxels);
        requireRoom(parsed);
        skipToVoxels(parsed);
        return parsed.withExtensions(extensions.list(), extensions.remarks());
    }

    private void skipToVoxels(NiftiHeader parsed) throws IOException {
        in.skip(parsed.voxelOffset() - in.offset(), "what lies before vox_offset " + parsed.voxelOffset());
    }

    private void requireRoom(NiftiHeader parsed) throws IOException {
        long needed = voxelBytes(parsed);
        long room = Math.max(0, in.atMost() - parsed.voxelOffset());
        if (needed > room) {
            throw NiftiHeaderParser.error(
                    in.name(),
                    parsed.voxelOffset(),
                    parsed.dimsText() + " " + parsed.type().label() + " voxels need " + needed
                            + " bytes, the file has at most " + room + "; it is truncated or its header damaged");
        }
    }

    /** Returns the bytes of all voxels; the parser has made sure that they can be counted. */
    private static long voxelBytes(NiftiHeader header) {
        return header.voxels() * header.type().bytes();
    }

    /**
     * Reads the next {@code count} voxels into {@code array}, of the header's type, from {@code at} on.
     *
     * @throws IOException if the file ends before
     */
    void read(Object array, int at, int count) throws IOException {
        int voxelBytes = header.type().bytes();
        int perChunk = chunk.length / voxelBytes;
        for (int done = 0; done < count; ) {
            int step = Math.min(perChunk, count - done);
            readChunk(step * voxelBytes);
            decode(array, at + done, step);
            done += step;
        }
    }

    /**
     * Reads the next {@code count} voxels and hands them on, {@link #CHUNK_VOXELS} at a time, in memory for that many.
     *
     * @throws IOException if the file ends before
     */
    void read(long count, VoxelSink sink) throws IOException {
        Object stored = header.type().newArray((int) Math.min(count, CHUNK_VOXELS));
        for (long done = 0; done < count; done += CHUNK_VOXELS) {
            int length = (int) Math.min(count - done, CHUNK_VOXELS);
            read(stored, 0, length);
            sink.take(stored, 0, length);
        }
    }

    /** Passes over {@code count} voxels. */
    void skip(long count) throws IOException {
        in.skip(count * header.type().bytes(), voxelsText());
    }

    /**
     * Passes over the volumes before one.
     *
     * @throws IOException if there is none of that number, counted from 0, or the file ends before
     */
    void skipTo(long volume) throws IOException {
        if (volume < 0 || volume >= header.channels()) {
            throw new IOException("[" + in.name() + "] holds " + header.channels()
                    + (header.channels() == 1 ? " volume (" : " volumes (") + header.dimsText()
                    + ") and none with number " + volume + ": they are counted from 0");
        }
        skip(volume * header.volumeVoxels());
    }

    /** Passes over the volumes after one, and finishes; returns how many bytes followed the voxels. */
    long skipRest(long volume) throws IOException {
        skip((header.channels() - 1 - volume) * header.volumeVoxels());
        return finish();
    }

    /** Copies all voxels, and whatever follows them, as they are stored. */
    void copy(OutputStream out) throws IOException {
        for (long left = voxelBytes(header); left > 0; ) {
            int step = (int) Math.min(left, chunk.length);
            readChunk(step);
            out.write(chunk, 0, step);
            left -= step;
        }
        in.copy(Long.MAX_VALUE, out);
    }

    private void readChunk(int bytes) throws IOException {
        if (in.fill(chunk, bytes) < bytes) {
            throw NiftiHeaderParser.error(
                    in.name(), in.offset(), "the file ends within " + voxelsText() + "; it is truncated");
        }
    }

    private String voxelsText() {
        return "its voxels, " + header.dimsText() + " " + header.type().label() + ", " + voxelBytes(header) + " bytes";
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
        return in.skipUpTo(MAX_TRAILING_BYTES);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
