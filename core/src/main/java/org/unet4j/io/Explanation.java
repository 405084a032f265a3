package org.unet4j.io;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.InvalidTypeIdException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Says what is wrong with a YAML or JSON file in the words of the person who wrote it: keys and values, no classes. */
final class Explanation {

    private static final Pattern MISSING =
            Pattern.compile("(?:Missing|Null value for) (?:required )?creator property '([^']+)'.*");

    private Explanation() {}

    /** Returns one line on what {@code error} means. */
    static String of(Throwable error) {
        if (error instanceof UnrecognizedPropertyException unknown) {
            return unknownKey(unknown);
        }
        if (error instanceof InvalidTypeIdException unknown && unknown.getBaseType() != null) {
            return unknownType(unknown);
        }
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof IllegalArgumentException) {
                return (error instanceof JacksonException at
                                ? key(at).map(k -> k + ": ").orElse("")
                                : "")
                        + cause.getMessage();
            }
        }
        if (error instanceof MismatchedInputException mismatch) {
            return mismatch(mismatch);
        }
        String message = error instanceof JacksonException e
                ? plain(firstLine(e.getOriginalMessage()))
                : firstLine(error.getMessage());
        return error instanceof StreamReadException e && e.getLocation() != null
                ? "line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr() + ": "
                        + key(e).map(k -> k + ": ").orElse("") + message
                : message;
    }

    /** Leaves out what Jackson says to programmers, of its own switches, and says what to do of encodings. */
    private static String plain(String message) {
        return message.replaceFirst("^java\\.io\\.CharConversionException: ", "")
                .replaceFirst(" \\(not recognized as one since .*", ": the file must have none")
                .replaceFirst(": enable `\\w+\\.ALLOW_NON_NUMERIC_NUMBERS` to allow", ": write a number or null")
                .replaceFirst("^(Invalid UTF-8 .*?)( \\(at .*)?$", "$1: save the file as UTF-8");
    }

    private static String unknownKey(UnrecognizedPropertyException error) {
        List<String> valid = new ArrayList<>();
        Collection<Object> known = error.getKnownPropertyIds();
        if (known != null) {
            known.forEach(id -> valid.add(String.valueOf(id)));
        }
        String key = error.getPropertyName();
        String parent = path(error, error.getPath().size() - 1);
        return UnknownKeys.message(key, parent, valid);
    }

    private static String unknownType(InvalidTypeIdException error) {
        List<String> valid = RecordIntrospector.members(error.getBaseType().getRawClass()).stream()
                .map(RecordIntrospector::nameOf)
                .toList();
        String where = path(error, error.getPath().size());
        String prefix = where.isEmpty() ? "" : "in '" + where + "', ";
        return error.getTypeId() == null
                ? prefix + "missing key 'type'; one of " + valid
                : prefix + "type '" + error.getTypeId() + "' is unknown" + Nearest.hint(error.getTypeId(), valid);
    }

    private static String mismatch(MismatchedInputException error) {
        Matcher missing = MISSING.matcher(firstLine(error.getOriginalMessage()));
        if (missing.matches()) {
            String parent = path(error, error.getPath().size());
            String key = missing.group(1);
            String inside = parent.endsWith(key) ? parent.substring(0, parent.length() - key.length()) : parent;
            inside = inside.endsWith(".") ? inside.substring(0, inside.length() - 1) : inside;
            return "missing key '" + key + "'" + (inside.isEmpty() ? "" : " in '" + inside + "'");
        }
        String value = error instanceof InvalidFormatException format ? " '" + format.getValue() + "'" : "";
        String line = error.getLocation() == null || error.getLocation().getLineNr() < 1
                ? ""
                : "line " + error.getLocation().getLineNr() + ": ";
        Class<?> target = error.getTargetType();
        if (target != null && target.isEnum() && error instanceof InvalidFormatException format) {
            List<String> names = Arrays.stream(target.getEnumConstants())
                    .map(constant -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT))
                    .toList();
            return line + key(error).orElse("value") + value + " is unknown"
                    + Nearest.hint(String.valueOf(format.getValue()), names);
        }
        return line + key(error).orElse("content") + value + " is not " + expected(target);
    }

    private static String expected(Class<?> target) {
        if (target == null) {
            return "what belongs here";
        }
        if (target == int.class || target == Integer.class || target == long.class || target == Long.class) {
            return "a whole number";
        }
        if (target == double.class || target == Double.class || target == float.class || target == Float.class) {
            return "a number";
        }
        if (target == boolean.class || target == Boolean.class) {
            return "true or false";
        }
        if (target == String.class) {
            return "a text";
        }
        if (target.isArray() || Collection.class.isAssignableFrom(target)) {
            return "a list";
        }
        return "a mapping of keys to values (" + target.getSimpleName() + ")";
    }

    private static Optional<String> key(JacksonException error) {
        String path = path(error, error.getPath().size());
        return path.isEmpty() ? Optional.empty() : Optional.of("key '" + path + "'");
    }

    private static String path(JacksonException error, int length) {
        StringBuilder path = new StringBuilder();
        for (JacksonException.Reference step : error.getPath().subList(0, Math.max(0, length))) {
            if (step.getPropertyName() != null) {
                path.append(path.isEmpty() ? "" : ".").append(step.getPropertyName());
            } else {
                path.append('[').append(step.getIndex()).append(']');
            }
        }
        return path.toString();
    }

    private static String firstLine(String message) {
        return message == null ? "cannot be read" : message.lines().findFirst().orElse("");
    }
}
