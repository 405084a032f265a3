package org.unet4j.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.unet4j.io.AtomicFile;
import org.unet4j.view.EmbeddedViewer;

/**
 * The frame of a page of results that needs nothing else: no network. What its script adds, sorting and values under the pointer, it
 * does without on paper.
 *
 * @param kind what made it, such as "unet4j benchmark"
 * @param title of the page, as text
 * @param lead what was found, in sentences
 * @param tiles the numbers to see first
 * @param sections in their order; those without content are left out
 * @param pictures how many slices of scans are in it
 * @param volumes how many cases of the viewer are in it
 */
record Page(
        String kind, String title, String lead, List<Tile> tiles, List<Section> sections, int pictures, int volumes) {

    /** The most bytes that a page has. */
    static final int MOST_BYTES = 15_000_000;

    private static final String GENERATOR = "<meta name=\"generator\" content=\"unet4j\">";
    private static final int HEAD_BYTES = 1024;

    Page {
        tiles = List.copyOf(tiles);
        sections = sections.stream()
                .filter(section -> !section.content().isEmpty())
                .toList();
    }

    /**
     * A number in large letters.
     *
     * @param number as text
     * @param text what it is
     */
    record Tile(String number, String text) {}

    /**
     * A part of the page.
     *
     * @param title its heading, as text
     * @param note sentences below the heading, as text; may be empty
     * @param content HTML; where it is empty there is no such section
     */
    record Section(String title, String note, String content) {}

    /** Returns names and values as a list. */
    static String facts(Map<String, String> entries) {
        StringBuilder list = new StringBuilder("<dl>");
        entries.forEach((key, value) ->
                list.append("<dt>" + Markup.escape(key) + "</dt><dd>" + Markup.escape(value) + "</dd>"));
        return list.append("</dl>").toString();
    }

    /** Returns the page. */
    String html() {
        StringBuilder body = new StringBuilder();
        StringBuilder links = new StringBuilder();
        for (int i = 0; i < sections.size(); i++) {
            Section section = sections.get(i);
            String title = Markup.escape(section.title());
            links.append("<li><a href=\"#part" + i + "\">" + title + "</a></li>");
            body.append("<section id=\"part" + i + "\" aria-labelledby=\"title" + i + "\"><h2 id=\"title" + i + "\">"
                    + title + "</h2>");
            if (!section.note().isEmpty()) {
                body.append("<p class=\"note\">" + Markup.escape(section.note()) + "</p>");
            }
            body.append(section.content()).append("</section>\n");
        }
        return Markup.fill(
                """
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                {generator}
                <link rel="icon" href="data:,">
                <title>{title}</title>
                <style>
                {css}</style>
                </head>
                <body>
                <a class="skip" href="#main">Skip to the results</a>
                <header><p class="mark">{kind}</p><h1>{title}</h1><p class="lead">{lead}</p>{tiles}
                <nav aria-label="Parts of this page"><ul>{links}</ul></nav></header>
                <main id="main">{body}</main>
                <footer>For research. Not a medical device: do not use for diagnosis.{images}</footer>
                <script>
                {script}</script>
                {viewer}</body>
                </html>
                """,
                "generator",
                GENERATOR,
                "css",
                volumes > 0 ? EmbeddedViewer.style() + PageStyle.CSS : PageStyle.CSS,
                "script",
                PageStyle.SCRIPT,
                "viewer",
                volumes > 0 ? EmbeddedViewer.script() : "",
                "images",
                pictures + volumes > 0 ? " This page contains images of cases: mind who gets it." : "",
                "kind",
                Markup.escape(kind),
                "title",
                Markup.escape(title),
                "lead",
                Markup.escape(lead),
                "tiles",
                tilesHtml(),
                "links",
                links.toString(),
                "body",
                body.toString());
    }

    /** Returns the section of cases to turn over; without content where there are none. */
    static Section volumes(List<EmbeddedViewer.Case> cases) {
        StringBuilder html = new StringBuilder();
        cases.forEach(one -> html.append("<div class=\"volume\">" + one.html() + "</div>"));
        return new Section(
                "Slice by slice and in 3D",
                "Cases of the pictures above, cropped to what is labelled, in 256 greys. A viewer starts where it is scrolled to or"
                        + " clicked; label maps are switched in its panel.",
                html.toString());
    }

    private String tilesHtml() {
        StringBuilder html = new StringBuilder("<div class=\"tiles\">");
        tiles.forEach(tile -> html.append("<div class=\"tile\"><b>" + Markup.escape(tile.number()) + "</b><span>"
                + Markup.escape(tile.text()) + "</span></div>"));
        return html.append("</div>").toString();
    }

    /** Makes a page with some of what makes it large; everything else is made once, before. */
    @FunctionalInterface
    interface Drawing {

        /** Returns the page with the first {@code volumes} of its volumes and the first {@code pictures} of its pictures. */
        Page page(int volumes, int pictures);
    }

    /**
     * Returns the page with as many volumes and pictures as {@link #MOST_BYTES} allow; volumes are left out first, and where that is
     * not enough whole sections, the largest first.
     */
    static String within(int volumes, int pictures, Drawing drawing) {
        List<int[]> choices = new ArrayList<>();
        for (int count = volumes; count > 0; count--) {
            choices.add(new int[] {count, pictures});
        }
        for (int count = pictures; count > 0; count--) {
            choices.add(new int[] {0, count});
        }
        for (int[] choice : choices) {
            String html = drawing.page(choice[0], choice[1]).html();
            if (fits(html)) {
                return html;
            }
        }
        return drawing.page(0, 0).shortened();
    }

    private static boolean fits(String html) {
        return html.getBytes(StandardCharsets.UTF_8).length <= MOST_BYTES;
    }

    private String shortened() {
        List<Section> kept = new ArrayList<>(sections);
        String html = html();
        for (int i = 0; i < sections.size() && !fits(html); i++) {
            Section largest = kept.stream()
                    .max(Comparator.comparingInt(section -> section.content().length()))
                    .orElseThrow();
            kept.set(
                    kept.indexOf(largest),
                    new Section(largest.title(), "", "<p class=\"note\">Left out: the page has no room for it.</p>"));
            html = new Page(kind, title, lead, tiles, kept, pictures, volumes).html();
        }
        return html;
    }

    /**
     * Writes a page; the file appears whole or not at all. An older page of ours is replaced.
     *
     * @throws FileAlreadyExistsException where something else lies there
     */
    static void write(Path file, String html) throws IOException {
        if (Files.exists(file) && !isOurs(file)) {
            throw new FileAlreadyExistsException(
                    file.toString(),
                    null,
                    "it is no report of unet4j and stays as it is; choose another name with --out");
        }
        if (file.toAbsolutePath().getParent() != null) {
            Files.createDirectories(file.toAbsolutePath().getParent());
        }
        AtomicFile.write(file, out -> out.write(html.getBytes(StandardCharsets.UTF_8)));
    }

    private static boolean isOurs(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(HEAD_BYTES), StandardCharsets.UTF_8).contains(GENERATOR);
        }
    }
}
