package org.unet4j.prep;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Hashes trees of records by content. Bytes are written value by value, so that neither the order of keys in a YAML file
 * nor how a Java version prints a double matters.
 */
final class Canonical {

    private static final int DIGITS = 16;

    private Canonical() {}

    /** Returns the first 16 hexadecimal digits of the SHA-256 of {@code value}'s content. */
    static String hash(Object value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            write(value, new DataOutputStream(bytes));
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray());
            return HexFormat.of().formatHex(digest).substring(0, DIGITS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException | ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void write(Object value, DataOutputStream out) throws IOException, ReflectiveOperationException {
        if (value instanceof Record record) {
            out.writeUTF(record.getClass().getSimpleName());
            for (RecordComponent component : record.getClass().getRecordComponents()) {
                out.writeUTF(component.getName());
                component.getAccessor().setAccessible(true);
                write(component.getAccessor().invoke(record), out);
            }
        } else if (value instanceof List<?> list) {
            out.writeInt(list.size());
            for (Object element : list) {
                write(element, out);
            }
        } else if (value instanceof Map<?, ?> map) {
            out.writeInt(map.size());
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                write(entry.getKey(), out);
                write(entry.getValue(), out);
            }
        } else if (value instanceof Double number) {
            out.writeLong(Double.doubleToLongBits(number));
        } else if (value instanceof Integer || value instanceof Long) {
            out.writeLong(((Number) value).longValue());
        } else if (value instanceof Boolean flag) {
            out.writeBoolean(flag);
        } else if (value instanceof String || value instanceof Enum<?>) {
            out.writeUTF(value.toString());
        } else {
            throw new IllegalArgumentException("no canonical form for " + value.getClass());
        }
    }
}
