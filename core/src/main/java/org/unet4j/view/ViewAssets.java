package org.unet4j.view;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The files that a page is made of, from the class path. */
final class ViewAssets {

    private static final List<String> MODULES = List.of(
            "colors.js",
            "planes.js",
            "study.js",
            "view.js",
            "slices.js",
            "pane.js",
            "gestures.js",
            "surfaces.js",
            "panel.js",
            "viewer.js",
            "served.js",
            "embedded.js");

    private static final List<String> OTHERS = List.of("viewer.html", "viewer.css", "loader.js");

    private static final List<String> THREE = List.of("three.module.min.js", "three.core.min.js");

    /** The modules that a viewer inside another page is made of, in any order. */
    static final List<String> EMBEDDED = Stream.concat(
                    MODULES.stream().filter(name -> !name.equals("served.js")), THREE.stream())
            .toList();

    private static final String THREE_FOLDER = "/META-INF/resources/webjars/three/0.181.1/build/";

    private ViewAssets() {}

    /** Returns a file of this package or of three.js; nothing if there is none of that name. */
    static Optional<byte[]> find(String name) {
        if (THREE.contains(name)) {
            return bytes(THREE_FOLDER + name);
        }
        return MODULES.contains(name) || OTHERS.contains(name) ? bytes(name) : Optional.empty();
    }

    /** Returns a file of which there must be one. */
    static String text(String name) {
        return new String(find(name).orElseThrow(), StandardCharsets.UTF_8);
    }

    private static Optional<byte[]> bytes(String resource) {
        try (InputStream in = ViewAssets.class.getResourceAsStream(resource)) {
            return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
