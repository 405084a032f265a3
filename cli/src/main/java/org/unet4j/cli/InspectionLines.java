package org.unet4j.cli;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.unet4j.io.Dataset;
import org.unet4j.io.Inspection;
import org.unet4j.io.Problem;
import org.unet4j.io.Repair;
import org.unet4j.prep.Contents;
import org.unet4j.prep.DatasetInspection;

/** What {@code inspect} found, as lines for a person. */
final class InspectionLines {
    private final Terminal terminal;

    InspectionLines(Terminal terminal) {
        this.terminal = terminal;
    }

    void print(Inspection found) {
        terminal.print("file         " + found.file());
        terminal.print("shape        " + joined(found.shape(), " x ") + " voxels (x, y, z)");
        long volumes = found.shape().stream().skip(3).reduce(1L, (a, b) -> a * b);
        found.volume()
                .ifPresent(number -> terminal.print("volume       " + number + " of 0 to " + (volumes - 1)
                        + ": values and labels are of this one"));
        terminal.print("spacing      " + rounded(found.spacing()) + " mm");
        terminal.print("orientation  " + found.orientation());
        terminal.print("voxels       " + found.dtype() + ", " + found.finite() + " of " + found.voxels() + " finite");
        terminal.print(String.format(
                Locale.ROOT, "values       min %.6g, max %.6g, mean %.6g", found.min(), found.max(), found.mean()));
        for (int row = 0; row < 3; row++) {
            terminal.print((row == 0 ? "affine       " : "             ")
                    + rounded(found.affine().get(row)));
        }
        if (!found.labels().isEmpty()) {
            terminal.print("as labels    "
                    + found.labels().entrySet().stream()
                            .map(label -> String.format(
                                    Locale.ROOT,
                                    "%d: %d (%.2f ml)",
                                    label.getKey(),
                                    label.getValue(),
                                    found.volumesMl().get(label.getKey())))
                            .collect(Collectors.joining("; ")));
        }
        found.problems().forEach(problem -> terminal.print("problem      " + problem));
        terminal.print(count(found.problems().size()));
    }

    void print(Dataset dataset, DatasetInspection found) {
        terminal.print("dataset      " + dataset.name());
        terminal.print("channels     " + String.join(", ", dataset.channelNames()));
        terminal.print("classes      " + pairs(dataset.classes()));
        terminal.print("cases        " + dataset.training().size() + " labelled, "
                + dataset.test().size() + " unlabelled");
        found.contents().ifPresent(this::print);
        List<Problem> problems = found.problems();
        problems.forEach(problem -> terminal.print("problem      " + problem));
        terminal.print(count(problems.size()));
    }

    void print(Repair repair) {
        repair.changes().forEach(change -> terminal.print("mended       [" + change.file() + "] " + change.what()));
        terminal.print(
                "copied       " + repair.copied() + (repair.copied() == 1 ? " file as it is" : " files as they are")
                        + (repair.skipped() == 0 ? "" : ", " + repair.skipped() + " hidden left out"));
        terminal.print("the copy     " + repair.folder());
    }

    private static String count(int problems) {
        return problems == 0 ? "no problems" : problems + (problems == 1 ? " problem" : " problems");
    }

    private void print(Contents contents) {
        terminal.print("shape        " + spreads(contents.shape()) + " voxels (x, y, z)");
        terminal.print("spacing      " + spreads(contents.spacing()) + " mm");
        terminal.print("orientation  "
                + contents.orientations().entrySet().stream()
                        .map(entry -> entry.getKey() + " in " + entry.getValue())
                        .collect(Collectors.joining(", ")));
        for (Contents.Intensity channel : contents.channels()) {
            terminal.print(String.format(
                    Locale.ROOT,
                    "values       %s: min %.6g, max %.6g, mean %.6g",
                    channel.name(),
                    channel.min(),
                    channel.max(),
                    channel.mean()));
        }
        contents.classes()
                .forEach((value, found) -> terminal.print("label        " + value + " " + found.name() + ": in "
                        + found.cases() + " of " + contents.cases() + " cases" + sizes(found)));
    }

    private static String sizes(Contents.Occurrence found) {
        String voxels = found.voxels().map(v -> ", " + spread(v) + " voxels").orElse("");
        return voxels + found.volumeMl().map(ml -> ", " + spread(ml) + " ml").orElse("");
    }

    private static String pairs(Map<Integer, String> names) {
        return names.entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining(", "));
    }

    private static String spreads(List<Contents.Spread> axes) {
        return axes.stream().map(InspectionLines::spread).collect(Collectors.joining(" x "));
    }

    /** Returns "1 to 3 (median 2)", or one number where rounding leaves one. */
    static String spread(Contents.Spread spread) {
        String min = digits(spread.min());
        String max = digits(spread.max());
        return min.equals(max) ? min : min + " to " + max + " (median " + digits(spread.median()) + ")";
    }

    /** Returns whole numbers whole and others with four digits, without zeros at their end. */
    private static String digits(double value) {
        return value == Math.rint(value)
                ? String.format(Locale.ROOT, "%.0f", value)
                : new BigDecimal(value)
                        .round(new MathContext(4))
                        .stripTrailingZeros()
                        .toPlainString();
    }

    private static String joined(List<?> values, String by) {
        return values.stream().map(String::valueOf).collect(Collectors.joining(by));
    }

    private static String rounded(List<Double> values) {
        return values.stream().map(v -> String.format(Locale.ROOT, "%.6g", v)).collect(Collectors.joining(", "));
    }
}
