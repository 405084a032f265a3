package org.unet4j.view;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

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
            "viewer.js");

    private static final List<String> THREE = List.of("three.module.min.js", "three.core.min.js");

    private static final String THREE_FOLDER = "/META-INF/resources/webjars/three/0.181.1/build/";

    private ViewAssets() {}

    /** Returns a file of this package or of three.js; nothing if there is none of that name. */
    static Optional<byte[]> find(String name) {
        if (THREE.contains(name)) {
            return bytes(THREE_FOLDER + name);
        }
        return MODULES.contains(name) || name.equals("viewer.html") || name.equals("viewer.css")
                ? bytes(name)
                : Optional.empty();
    }

    private static Optional<byte[]> bytes(String resource) {
        try (InputStream in = ViewAssets.class.getResourceAsStream(resource)) {
            return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
