package org.unet4j.report;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** One protocol-buffer message under construction: fields in the order in which they are given. */
final class EventMessage {

    private static final int WIRE_VARINT = 0;
    private static final int WIRE_FIXED64 = 1;
    private static final int WIRE_BYTES = 2;
    private static final int WIRE_FIXED32 = 5;

    private final ByteArrayOutputStream buffer = new ByteArrayOutputStream();

    void varint(int field, long value) {
        raw(field << 3 | WIRE_VARINT);
        raw(value);
    }

    void fixed64(int field, long bits) {
        raw(field << 3 | WIRE_FIXED64);
        buffer.writeBytes(little(Long.BYTES).putLong(bits).array());
    }

    void fixed32(int field, int bits) {
        raw(field << 3 | WIRE_FIXED32);
        buffer.writeBytes(little(Integer.BYTES).putInt(bits).array());
    }

    void bytes(int field, byte[] value) {
        raw(field << 3 | WIRE_BYTES);
        raw(value.length);
        buffer.writeBytes(value);
    }

    /** Adds a packed repeated field. */
    void doubles(int field, double[] values) {
        byte[] packed = new byte[values.length * Double.BYTES];
        ByteBuffer.wrap(packed).order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer().put(values);
        bytes(field, packed);
    }

    byte[] toByteArray() {
        return buffer.toByteArray();
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void raw(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            buffer.write((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        buffer.write((int) rest);
    }
}
