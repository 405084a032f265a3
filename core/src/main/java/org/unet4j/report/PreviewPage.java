package org.unet4j.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.unet4j.io.AtomicFile;

/**
 * What a network sees of one patch while it learns, as one HTML page that needs nothing else: no network, no script.
 *
 * @param caseId where the patch is from
 * @param facts sentences about the patch
 * @param classNames the classes with an outline
 * @param rows the patch again and again
 */
public record PreviewPage(String caseId, List<String> facts, SortedMap<Integer, String> classNames, List<Row> rows) {

    private static final String PAGE = """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{title}</title><style>
            {css}</style></head><body>
            <header><p class="mark">unet4j augment-preview</p><h1>{title}</h1>{facts}</header>
            <main><div class="pictures">{controls}{rows}</div></main>
            <footer>Not for diagnosis or treatment.</footer></body></html>
            """;

    private static final String CARD = """
            <div class="card case"><div><span class="role">{name}</span><span class="facts">{words}</span></div>\
            <div class="panels" style="--panels:{n}">{panels}</div></div>
            """;

    /** Copies the collections. */
    public PreviewPage {
        facts = List.copyOf(facts);
        classNames = Collections.unmodifiableSortedMap(new TreeMap<>(classNames));
        rows = List.copyOf(rows);
    }

    /**
     * The patch once.
     *
     * @param name which one, such as {@code "draw 3"}
     * @param words what was done to it
     * @param slices of it, their reference being its labels
     */
    public record Row(String name, String words, List<CasePicture> slices) {

        /** Copies the list. */
        public Row {
            slices = List.copyOf(slices);
        }
    }

    /** Writes {@link #html()}; the file appears whole or not at all. */
    public void write(Path file) throws IOException {
        AtomicFile.write(file, out -> out.write(html().getBytes(StandardCharsets.UTF_8)));
    }

    /** Returns the page. */
    public String html() {
        StringBuilder text = new StringBuilder();
        facts.forEach(fact -> text.append("<p>").append(Markup.escape(fact)).append("</p>"));
        StringBuilder cards = new StringBuilder();
        rows.forEach(row -> cards.append(card(row)));
        return Markup.fill(
                PAGE,
                "title",
                "What a network sees of " + Markup.escape(caseId),
                "css",
                PageStyle.CSS,
                "facts",
                text.toString(),
                "controls",
                PagePictures.controls(classNames),
                "rows",
                cards.toString());
    }

    private static String card(Row row) {
        StringBuilder panels = new StringBuilder();
        row.slices().forEach(slice -> panels.append(PagePictures.panel(slice, slice.reference(), slice.plane(), "")));
        return Markup.fill(
                CARD,
                "name",
                Markup.escape(row.name()),
                "words",
                Markup.escape(row.words()),
                "n",
                "" + Math.max(1, row.slices().size()),
                "panels",
                panels.toString());
    }
}
