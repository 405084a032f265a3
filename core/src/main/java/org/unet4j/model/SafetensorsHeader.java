package org.unet4j.model;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.global.torch.ScalarType;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The JSON at the start of a safetensors file: which tensor lies where. Offsets count from the header's end. */
record SafetensorsHeader(List<Entry> entries, SortedMap<String, String> metadata) {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final String METADATA = "__metadata__";
    private static final Map<String, ScalarType> TYPES = Map.of(
            "F64", ScalarType.Double,
            "F32", ScalarType.Float,
            "F16", ScalarType.Half,
            "BF16", ScalarType.BFloat16,
            "I64", ScalarType.Long,
            "I32", ScalarType.Int,
            "I16", ScalarType.Short,
            "I8", ScalarType.Char,
            "U8", ScalarType.Byte,
            "BOOL", ScalarType.Bool);

    /** One tensor, in bytes {@code begin} to {@code end} (exclusive). */
    record Entry(String name, String type, List<Long> shape, long begin, long end) {
        ScalarType scalarType() {
            return TYPES.get(type);
        }

        long[] sizes() {
            return shape.stream().mapToLong(Long::longValue).toArray();
        }
    }

    /** Returns the format's name of {@code type}, if it has one. */
    static Optional<String> nameOf(ScalarType type) {
        return TYPES.entrySet().stream()
                .filter(entry -> entry.getValue() == type.intern())
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** Returns the header as JSON, padded with blanks so that the tensors start at a multiple of 8. */
    byte[] toBytes() {
        ObjectNode root = MAPPER.createObjectNode();
        if (!metadata.isEmpty()) {
            ObjectNode node = root.putObject(METADATA);
            metadata.forEach(node::put);
        }
        for (Entry entry : entries) {
            ObjectNode node = root.putObject(entry.name());
            node.put("dtype", entry.type());
            ArrayNode shape = node.putArray("shape");
            entry.shape().forEach(shape::add);
            node.putArray("data_offsets").add(entry.begin()).add(entry.end());
        }
        String json = MAPPER.writeValueAsString(root);
        int length = json.getBytes(StandardCharsets.UTF_8).length;
        return (json + " ".repeat((8 - length % 8) % 8)).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Returns what {@code json} says, its entries in the order of their bytes. It is checked that they fill {@code dataBytes}
     * bytes without gap or overlap and that each has as many bytes as its shape needs.
     *
     * @param file the file's name, for messages
     */
    static SafetensorsHeader parse(String file, byte[] json, long dataBytes) throws IOException {
        JsonNode root;
        try {
            root = MAPPER.readTree(json);
        } catch (JacksonException e) {
            throw new IOException(
                    "[" + file + "] offset 8: the header is not valid JSON: " + e.getOriginalMessage(), e);
        }
        if (!root.isObject()) {
            throw new IOException("[" + file + "] offset 8: the header must be a JSON object");
        }
        List<Entry> entries = new ArrayList<>();
        SortedMap<String, String> metadata = new TreeMap<>();
        for (Map.Entry<String, JsonNode> property : root.properties()) {
            if (property.getKey().equals(METADATA)) {
                property.getValue()
                        .properties()
                        .forEach(text ->
                                metadata.put(text.getKey(), text.getValue().asString()));
            } else {
                entries.add(entry(file, property.getKey(), property.getValue()));
            }
        }
        entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        long at = 0;
        for (Entry entry : entries) {
            if (entry.begin() != at) {
                throw fault(file, entry.name(), "starts at byte " + entry.begin() + " of the data, expected " + at);
            }
            at = entry.end();
        }
        if (at != dataBytes) {
            throw new IOException("[" + file + "] the tensors need " + at + " bytes after the header, the file has "
                    + dataBytes + ": it is damaged or was cut off; take another checkpoint");
        }
        return new SafetensorsHeader(List.copyOf(entries), metadata);
    }

    private static Entry entry(String file, String name, JsonNode node) throws IOException {
        String type = node.path("dtype").asString("");
        if (!TYPES.containsKey(type)) {
            throw fault(file, name, "has type '" + type + "', which is not supported");
        }
        List<Long> shape = longs(file, name, node.path("shape"));
        List<Long> offsets = longs(file, name, node.path("data_offsets"));
        if (offsets.size() != 2 || offsets.get(0) > offsets.get(1)) {
            throw fault(file, name, "has data_offsets " + offsets + "; expected a start and an end");
        }
        long bytes = bytes(TYPES.get(type));
        try {
            for (long size : shape) {
                bytes = Math.multiplyExact(bytes, size);
            }
        } catch (ArithmeticException e) {
            throw fault(file, name, "has the impossible shape " + shape);
        }
        long given = offsets.get(1) - offsets.get(0);
        if (bytes != given) {
            throw fault(
                    file,
                    name,
                    "of shape " + shape + " and type " + type + " needs " + bytes + " bytes; the header gives "
                            + given);
        }
        return new Entry(name, type, shape, offsets.get(0), offsets.get(1));
    }

    private static List<Long> longs(String file, String name, JsonNode node) throws IOException {
        List<Long> values = new ArrayList<>();
        boolean sound = node.isArray();
        for (JsonNode element : node) {
            sound &= element.isIntegralNumber() && element.canConvertToLong() && element.asLong() >= 0;
            values.add(sound ? element.asLong() : -1);
        }
        if (!sound) {
            throw fault(file, name, "has no shape or offsets of whole numbers from 0 up");
        }
        return List.copyOf(values);
    }

    private static IOException fault(String file, String name, String what) {
        return new IOException("[" + file + "] header: tensor '" + name + "' " + what);
    }

    static long bytes(ScalarType type) {
        return switch (type) {
            case Double, Long -> 8;
            case Float, Int -> 4;
            case Half, BFloat16, Short -> 2;
            default -> 1;
        };
    }
}
