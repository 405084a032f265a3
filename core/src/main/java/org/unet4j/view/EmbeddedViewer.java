package org.unet4j.view;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.unet4j.io.Json;
import org.unet4j.volume.Volume;

/**
 * The viewer inside any page, a file among others: {@link #style()} and {@link #script()} once, and a {@link Case} for each scan.
 * Nothing is loaded from elsewhere, and every name of a style sheet begins with {@code viewer}. A case starts when it is scrolled to or
 * clicked, is closed again far from what is on the screen, and takes wheel and keys only while it has the focus.
 */
public final class EmbeddedViewer {

    private EmbeddedViewer() {}

    /** Returns what the viewer looks like, for a {@code <style>} of the page. */
    public static String style() {
        return ViewAssets.text("viewer.css");
    }

    /**
     * Returns the {@code <script>} that starts all cases of a page, to stand once at the end of its body. The viewer's own modules
     * and three.js are in it, gzipped, so that nothing of them can end the script.
     */
    public static String script() {
        Map<String, String> files = new TreeMap<>();
        for (String name : ViewAssets.EMBEDDED) {
            files.put(name, Packed.base64(ViewAssets.text(name).getBytes(StandardCharsets.UTF_8)));
        }
        return "<script type=\"module\">\n/* Holds three.js 0.181.1, Copyright 2010-2025 Three.js Authors, MIT licence. */\nconst files = "
                + Json.line(files) + ";\n" + ViewAssets.text("loader.js") + "</script>\n";
    }

    /**
     * Returns a scan with label maps for a page: cropped to {@value EmbeddedStudy#MARGIN_MM} mm about all that is labelled, whole where
     * nothing is; in 256 greys, from the first to the last of the window that it is shown with at first and of the values under
     * the labels; with surfaces of a limited number of faces. Where it would take more than {@link Case#MOST_BYTES} its voxels are
     * made larger. The page says all of it.
     *
     * @param title what the case is called
     * @param scan of any type and orientation
     * @param maps on the scan's own voxels
     * @throws IllegalArgumentException if a label map has another shape than the scan
     */
    public static Case of(String title, Volume scan, List<LabelMap> maps) {
        for (LabelMap map : maps) {
            if (!map.labels().grid().shape().equals(scan.grid().shape())) {
                throw new IllegalArgumentException("[" + map.name() + "] has shape "
                        + map.labels().grid().shape() + " (z, y, x), the scan of " + title + " "
                        + scan.grid().shape() + "; labels must be on the scan's own grid");
            }
        }
        return EmbeddedCase.of(Study.of(title, scan, maps));
    }

    /**
     * A scan in a page.
     *
     * @param html an element to stand anywhere in the body
     */
    public record Case(String html) {

        /** How many bytes a case takes at most; a third more than its voxels do when gzipped. */
        public static final long MOST_BYTES = 3_000_000;

        /** Returns how many bytes of the page it takes. */
        public long bytes() {
            return html.getBytes(StandardCharsets.UTF_8).length;
        }
    }
}
