package org.unet4j.report;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The few pieces that HTML and SVG are written with. */
final class Markup {

    private static final Pattern NAME = Pattern.compile("\\{([a-z]\\w*)\\}");

    private Markup() {}

    /** Returns {@code text} so that it shows as it is, between tags and in quoted attributes. */
    static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.append(c);
            }
        }
        return escaped.toString();
    }

    /** Returns a coordinate with at most one decimal. */
    static String at(double coordinate) {
        String text = String.format(Locale.ROOT, "%.1f", coordinate);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }

    /**
     * Returns {@code text} with every {@code {name}} replaced by its value, given as name, value, name, value, ... Braces
     * in values stay as they are.
     */
    static String fill(String text, String... namesAndValues) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            values.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return NAME.matcher(text)
                .replaceAll(match -> Matcher.quoteReplacement(
                        Objects.requireNonNull(values.get(match.group(1)), () -> "no value for " + match.group())));
    }
}
