package org.unet4j.io;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.cfg.MapperBuilder;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.type.LogicalType;

/** How {@link Json} and {@link Yaml} take records apart and put them together. */
final class RecordMapping {

    private RecordMapping() {}

    /** Returns {@code builder}, told to be strict and to know our records. */
    static <M extends ObjectMapper, B extends MapperBuilder<M, B>> B configure(B builder) {
        return builder.addModule(new VolumeModule())
                .annotationIntrospector(new RecordIntrospector())
                .enable(
                        DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                        DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                        DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
                        DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
                        DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(
                        MapperFeature.INFER_RECORD_GETTERS_FROM_COMPONENTS_ONLY,
                        MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS, MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
                .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE, EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                // YAML's readers take "1e-3" for a text, and JSON has only texts for NaN: a number may stand in a text.
                .withCoercionConfig(
                        LogicalType.Float, c -> c.setCoercion(CoercionInputShape.String, CoercionAction.TryConvert))
                .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
                .changeDefaultPropertyInclusion(inclusion ->
                        inclusion.withValueInclusion(com.fasterxml.jackson.annotation.JsonInclude.Include.NON_ABSENT));
    }

    /** Returns all bytes of {@code file}; a missing file is named in words. */
    static byte[] bytes(Path file) throws IOException {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            FileNotFoundException missing = new FileNotFoundException("[" + file + "] there is no such file");
            missing.initCause(e);
            throw missing;
        }
    }

    /** Returns the record that {@code bytes}, the content of {@code file}, hold. */
    static <T> T read(ObjectMapper mapper, Path file, byte[] bytes, Class<T> type) throws IOException {
        return explained(file, () -> {
            try {
                return mapper.readValue(bytes, type);
            } catch (MismatchedInputException e) {
                Optional<String> unknown = UnknownKeys.find(mapper.readTree(bytes), type);
                throw unknown.isPresent() ? new IllegalArgumentException(unknown.get(), e) : e;
            }
        });
    }

    /** Returns what {@code reading} gives; what goes wrong there is explained in terms of the file. */
    static <T> T explained(Path file, Supplier<T> reading) throws IOException {
        try {
            T value = reading.get();
            if (value == null) {
                throw new IOException("[" + file + "] is empty");
            }
            return value;
        } catch (JacksonException | IllegalArgumentException e) {
            throw new IOException("[" + file + "] " + Explanation.of(e), e);
        }
    }

    /** Returns the tree of {@code defaults} with the values of {@code given} in their places. */
    static JsonNode over(ObjectMapper mapper, Record defaults, JsonNode given) {
        JsonNode tree = mapper.valueToTree(defaults);
        if (!(tree instanceof ObjectNode merged)
                || !(given instanceof ObjectNode changes)
                || ofAnotherType(merged, changes)) {
            return given;
        }
        for (Map.Entry<String, JsonNode> change : changes.properties()) {
            String key = change.getKey();
            Optional<Record> nested = nested(defaults, key);
            merged.set(key, nested.isPresent() ? over(mapper, nested.get(), change.getValue()) : change.getValue());
        }
        return merged;
    }

    /** Puts the record of that name in the place of a text at {@code path} (keys with points between them) of {@code tree}. */
    static void resolve(ObjectMapper mapper, JsonNode tree, String path, Function<String, ? extends Record> named) {
        int last = path.lastIndexOf('.');
        JsonNode parent =
                last < 0 ? tree : tree.at("/" + path.substring(0, last).replace('.', '/'));
        String key = path.substring(last + 1);
        if (parent instanceof ObjectNode object && object.path(key).isString()) {
            object.set(key, mapper.valueToTree(named.apply(object.path(key).asString())));
        }
    }

    private static boolean ofAnotherType(ObjectNode defaults, ObjectNode given) {
        return given.has(RecordIntrospector.TYPE)
                && !given.get(RecordIntrospector.TYPE).equals(defaults.get(RecordIntrospector.TYPE));
    }

    private static Optional<Record> nested(Record parent, String key) {
        for (RecordComponent component : parent.getClass().getRecordComponents()) {
            if (component.getName().equals(key)) {
                try {
                    component.getAccessor().setAccessible(true);
                    Object value = component.getAccessor().invoke(parent);
                    Object inner = value instanceof Optional<?> optional ? optional.orElse(null) : value;
                    return inner instanceof Record record ? Optional.of(record) : Optional.empty();
                } catch (ReflectiveOperationException e) {
                    throw new IllegalStateException("cannot read component '" + key + "' of " + parent.getClass(), e);
                }
            }
        }
        return Optional.empty();
    }
}
