package org.unet4j.io;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Records to JSON and back, strictly: a key that the record does not have, a missing key, a key given twice and a value of
 * another type are errors that name the file and the key. A component of type {@link java.util.Optional} may be missing;
 * no other may. See {@link Yaml} for how records are written; both formats hold the same tree.
 *
 * <p>JSON has no word for numbers that are not finite. They are written as the texts {@code "NaN"}, {@code "Infinity"} and
 * {@code "-Infinity"}, as Jackson and protobuf do, and read back as numbers.
 */
public final class Json {

    private static final JsonMapper MAPPER =
            RecordMapping.configure(JsonMapper.builder()).build();
    private static final DefaultIndenter INDENT = new DefaultIndenter("  ", "\n");
    private static final ObjectWriter PRETTY =
            MAPPER.writer().with(new DefaultPrettyPrinter().withObjectIndenter(INDENT));

    private Json() {}

    /**
     * Returns the record that {@code file} holds.
     *
     * @throws IOException if the file cannot be read or does not hold exactly such a record
     */
    public static <T> T read(Path file, Class<T> type) throws IOException {
        return RecordMapping.read(MAPPER, file, RecordMapping.bytes(file), type);
    }

    /**
     * Returns the record that one line of a JSON Lines file holds.
     *
     * @param source the file that the line is from, for messages
     * @throws IOException if the line does not hold exactly such a record
     */
    public static <T> T parse(Path source, String line, Class<T> type) throws IOException {
        return RecordMapping.read(MAPPER, source, line.getBytes(StandardCharsets.UTF_8), type);
    }

    /** Writes {@code value} as indented UTF-8 that ends with a new line; the file appears whole or not at all. */
    public static void write(Path file, Object value) throws IOException {
        byte[] text = (PRETTY.writeValueAsString(value) + "\n").getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(file, out -> out.write(text));
    }

    /** Returns {@code value} on one line, without the line's end: an entry of a JSON Lines file. */
    public static String line(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /**
     * Returns whatever JSON {@code text} is: for what other programs say, whose keys are not ours to check.
     *
     * @throws tools.jackson.core.JacksonException if it is none
     */
    public static JsonNode tree(String text) {
        return MAPPER.readTree(text);
    }

    /**
     * Returns the values in {@code record}, each under its keys with points between them: {@code samples.batch}. A list is one value. Texts
     * are as they are, everything else as JSON has it.
     */
    public static SortedMap<String, String> leaves(Record record) {
        TreeMap<String, String> leaves = new TreeMap<>();
        addLeaves("", MAPPER.valueToTree(record), leaves);
        return leaves;
    }

    private static void addLeaves(String path, JsonNode node, SortedMap<String, String> leaves) {
        if (node instanceof ObjectNode object) {
            object.properties()
                    .forEach(entry -> addLeaves(
                            path.isEmpty() ? entry.getKey() : path + "." + entry.getKey(), entry.getValue(), leaves));
        } else {
            leaves.put(path, node.isString() ? node.asString() : node.toString());
        }
    }

    /** Returns whatever JSON {@code file} holds: for files of other tools, whose keys are not ours to check. */
    static JsonNode tree(Path file) throws IOException {
        byte[] bytes = RecordMapping.bytes(file);
        return RecordMapping.explained(file, () -> MAPPER.readTree(bytes));
    }
}
