package org.unet4j.io;

import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * Writes a tree as YAML for people: mappings as blocks, lists of plain values on one line, texts without quotes where no
 * reader can take them for something else. (Jackson's own YAML writer puts each number of a shape on a line of its own.)
 */
final class YamlText {

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z_./][A-Za-z0-9_./@+()-]*( [A-Za-z0-9_./@+()-]+)*");
    private static final Set<String> RESERVED =
            Set.of("true", "false", "null", "yes", "no", "on", "off", "y", "n", ".nan", ".inf", "nan", "infinity", ".");

    private final StringBuilder text = new StringBuilder();

    private YamlText() {}

    /** Returns {@code tree} as YAML that ends with a new line. */
    static String of(JsonNode tree) {
        YamlText yaml = new YamlText();
        if (isInline(tree)) {
            yaml.inline(tree);
            yaml.text.append('\n');
        } else {
            yaml.block(tree, 0, false);
        }
        return yaml.text.toString();
    }

    /** Appends {@code tree} as indented lines; {@code open} says that the first line has begun behind a dash. */
    private void block(JsonNode tree, int indent, boolean open) {
        boolean begun = open;
        if (tree.isObject()) {
            for (Map.Entry<String, JsonNode> entry : tree.properties()) {
                indent(begun ? 0 : indent);
                begun = false;
                quoted(entry.getKey(), true);
                text.append(':');
                valueOf(entry.getValue(), indent + 2);
            }
        } else {
            for (JsonNode element : tree) {
                indent(begun ? 0 : indent);
                begun = false;
                text.append('-');
                if (isInline(element)) {
                    valueOf(element, indent);
                } else {
                    text.append(' ');
                    block(element, indent + 2, true);
                }
            }
        }
    }

    private void valueOf(JsonNode value, int indent) {
        if (isInline(value)) {
            text.append(' ');
            inline(value);
            text.append('\n');
        } else {
            text.append('\n');
            block(value, indent, false);
        }
    }

    private void indent(int spaces) {
        text.append(" ".repeat(spaces));
    }

    /** Plain values, lists of them or of short lists of them, and whatever is empty, stand on one line. */
    private static boolean isInline(JsonNode tree) {
        if (tree.isEmpty()) {
            return true;
        }
        if (tree.isObject()) {
            return false;
        }
        for (JsonNode element : tree) {
            if (element.isObject() && !element.isEmpty()) {
                return false;
            }
            if (element.isArray() && (!isInline(element) || element.size() > 4 || tree.size() > 12)) {
                return false;
            }
        }
        return true;
    }

    private void inline(JsonNode tree) {
        if (tree.isArray()) {
            text.append('[');
            String separator = "";
            for (JsonNode element : tree) {
                text.append(separator);
                inline(element);
                separator = ", ";
            }
            text.append(']');
        } else if (tree.isObject()) {
            text.append("{}");
        } else if (tree.isString()) {
            quoted(tree.asString(), false);
        } else if (tree.isFloatingPointNumber() && !Double.isFinite(tree.asDouble())) {
            double value = tree.asDouble();
            text.append(Double.isNaN(value) ? ".nan" : value > 0 ? ".inf" : "-.inf");
        } else {
            text.append(tree.asString("null"));
        }
    }

    /** Appends a text; a key that is a whole number needs no quotes, for a reader of keys expects texts. */
    private void quoted(String string, boolean key) {
        boolean number = key && string.matches("0|[1-9][0-9]{0,8}");
        boolean plain =
                PLAIN.matcher(string).matches() && !RESERVED.contains(string.toLowerCase(java.util.Locale.ROOT));
        text.append(number || plain ? string : Json.line(string));
    }
}
