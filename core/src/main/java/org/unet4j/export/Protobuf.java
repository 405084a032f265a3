package org.unet4j.export;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A protocol buffer message that is being written. Fields are written in the order in which they are added; large values are
 * held, not copied, until {@link #writeTo}.
 *
 * <p>The wire format (protobuf.dev/programming-guides/encoding): each field is a tag, {@code number << 3 | wire type}, and a value:
 * a variable-length integer (type 0: seven bits a byte, the lowest first, the top bit set on all bytes but the last), four
 * bytes (type 5), or a length and as many bytes (type 2: strings, bytes, messages).
 */
final class Protobuf {

    private static final int VARINT = 0;
    private static final int LENGTH = 2;
    private static final int FOUR_BYTES = 5;

    private final List<ByteBuffer> parts = new ArrayList<>();
    private long bytes;

    /** Adds an integer; a negative one takes ten bytes, as int32 and int64 fields have it. */
    Protobuf integer(int field, long value) {
        return tag(field, VARINT).append(varint(value));
    }

    /** Adds a float. */
    Protobuf real(int field, float value) {
        ByteBuffer four = ByteBuffer.allocate(Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(value)
                .flip();
        return tag(field, FOUR_BYTES).append(four);
    }

    /** Adds a text, as UTF-8. */
    Protobuf text(int field, String value) {
        return bytes(field, ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8)));
    }

    /** Adds what remains in {@code value}; it must stay as it is until this message is written. */
    Protobuf bytes(int field, ByteBuffer value) {
        return tag(field, LENGTH).append(varint(value.remaining())).append(value.duplicate());
    }

    /** Adds a message as it is now. */
    Protobuf message(int field, Protobuf value) {
        tag(field, LENGTH).append(varint(value.bytes));
        parts.addAll(value.parts);
        bytes += value.bytes;
        return this;
    }

    /** Returns how many bytes the message has. */
    long size() {
        return bytes;
    }

    /** Writes the message to {@code out}. */
    void writeTo(OutputStream out) throws IOException {
        WritableByteChannel channel = Channels.newChannel(out);
        for (ByteBuffer part : parts) {
            channel.write(part.duplicate());
        }
    }

    private Protobuf tag(int field, int type) {
        return append(varint(((long) field << 3) | type));
    }

    private Protobuf append(ByteBuffer part) {
        parts.add(part);
        bytes += part.remaining();
        return this;
    }

    private static ByteBuffer varint(long value) {
        ByteBuffer buffer = ByteBuffer.allocate(10);
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            buffer.put((byte) ((rest & 0x7F) | 0x80));
            rest >>>= 7;
        }
        return buffer.put((byte) rest).flip();
    }
}
