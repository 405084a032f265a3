package org.unet4j.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/** Reads a TensorBoard event file as event.proto and summary.proto say, every length and checksum being right. */
public final class EventFile {

    /**
     * One value of a summary.
     *
     * @param fields of Summary.Value, by number
     */
    public record Value(long step, String tag, Map<Integer, List<Object>> fields) {

        /** Returns the only field {@code number} as the message that it is. */
        public Map<Integer, List<Object>> message(int number) {
            return EventFile.fields((byte[]) only(fields, number));
        }
    }

    private EventFile() {}

    /** Returns the payloads of the records. */
    static List<byte[]> records(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        List<byte[]> records = new ArrayList<>();
        while (bytes.hasRemaining()) {
            byte[] length = new byte[Long.BYTES];
            bytes.get(length);
            assertThat(bytes.getInt()).isEqualTo(masked(length));
            byte[] data = new byte[Math.toIntExact(little(length).getLong())];
            bytes.get(data);
            assertThat(bytes.getInt()).isEqualTo(masked(data));
            records.add(data);
        }
        return records;
    }

    /** Returns the values of all summaries of all event files in {@code folder}, in the files' order. */
    public static List<Value> values(Path folder) throws IOException {
        List<Path> files;
        try (var all = Files.list(folder)) {
            files = all.filter(file -> file.getFileName().toString().startsWith("events.out.tfevents"))
                    .sorted()
                    .toList();
        }
        List<Value> values = new ArrayList<>();
        for (Path file : files) {
            for (byte[] event : records(file)) {
                Map<Integer, List<Object>> fields = fields(event);
                if (fields.containsKey(5)) {
                    for (Object value : fields((byte[]) only(fields, 5)).get(1)) {
                        Map<Integer, List<Object>> inner = fields((byte[]) value);
                        values.add(new Value((Long) only(fields, 2), text(only(inner, 1)), inner));
                    }
                }
            }
        }
        return values;
    }

    /** Returns the fields of a message: varints as Long, fixed ones as Double and Float, everything else as byte[]. */
    static Map<Integer, List<Object>> fields(byte[] message) {
        Map<Integer, List<Object>> fields = new TreeMap<>();
        ByteBuffer bytes = little(message);
        while (bytes.hasRemaining()) {
            int key = Math.toIntExact(varint(bytes));
            Object value = switch (key & 7) {
                case 0 -> varint(bytes);
                case 1 -> bytes.getDouble();
                case 5 -> bytes.getFloat();
                case 2 -> {
                    byte[] inner = new byte[Math.toIntExact(varint(bytes))];
                    bytes.get(inner);
                    yield inner;
                }
                default -> throw new AssertionError("wire type " + (key & 7));
            };
            fields.computeIfAbsent(key >> 3, number -> new ArrayList<>()).add(value);
        }
        return fields;
    }

    /** Returns the only value of a field. */
    public static Object only(Map<Integer, List<Object>> fields, int number) {
        assertThat(fields).containsKey(number);
        assertThat(fields.get(number)).hasSize(1);
        return fields.get(number).get(0);
    }

    /** Returns the numbers of a packed field. */
    static double[] doubles(Object packed) {
        ByteBuffer bytes = little((byte[]) packed);
        double[] values = new double[bytes.remaining() / Double.BYTES];
        bytes.asDoubleBuffer().get(values);
        return values;
    }

    private static String text(Object bytes) {
        return new String((byte[]) bytes, StandardCharsets.UTF_8);
    }

    private static long varint(ByteBuffer bytes) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = bytes.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static int masked(byte[] data) {
        CRC32C crc = new CRC32C();
        crc.update(data);
        long value = crc.getValue();
        return (int) (((value >>> 15) | (value << 17)) + 0xa282ead8L);
    }
}
