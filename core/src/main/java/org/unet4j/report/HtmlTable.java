package org.unet4j.report;

import java.util.List;

/** A table that sorts by its columns once the page's script runs, and is whole without it. */
final class HtmlTable {

    private static final String NONE = "\u2013";

    private final String label;
    private final List<String> header;
    private final StringBuilder rows = new StringBuilder();
    private List<Cell> first = List.of();
    private int mostCharacters = Integer.MAX_VALUE;
    private int left;

    /**
     * Makes a table.
     *
     * @param label what it shows, for those who do not see it
     * @param header one entry a column, in HTML; an empty one is not sorted by
     */
    HtmlTable(String label, List<String> header) {
        this.label = label;
        this.header = List.copyOf(header);
    }

    /**
     * A cell.
     *
     * @param html what it shows
     * @param value what it sorts by, as JavaScript reads a number; empty to sort by what it shows
     * @param style its class; may be empty
     */
    record Cell(String html, String value, String style) {

        /** Returns a cell of words. */
        static Cell words(String text) {
            return new Cell(Markup.escape(text), "", "words");
        }

        /** Returns a cell with a number, which is shown as {@code html}. */
        static Cell number(String html, double value) {
            return new Cell(html, Double.isFinite(value) ? Double.toString(value) : "NaN", "");
        }

        /** Returns the same of a whole number. */
        static Cell number(String html, long value) {
            return new Cell(html, Long.toString(value), "");
        }

        /** Returns a cell of a number that there is none of. */
        static Cell none() {
            return number(NONE, Double.NaN);
        }

        /** Returns a cell that is not sorted by. */
        static Cell drawing(String html) {
            return new Cell(html, "", "");
        }

        /** Returns this as the best of its column where {@code best} says so. */
        Cell best(boolean best) {
            return best ? new Cell(html, value, "best") : this;
        }

        private String html(String tag) {
            return "<" + tag + (style.isEmpty() ? "" : " class=\"" + style + "\"")
                    + (value.isEmpty() ? "" : " data-v=\"" + value + "\"");
        }
    }

    /** Lets rows that would come after {@code characters} of rows be counted only; the worst or the most important come first. */
    HtmlTable atMost(int characters) {
        mostCharacters = characters;
        return this;
    }

    /** Adds a row, whose first cell is its name, in HTML. */
    HtmlTable row(String name, List<Cell> cells) {
        if (rows.length() >= mostCharacters) {
            left++;
            return this;
        }
        first = first.isEmpty() ? List.copyOf(cells) : first;
        rows.append("<tr><th scope=\"row\">").append(name).append("</th>");
        cells.forEach(cell ->
                rows.append(cell.html("td")).append(">").append(cell.html()).append("</td>"));
        rows.append("</tr>");
        return this;
    }

    /** Returns the table in a frame that scrolls sideways where it must. */
    String html() {
        StringBuilder table = new StringBuilder(Markup.fill(
                "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{l}\"><table class=\"sortable\" aria-label=\"{l}\">"
                        + "<thead><tr>",
                "l",
                Markup.escape(label)));
        for (int column = 0; column < header.size(); column++) {
            boolean words = column > 0
                    && column <= first.size()
                    && first.get(column - 1).style().equals("words");
            table.append(header.get(column).isEmpty() ? "<td" : "<th scope=\"col\"")
                    .append(words ? " class=\"words\">" : ">")
                    .append(header.get(column))
                    .append(header.get(column).isEmpty() ? "</td>" : "</th>");
        }
        return table.append("</tr></thead><tbody>")
                .append(rows)
                .append("</tbody></table></div>")
                .append(left == 0 ? "" : "<p class=\"note\">" + left + " more: the page has no room for them.</p>")
                .toString();
    }
}
