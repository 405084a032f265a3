package org.unet4j.io;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Finds keys that a record does not have. Jackson reports a missing key before an unknown one, but where {@code patch} is
 * missing because {@code patchsize} was written, the latter is what a person wants to hear.
 */
final class UnknownKeys {

    private UnknownKeys() {}

    /** Returns what is wrong with the first unknown key in {@code tree}, read as {@code type}, if there is one. */
    static Optional<String> find(JsonNode tree, Type type) {
        return find(tree, type, "");
    }

    private static Optional<String> find(JsonNode tree, Type type, String path) {
        Class<?> raw = raw(type);
        if (tree.isArray() && (Collection.class.isAssignableFrom(raw) || raw.isArray())) {
            Type element = raw.isArray() ? raw.getComponentType() : argument(type, 0);
            for (int i = 0; i < tree.size(); i++) {
                Optional<String> found = find(tree.get(i), element, path + "[" + i + "]");
                if (found.isPresent()) {
                    return found;
                }
            }
        } else if (tree.isObject() && Map.class.isAssignableFrom(raw)) {
            for (Map.Entry<String, JsonNode> entry : tree.properties()) {
                Optional<String> found = find(entry.getValue(), argument(type, 1), join(path, entry.getKey()));
                if (found.isPresent()) {
                    return found;
                }
            }
        } else if (raw == Optional.class) {
            return find(tree, argument(type, 0), path);
        } else if (tree.isObject() && raw.isInterface() && raw.isSealed()) {
            String name = tree.path(RecordIntrospector.TYPE).asString("");
            for (Class<?> member : RecordIntrospector.members(raw)) {
                if (RecordIntrospector.nameOf(member).equals(name)) {
                    return find(tree, member, path);
                }
            }
        } else if (tree.isObject() && raw.isRecord()) {
            return inRecord(tree, raw, path);
        }
        return Optional.empty();
    }

    private static Optional<String> inRecord(JsonNode tree, Class<?> type, String path) {
        RecordComponent[] components = type.getRecordComponents();
        List<String> valid = Arrays.stream(components).map(UnknownKeys::nameOf).toList();
        List<String> absent = new ArrayList<>(valid);
        absent.removeIf(tree::has);
        for (String key : tree.propertyNames()) {
            boolean isType = key.equals(RecordIntrospector.TYPE) && RecordIntrospector.isMember(type);
            if (!valid.contains(key) && !isType) {
                return Optional.of(message(key, path, absent.isEmpty() ? valid : absent));
            }
        }
        for (RecordComponent component : components) {
            String name = nameOf(component);
            if (tree.has(name)) {
                Optional<String> found = find(tree.get(name), component.getGenericType(), join(path, name));
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    /** Returns what the component is called in a file. */
    private static String nameOf(RecordComponent component) {
        JsonProperty given = component.getAccessor().getAnnotation(JsonProperty.class);
        return given == null ? component.getName() : given.value();
    }

    /** Returns the sentence about one unknown key. */
    static String message(String key, String parent, Collection<String> valid) {
        return "unknown key '" + key + "'" + (parent.isEmpty() ? "" : " in '" + parent + "'")
                + Nearest.hint(key, valid);
    }

    private static String join(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private static Class<?> raw(Type type) {
        if (type instanceof ParameterizedType parameterized) {
            return raw(parameterized.getRawType());
        }
        return type instanceof Class<?> c ? c : Object.class;
    }

    private static Type argument(Type type, int index) {
        return type instanceof ParameterizedType parameterized
                ? parameterized.getActualTypeArguments()[index]
                : Object.class;
    }
}
