package org.unet4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.unet4j.io.Dataset;
import org.unet4j.io.Inspection;
import org.unet4j.io.Json;
import org.unet4j.io.Problem;
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

    /** What {@code inspect DATASET --json} prints. */
    record DatasetReport(
            String name,
            List<String> channels,
            SortedMap<Integer, String> classes,
            int training,
            int test,
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
        List<Problem> problems = dataset.check(Runtime.getRuntime().availableProcessors(), terminal);
        if (json) {
            terminal.print(Json.line(new DatasetReport(
                    dataset.name(),
                    dataset.channelNames(),
                    dataset.classes(),
                    dataset.training().size(),
                    dataset.test().size(),
                    problems.stream().map(Problem::toString).toList())));
        } else {
            terminal.print("dataset   " + dataset.name());
            terminal.print("channels  " + String.join(", ", dataset.channelNames()));
            terminal.print("classes   "
                    + dataset.classes().entrySet().stream()
                            .map(entry -> entry.getKey() + " " + entry.getValue())
                            .collect(Collectors.joining(", ")));
            terminal.print("cases     " + dataset.training().size() + " labelled, "
                    + dataset.test().size() + " unlabelled");
            problems.forEach(problem -> terminal.print("problem   " + problem));
            terminal.print(problems.isEmpty() ? "no problems" : problems.size() + " problems");
        }
        return problems.stream().anyMatch(Problem::isError) ? Main.FAILED : Main.DONE;
    }

    private static String joined(List<?> values, String by) {
        return values.stream().map(String::valueOf).collect(Collectors.joining(by));
    }

    private static String rounded(List<Double> values) {
        return values.stream().map(v -> String.format(Locale.ROOT, "%.6g", v)).collect(Collectors.joining(", "));
    }
}
