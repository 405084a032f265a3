package org.unet4j.report;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.zip.CRC32C;

/**
 * Writes scalars as a TensorBoard event file: TFRecord framing around hand-made protocol-buffer messages
 * (tensorflow/core/util/event.proto, version {@code brain.Event:2}). Every call reaches the file system, so that a
 * killed run keeps its curves.
 */
public final class TensorBoard implements Closeable {

    private static final int MASK_DELTA = 0xa282ead8;
    private static final int WIRE_VARINT = 0;
    private static final int WIRE_FIXED64 = 1;
    private static final int WIRE_BYTES = 2;
    private static final int WIRE_FIXED32 = 5;

    private final Path file;
    private final OutputStream out;
    private final InstantSource clock;

    private TensorBoard(Path file, OutputStream out, InstantSource clock) {
        this.file = file;
        this.out = out;
        this.clock = clock;
    }

    /**
     * Returns a writer of a new file {@code events.out.tfevents.*} in {@code folder}. TensorBoard drops what older files
     * of the folder say of {@code firstStep} and later: a resumed run does not show those steps twice.
     */
    public static TensorBoard open(Path folder, long firstStep, InstantSource clock) throws IOException {
        Instant now = clock.instant();
        for (int number = 0; ; number++) {
            Path file = folder.resolve("events.out.tfevents." + now.getEpochSecond() + "." + number + ".unet4j");
            try {
                OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                TensorBoard board = new TensorBoard(file, out, clock);
                board.writeHeader(firstStep);
                return board;
            } catch (FileAlreadyExistsException taken) {
                // another file was opened within this second: the next number is free sooner or later
            }
        }
    }

    /** Returns the file that is written. */
    public Path file() {
        return file;
    }

    /** Writes one point of the curve {@code tag}. */
    public void scalar(String tag, long step, double value) throws IOException {
        Message point = new Message();
        point.bytes(1, tag.getBytes(StandardCharsets.UTF_8));
        point.fixed32(2, Float.floatToIntBits((float) value));
        Message summary = new Message();
        summary.bytes(1, point.toByteArray());
        Message event = event();
        event.varint(2, step);
        event.bytes(5, summary.toByteArray());
        write(event);
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    private void writeHeader(long firstStep) throws IOException {
        Message version = event();
        version.bytes(3, "brain.Event:2".getBytes(StandardCharsets.UTF_8));
        write(version);
        Message start = new Message();
        start.varint(1, 1); // SessionLog.START
        Message session = event();
        session.varint(2, firstStep);
        session.bytes(7, start.toByteArray());
        write(session);
    }

    private Message event() {
        Message event = new Message();
        event.fixed64(1, Double.doubleToLongBits(clock.millis() / 1e3));
        return event;
    }

    private void write(Message event) throws IOException {
        byte[] data = event.toByteArray();
        ByteBuffer record = ByteBuffer.allocate(8 + 4 + data.length + 4).order(ByteOrder.LITTLE_ENDIAN);
        record.putLong(data.length);
        record.putInt(maskedCrc(record.array(), 8));
        record.put(data);
        record.putInt(maskedCrc(data, data.length));
        try {
            out.write(record.array());
        } catch (IOException e) {
            throw new IOException("[" + file + "] could not be written: " + e.getMessage(), e);
        }
    }

    private static int maskedCrc(byte[] data, int length) {
        CRC32C crc = new CRC32C();
        crc.update(data, 0, length);
        return Integer.rotateRight((int) crc.getValue(), 15) + MASK_DELTA;
    }

    /** One protocol-buffer message under construction. */
    private static final class Message {
        private final ByteArrayOutputStream buffer = new ByteArrayOutputStream();

        void varint(int field, long value) {
            raw(field << 3 | WIRE_VARINT);
            raw(value);
        }

        void fixed64(int field, long bits) {
            raw(field << 3 | WIRE_FIXED64);
            buffer.writeBytes(ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(bits)
                    .array());
        }

        void fixed32(int field, int bits) {
            raw(field << 3 | WIRE_FIXED32);
            buffer.writeBytes(ByteBuffer.allocate(4)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(bits)
                    .array());
        }

        void bytes(int field, byte[] value) {
            raw(field << 3 | WIRE_BYTES);
            raw(value.length);
            buffer.writeBytes(value);
        }

        private void raw(long value) {
            long rest = value;
            while ((rest & ~0x7fL) != 0) {
                buffer.write((int) ((rest & 0x7f) | 0x80));
                rest >>>= 7;
            }
            buffer.write((int) rest);
        }

        byte[] toByteArray() {
            return buffer.toByteArray();
        }
    }
}
