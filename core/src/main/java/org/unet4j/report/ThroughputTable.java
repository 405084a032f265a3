package org.unet4j.report;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.unet4j.report.ThroughputRow.Figures;

/** How fast networks train, as a table. */
public final class ThroughputTable {

    private static final String NONE = "\u2013";
    private static final List<String> HEADER = List.of(
            "network",
            "precision",
            "layout",
            "path",
            "s/step",
            "quartiles",
            "steps/s",
            "voxels/s",
            "waiting",
            "memory",
            "busy",
            "to fp32",
            "to naive");

    private final ThroughputResult result;

    /** Makes the table of {@code result}. */
    public ThroughputTable(ThroughputResult result) {
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
        return "%s: %d cases, %d patches of %s a step, plan %s, medians after %d steps of warm-up"
                .formatted(
                        result.dataset(),
                        result.cases(),
                        result.batch(),
                        result.patch(),
                        result.plan(),
                        result.warmup());
    }

    private TextTable table() {
        List<List<String>> rows = new ArrayList<>();
        for (ThroughputRow row : result.rows()) {
            List<String> cells = new ArrayList<>(List.of(row.network(), row.precision(), row.layout(), row.path()));
            if (row.figures().isPresent()) {
                cells.addAll(cells(row.figures().get()));
                cells.add(ratio(row.toFp32()));
                cells.add(ratio(row.toNaive()));
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

    private static List<String> cells(Figures figures) {
        return List.of(
                Numbers.measured(figures.stepSeconds()),
                Numbers.measured(figures.lowerQuartile()) + " to " + Numbers.measured(figures.upperQuartile()),
                Numbers.measured(figures.stepsPerSecond()),
                Numbers.count(figures.voxelsPerSecond()),
                Numbers.percent(figures.waitShare()),
                memory(figures),
                figures.utilization().isPresent()
                        ? Numbers.percent(figures.utilization().getAsDouble())
                        : NONE);
    }

    private static String memory(Figures figures) {
        if (figures.peakDeviceBytes().isPresent()) {
            return Numbers.bytes(figures.peakDeviceBytes().getAsLong());
        }
        return figures.peakMemoryBytes().isPresent()
                ? Numbers.bytes(figures.peakMemoryBytes().getAsLong())
                : NONE;
    }

    private static String ratio(OptionalDouble ratio) {
        return ratio.isPresent() ? Numbers.times(ratio.getAsDouble()) : NONE;
    }

    private String failures() {
        StringBuilder text = new StringBuilder();
        for (ThroughputRow row : result.rows()) {
            for (String failure : row.failures()) {
                text.append("%nfailed: %s %s %s %s: %s%n"
                        .formatted(row.network(), row.precision(), row.layout(), row.path(), failure)
                        .replace(System.lineSeparator(), "\n"));
            }
        }
        return text.toString();
    }
}
