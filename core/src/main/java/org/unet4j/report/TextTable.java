package org.unet4j.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A table of text: the first column to the left, the others to the right.
 *
 * @param header one word or two a column
 * @param rows as many cells each as the header
 */
record TextTable(List<String> header, List<List<String>> rows) {

    TextTable {
        header = List.copyOf(header);
        rows = rows.stream().map(List::copyOf).toList();
        for (List<String> row : rows) {
            if (row.size() != header.size()) {
                throw new IllegalArgumentException("row " + row + " needs " + header.size() + " cells");
            }
        }
    }

    /** Returns lines for a terminal, columns apart by three blanks, a rule under the header. */
    String text() {
        List<List<String>> lines = new ArrayList<>(rows);
        lines.add(0, header);
        int[] widths = new int[header.size()];
        for (List<String> line : lines) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], length(line.get(i)));
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < widths.length; column++) {
                String cell = lines.get(i).get(column);
                String blanks = " ".repeat(widths[column] - length(cell));
                line.append(column == 0 ? cell + blanks : "   " + blanks + cell);
            }
            text.append(line.toString().stripTrailing()).append('\n');
            if (i == 0) {
                int width = 3 * (widths.length - 1);
                for (int columnWidth : widths) {
                    width += columnWidth;
                }
                text.append("\u2500".repeat(width)).append('\n');
            }
        }
        return text.toString();
    }

    /** Returns the table in Markdown. */
    String markdown() {
        StringBuilder text = new StringBuilder(line(header));
        text.append("|:---|").append("---:|".repeat(header.size() - 1)).append('\n');
        rows.forEach(row -> text.append(line(row)));
        return text.toString();
    }

    private static String line(List<String> cells) {
        return cells.stream().map(cell -> cell.replace("|", "\\|")).collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    private static int length(String cell) {
        return cell.codePointCount(0, cell.length());
    }

    /** Returns names and values as a list in Markdown, a line each. */
    static String markdownList(Map<String, String> values) {
        StringBuilder text = new StringBuilder();
        values.forEach((name, value) ->
                text.append("- ").append(name).append(": ").append(value).append('\n'));
        return text.toString();
    }
}
