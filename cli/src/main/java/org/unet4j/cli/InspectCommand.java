package org.unet4j.cli;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.unet4j.io.Case;
import org.unet4j.io.Dataset;
import org.unet4j.io.Inspection;
import org.unet4j.io.Json;
import org.unet4j.io.Problem;
import org.unet4j.prep.Contents;
import org.unet4j.prep.Survey;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says what is in a volume or a dataset, and what is wrong with it. */
@Command(
        name = "inspect",
        mixinStandardHelpOptions = true,
        description = "Shows geometry, intensities, labels and problems of a volume or a dataset.",
        footer = {
            "",
            "The exit code is 1 for a dataset with problems; warnings, and problems of a readable volume, leave it 0."
        })
final class InspectCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "PATH", description = "A .nii or .nii.gz file, or the folder of a dataset.")
    private Path path;

    @Option(names = "--json", description = "Print one JSON object instead of text.")
    private boolean json;

    InspectCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** What {@code inspect DATASET --json} prints; without contents where no labelled case can be read. */
    record DatasetReport(
            String name,
            List<String> channels,
            SortedMap<Integer, String> classes,
            int training,
            int test,
            Optional<Contents> contents,
            List<String> problems) {}

    @Override
    public Integer call() throws IOException {
        if (!Files.exists(path)) {
            throw new NoSuchFileException(path.toString());
        }
        return Files.isDirectory(path) ? dataset() : volume();
    }

    private int volume() throws IOException {
        Inspection found = Inspection.of(path);
        if (json) {
            terminal.print(Json.line(found));
            return Main.DONE;
        }
        terminal.print("file         " + found.file());
        terminal.print("shape        " + joined(found.shape(), " x ") + " voxels (x, y, z)");
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
            double voxelMl = found.spacing().stream().limit(3).reduce(1.0, (a, b) -> a * b) / 1000;
            terminal.print("as labels    "
                    + found.labels().entrySet().stream()
                            .map(entry -> label(entry, voxelMl))
                            .collect(Collectors.joining("; ")));
        }
        found.problems().forEach(problem -> terminal.print("problem      " + problem));
        return Main.DONE;
    }

    private static String label(Map.Entry<Integer, Long> entry, double voxelMl) {
        return String.format(
                Locale.ROOT, "%d: %d (%.2f ml)", entry.getKey(), entry.getValue(), entry.getValue() * voxelMl);
    }

    private int dataset() throws IOException {
        Dataset dataset = Dataset.open(path);
        List<Case> cases = Stream.concat(dataset.training().stream(), dataset.test().stream())
                .toList();
        Survey survey = Survey.of(dataset, cases, Runtime.getRuntime().availableProcessors(), terminal);
        List<Problem> problems = survey.problems();
        if (json) {
            terminal.print(Json.line(new DatasetReport(
                    dataset.name(),
                    dataset.channelNames(),
                    dataset.classes(),
                    dataset.training().size(),
                    dataset.test().size(),
                    survey.contents(),
                    problems.stream().map(Problem::toString).toList())));
        } else {
            terminal.print("dataset      " + dataset.name());
            terminal.print("channels     " + String.join(", ", dataset.channelNames()));
            terminal.print("classes      " + pairs(dataset.classes()));
            terminal.print("cases        " + dataset.training().size() + " labelled, "
                    + dataset.test().size() + " unlabelled");
            survey.contents().ifPresent(this::print);
            problems.forEach(problem -> terminal.print("problem      " + problem));
            terminal.print(problems.isEmpty() ? "no problems" : problems.size() + " problems");
        }
        return problems.stream().anyMatch(Problem::isError) ? Main.FAILED : Main.DONE;
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
        return axes.stream().map(InspectCommand::spread).collect(Collectors.joining(" x "));
    }

    private static String spread(Contents.Spread spread) {
        return spread.min() == spread.max()
                ? digits(spread.min())
                : digits(spread.min()) + " to " + digits(spread.max()) + " (median " + digits(spread.median()) + ")";
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
