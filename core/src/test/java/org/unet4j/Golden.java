package org.unet4j;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Numbers that other tools computed; each file names its source. NaN and infinities are strings. */
public final class Golden {

    private Golden() {}

    /** Returns golden/{@code name}. */
    public static JsonNode json(String name) {
        try (InputStream in = url(name).openStream()) {
            return JsonMapper.shared().readTree(in);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns where golden/{@code name} lies. */
    public static Path path(String name) {
        try {
            return Path.of(url(name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static URL url(String name) {
        URL url = Golden.class.getResource("/golden/" + name);
        if (url == null) {
            throw new IllegalArgumentException("no golden/" + name + " among the test resources");
        }
        return url;
    }

    /** Returns the numbers of a nested list, the last index fastest. */
    public static double[] numbers(JsonNode nested) {
        return flatten(nested).toArray();
    }

    private static DoubleStream flatten(JsonNode node) {
        return node.isArray()
                ? IntStream.range(0, node.size()).boxed().flatMapToDouble(i -> flatten(node.get(i)))
                : DoubleStream.of(node.isString() ? Double.parseDouble(node.asString()) : node.asDouble());
    }
}
