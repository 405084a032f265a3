package org.unet4j.view;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.unet4j.io.Json;
import org.unet4j.view.EmbeddedViewer.Case;

/** A case as an element of a page, with its data beside the viewer under the names that a {@link ViewServer} gives them. */
final class EmbeddedCase {

    /** What is kept free for surfaces, in base64; they take what is left. */
    private static final long SURFACE_BYTES = 600_000;

    /** Room for the element itself. */
    private static final long OTHER_BYTES = 10_000;

    private static final double SMALLER = 0.95;

    private EmbeddedCase() {}

    /** Returns the element of a study, its voxels no larger than they must be. */
    static Case of(Study whole) {
        EmbeddedStudy part = EmbeddedStudy.of(whole);
        String escaped = escape(whole.name());
        long letters = Case.MOST_BYTES - OTHER_BYTES - 2 * bytes(escaped) - bytes(json(part));
        long forVoxels = letters - (part.maps().isEmpty() ? 0 : SURFACE_BYTES);
        double share = part.shareThatMayFit(forVoxels);
        EmbeddedStudy study = part.coarser(share);
        Map<String, String> data = voxels(study);
        while (letters(data) > forVoxels && study.image().grid().shape().voxels() > 1) {
            share *= SMALLER * forVoxels / letters(data);
            study = part.coarser(share);
            data = voxels(study);
        }
        data.putAll(EmbeddedSurfaces.of(study.maps(), letters - letters(data)));
        return new Case(html(escaped, json(study), data));
    }

    private static long bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }

    private static long letters(Map<String, String> data) {
        return data.values().stream().mapToLong(String::length).sum();
    }

    private static String json(EmbeddedStudy study) {
        return Json.line(study.describe()).replace("<", "\\u003c");
    }

    private static Map<String, String> voxels(EmbeddedStudy study) {
        Map<String, String> data = new LinkedHashMap<>();
        data.put("scan", Packed.base64(VoxelBytes.of(study.grey())));
        for (int i = 0; i < study.maps().size(); i++) {
            data.put(
                    "labels/" + i,
                    Packed.base64(VoxelBytes.of(study.maps().get(i).labels().voxels())));
        }
        return data;
    }

    private static String html(String title, String description, Map<String, String> data) {
        StringBuilder html = new StringBuilder();
        html.append("<div class=\"viewer-case\">\n<div class=\"viewer viewer-embedded\" role=\"region\" aria-label=\"")
                .append(title)
                .append("\"><p class=\"viewer-loading\">")
                .append(title)
                .append("</p></div>\n<script type=\"application/json\" data-name=\"study.json\">")
                .append(description)
                .append("</script>\n");
        data.forEach((name, letters) -> html.append("<script type=\"text/plain\" data-name=\"")
                .append(name)
                .append("\">")
                .append(letters)
                .append("</script>\n"));
        return html.append("</div>\n").toString();
    }
}
