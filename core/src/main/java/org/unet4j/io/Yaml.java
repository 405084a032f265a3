package org.unet4j.io;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Records to YAML and back, as strictly as {@link Json}: "[plan.yaml] unknown key 'patchsize'; did you mean 'patch'?".
 *
 * <p>How values look: a record is a mapping in the order of its components; shapes and spacings are {@code [z, y, x]};
 * an affine is its upper three rows; an enum constant is in lower case (read in any case); an empty
 * {@link java.util.Optional} is left out; a record of a sealed interface carries the key {@code type}, which is its name
 * in words with hyphens ({@code CtWindow} is {@code ct-window}) or what
 * {@link com.fasterxml.jackson.annotation.JsonTypeName} says. Lists of plain values stand on one line. Numbers that are
 * not finite are {@code .nan}, {@code .inf} and {@code -.inf}.
 *
 * <pre>{@code
 * Yaml.write(folder.resolve("plan.yaml"), plan);
 * Plan same = Yaml.read(folder.resolve("plan.yaml"), Plan.class);
 * }</pre>
 */
public final class Yaml {

    private static final YAMLMapper MAPPER =
            RecordMapping.configure(YAMLMapper.builder()).build();

    private Yaml() {}

    /**
     * Returns the record that {@code file} holds.
     *
     * @throws IOException if the file cannot be read or does not hold exactly such a record
     */
    public static <T> T read(Path file, Class<T> type) throws IOException {
        return RecordMapping.read(MAPPER, file, RecordMapping.bytes(file), type);
    }

    /**
     * Returns the record that a text holds.
     *
     * @param source where the text lies, for messages
     * @throws IOException if it is no such record
     */
    public static <T> T parse(Path source, String text, Class<T> type) throws IOException {
        return RecordMapping.read(MAPPER, source, text.getBytes(StandardCharsets.UTF_8), type);
    }

    /**
     * Returns {@code defaults} with the values that {@code file} gives; what it leaves out stays. Nested records are taken
     * apart in the same way, lists and maps are replaced as a whole. A record whose {@code type} differs from the default's
     * must be complete.
     *
     * @throws IOException if the file cannot be read or has a key or value that such a record does not have
     */
    public static <T extends Record> T readOver(Path file, T defaults) throws IOException {
        return over(file, defaults, given -> {});
    }

    private static <T extends Record> T over(Path file, T defaults, Consumer<JsonNode> names) throws IOException {
        byte[] bytes = RecordMapping.bytes(file);
        @SuppressWarnings("unchecked") // the class of a record is final
        Class<T> type = (Class<T>) defaults.getClass();
        return RecordMapping.explained(file, () -> {
            JsonNode given = MAPPER.readTree(bytes);
            if (given.isMissingNode() || given.isNull()) {
                return defaults;
            }
            names.accept(given);
            return MAPPER.treeToValue(RecordMapping.over(MAPPER, defaults, given), type);
        });
    }

    /**
     * Returns what {@link #readOver(Path, Record)} returns of a file in which a record may be given by its name.
     *
     * @param path where: keys with points between them, such as {@code "samples.augmentation"}
     * @param named returns the record of a name; throws IllegalArgumentException where there is none
     */
    public static <T extends Record> T readOver(
            Path file, T defaults, String path, Function<String, ? extends Record> named) throws IOException {
        return over(file, defaults, given -> RecordMapping.resolve(MAPPER, given, path, named));
    }

    /**
     * Checks that {@code file} has no key that a record of {@code type} does not have: what {@link #readOver} checks too, for when
     * the defaults are not known yet.
     *
     * @throws IOException if the file cannot be read, is no YAML, or has such a key
     */
    public static void requireKnownKeys(Path file, Class<? extends Record> type) throws IOException {
        byte[] bytes = RecordMapping.bytes(file);
        RecordMapping.explained(file, () -> {
            JsonNode given = MAPPER.readTree(bytes);
            UnknownKeys.find(given, type).ifPresent(message -> {
                throw new IllegalArgumentException(message);
            });
            return given;
        });
    }

    /** Writes {@code value} as UTF-8; the file appears whole or not at all. */
    public static void write(Path file, Object value) throws IOException {
        byte[] text = toString(value).getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(file, out -> out.write(text));
    }

    /** Returns {@code value} as YAML that ends with a new line. */
    public static String toString(Object value) {
        return YamlText.of(MAPPER.valueToTree(value));
    }
}
