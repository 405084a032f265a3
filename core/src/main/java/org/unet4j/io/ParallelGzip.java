package org.unet4j.io;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Gzip on all cores: parts of 512 KiB are deflated side by side, each knowing the end of the one before, and joined to one stream in one
 * member, since some readers stop after the first; as Mark Adler's pigz does it. A few parts are in memory, whatever the size. Up to
 * one part the bytes are those of {@link java.util.zip.GZIPOutputStream}.
 */
final class ParallelGzip extends OutputStream {

    private static final int PART_BYTES = 1 << 19;

    /** How far back deflate looks (RFC 1951). */
    private static final int DICTIONARY_BYTES = 1 << 15;

    /** RFC 1952: magic, deflate, no flags, no time, no word on the level, unknown system. */
    private static final byte[] HEADER = {0x1f, (byte) 0x8b, Deflater.DEFLATED, 0, 0, 0, 0, 0, 0, (byte) 0xff};

    private final OutputStream out;
    private final int level;
    private final int ahead = 2 * (ForkJoinPool.getCommonPoolParallelism() + 1);
    private final Deque<ForkJoinTask<byte[]>> parts = new ArrayDeque<>();
    private final CRC32 checksum = new CRC32();
    private long bytes;
    private byte[] dictionary = {};
    private byte[] part = new byte[PART_BYTES];
    private int filled;

    /**
     * Begins a member.
     *
     * @param level of {@link Deflater}
     */
    ParallelGzip(OutputStream out, int level) throws IOException {
        this.out = out;
        this.level = level;
        out.write(HEADER);
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        int at = offset;
        int end = offset + length;
        while (at < end) {
            if (filled == part.length) {
                deflate(false);
            }
            int count = Math.min(end - at, part.length - filled);
            System.arraycopy(from, at, part, filled, count);
            filled += count;
            at += count;
        }
    }

    /** Writes all that is left, and ends the member; must be called once, after the last byte. */
    void finish() throws IOException {
        deflate(true);
        while (!parts.isEmpty()) {
            out.write(parts.remove().join());
        }
        ByteBuffer end = ByteBuffer.allocate(2 * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        out.write(end.putInt((int) checksum.getValue()).putInt((int) bytes).array());
    }

    private void deflate(boolean last) throws IOException {
        checksum.update(part, 0, filled);
        bytes += filled;
        byte[] input = part;
        int length = filled;
        byte[] before = dictionary;
        parts.add(ForkJoinPool.commonPool().submit(() -> deflated(input, length, before, last)));
        if (!last) {
            dictionary = Arrays.copyOfRange(input, length - DICTIONARY_BYTES, length);
            part = new byte[PART_BYTES];
            filled = 0;
        }
        while (parts.size() > ahead) {
            out.write(parts.remove().join());
        }
    }

    private byte[] deflated(byte[] input, int length, byte[] before, boolean last) {
        Deflater deflater = new Deflater(level, true);
        try {
            if (before.length > 0) {
                deflater.setDictionary(before);
            }
            deflater.setInput(input, 0, length);
            if (last) {
                deflater.finish();
            }
            byte[] room = new byte[1 << 12];
            int written = 0;
            boolean more = true;
            while (more) {
                room = written == room.length ? Arrays.copyOf(room, 2 * written) : room;
                // Flushed to a whole byte, where the next part begins.
                int flush = last ? Deflater.NO_FLUSH : Deflater.SYNC_FLUSH;
                written += deflater.deflate(room, written, room.length - written, flush);
                more = last ? !deflater.finished() : written == room.length;
            }
            return Arrays.copyOf(room, written);
        } finally {
            deflater.end();
        }
    }
}
