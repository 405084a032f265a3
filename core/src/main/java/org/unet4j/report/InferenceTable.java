package org.unet4j.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;
import org.unet4j.report.InferenceRow.Figures;

/** How fast a network segments in several ways, as a table. */
public final class InferenceTable {

    private static final String NONE = "\u2013";
    private static final List<String> HEADER = List.of(
            "engine", "precision", "threads", "s/volume", "windows/s", "memory", "to fp32", "Dice", "loss of Dice");

    private final InferenceResult result;

    /** Makes the table of {@code result}. */
    public InferenceTable(InferenceResult result) {
        this.result = result;
    }

    /** Returns the table for a terminal. */
    public String text() {
        return title() + "\n\n" + table().text() + failures();
    }

    /** Returns the table in Markdown, with what it was made with. */
    public String markdown() {
        return title() + "\n\n" + table().markdown() + failures() + "\n" + TextTable.markdownList(result.provenance());
    }

    private String title() {
        return "%s on %d cases of %s, windows of %s"
                .formatted(result.network(), result.cases().size(), result.dataset(), result.window());
    }

    private TextTable table() {
        List<List<String>> rows = new ArrayList<>();
        for (InferenceRow row : result.rows()) {
            List<String> cells =
                    new ArrayList<>(List.of(row.engine(), row.precision(), Integer.toString(row.threads())));
            if (row.figures().isPresent()) {
                Figures figures = row.figures().get();
                cells.add(Numbers.measured(figures.secondsAVolume()));
                cells.add(Numbers.measured(figures.windowsASecond()));
                cells.add(
                        figures.peakMemoryBytes().isPresent()
                                ? Numbers.bytes(figures.peakMemoryBytes().getAsLong())
                                : NONE);
                cells.add(cell(row.toBaseline(), Numbers::times));
                cells.add(fourDigits(figures.meanDice()));
                cells.add(cell(row.diceLoss(), InferenceTable::fourDigits));
            } else {
                cells.add("failed");
            }
            while (cells.size() < HEADER.size()) {
                cells.add(NONE);
            }
            rows.add(cells);
        }
        return new TextTable(HEADER, rows);
    }

    private static String cell(OptionalDouble value, DoubleFunction<String> text) {
        return value.isPresent() ? text.apply(value.getAsDouble()) : NONE;
    }

    /** A loss that matters shows in the fourth digit; one of less than half of it has no sign. */
    private static String fourDigits(double value) {
        String digits = String.format(Locale.ROOT, "%.4f", Math.abs(value));
        return value < 0 && !digits.equals("0.0000") ? "\u2212" + digits : digits;
    }

    private String failures() {
        StringBuilder text = new StringBuilder();
        for (InferenceRow row : result.rows()) {
            for (String failure : row.failures()) {
                text.append("\nfailed: ")
                        .append(String.join(" ", row.engine(), row.precision(), Integer.toString(row.threads())))
                        .append(": ")
                        .append(failure)
                        .append('\n');
            }
        }
        return text.toString();
    }
}
