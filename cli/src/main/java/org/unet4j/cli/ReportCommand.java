package org.unet4j.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import org.unet4j.benchmark.BenchmarkFolder;
import org.unet4j.benchmark.Report;
import org.unet4j.io.Dataset;
import org.unet4j.prep.Store;
import org.unet4j.report.BenchmarkPage;
import org.unet4j.report.Failure;
import org.unet4j.report.RunPage;
import org.unet4j.train.RunFolder;
import org.unet4j.train.RunReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes what runs left as a page. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        description =
                "Writes one HTML page, which needs no network, about a benchmark, a cross-validation, or one or several"
                        + " trainings side by side: scores by case and class, curves, slices of the worst, median and best cases, failures,"
                        + " time and memory, the plan, the data and how it was made.",
        footer = {
            "",
            "RUN is the folder of a benchmark or a cross-validation, given alone, or that of a training. A training need not be"
                    + " finished. benchmark, cross-validate and train write the page at their end; this makes it anew, such as after an"
                    + " interruption. Scores of trainings are compared where they were validated on the same cases.",
            "What cannot be read of one run does not cost the others: it is left out, stands under the page's failures and on standard"
                    + " error, and the exit code is 3.",
            "A page holds what was scanned of a few patients: slices, and volumes that can be turned over, where a head is a face."
                    + " It names cases, and the command that was typed. --no-images leaves the images out."
        })
final class ReportCommand implements Callable<Integer> {
    private static final int MOST_LETTERS = 80;

    private final Terminal terminal;

    @Parameters(arity = "1..*", paramLabel = "RUN", description = "Folders of what to report.")
    private List<Path> places;

    @Option(
            names = "--out",
            paramLabel = "FILE.html",
            description =
                    "Default: report.html in RUN; of several, work/report/<names>-<sum of their paths>.html. A file that is no"
                            + " report of unet4j is not replaced.")
    private Path out;

    @Option(
            names = "--dataset",
            paramLabel = "DATASET",
            description =
                    "For pictures: the dataset that was learned from, where it was moved since. Of trainings it is the folder of"
                            + " prepared cases, or the dataset, where they do not lie under work/prepared.")
    private Path dataset;

    @Option(
            names = "--no-images",
            description = "Leave out slices and volumes of patients, for a page to pass on. Names of cases stay.")
    private boolean noImages;

    ReportCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        for (Path place : places) {
            requireReportable(place);
        }
        if (dataset != null && noImages) {
            throw new UsageException("--dataset is for the images that --no-images leaves out: give one of the two");
        }
        if (dataset != null && !Files.isDirectory(dataset)) {
            throw new NoSuchFileException(dataset.toString());
        }
        Path file = out == null ? defaultFile() : out;
        List<String> leftOut = (isBenchmark(places.get(0)) ? writeBenchmark(file) : writeRuns(file))
                .stream().filter(Failure::leavesOut).map(Failure::text).toList();
        leftOut.forEach(terminal::error);
        terminal.print("wrote " + file);
        terminal.result(Map.of("report", file, "leftOut", leftOut));
        return leftOut.isEmpty() ? Main.DONE : Main.PARTLY;
    }

    private Path defaultFile() {
        return places.size() == 1 ? places.get(0).resolve("report.html") : Workspace.report(name(places));
    }

    /** Returns the names of {@code folders}, cut where they are long, and what tells them from others of these names. */
    static String name(List<Path> folders) {
        String names = folders.stream().map(Workspace::nameOf).collect(Collectors.joining("-"));
        String paths = folders.stream()
                .map(folder -> folder.toAbsolutePath().normalize().toString())
                .collect(Collectors.joining("\n"));
        CRC32 sum = new CRC32();
        sum.update(paths.getBytes(StandardCharsets.UTF_8));
        return "%s-%08x".formatted(names.substring(0, Math.min(MOST_LETTERS, names.length())), sum.getValue());
    }

    private static boolean isBenchmark(Path place) {
        return Files.exists(new BenchmarkFolder(place).results());
    }

    private void requireReportable(Path place) throws IOException {
        if (!Files.isDirectory(place)) {
            throw new IOException(
                    "[" + place + "] is not a folder: give that of a benchmark, a cross-validation or a training");
        }
        if (isBenchmark(place)) {
            if (places.size() > 1) {
                throw new UsageException(
                        "[" + place + "] holds a benchmark, which is reported alone: leave the others out, or give"
                                + " trainings only, such as those in " + place.resolve("runs"));
            }
        } else if (Files.exists(new BenchmarkFolder(place).config())) {
            throw new IOException(
                    "[" + place + "] holds a benchmark that is not finished: give its command again, or report its"
                            + " trainings, in " + place.resolve("runs"));
        } else if (!Files.exists(new RunFolder(place).config())) {
            throw new IOException(
                    "[" + place + "] holds no benchmark, no cross-validation that is finished and no training; give the"
                            + " folder of one");
        }
    }

    /** Writes the page, and returns its failures. */
    private List<Failure> writeBenchmark(Path file) throws IOException {
        Optional<Dataset> scans = scans(new BenchmarkFolder(places.get(0)));
        BenchmarkPage page = Report.of(places.get(0), scans);
        if (page.extras().pictures().isEmpty()
                && scans.isPresent()
                && page.extras().failures().stream().noneMatch(Failure::leavesOut)) { // These say why.
            terminal.note("no pictures: no prediction is left of a case of "
                    + scans.get().folder());
        }
        page.write(file);
        return page.extras().failures();
    }

    /** Returns the scans that pictures are made of. */
    private Optional<Dataset> scans(BenchmarkFolder folder) throws IOException {
        if (noImages) {
            return Optional.empty();
        }
        if (dataset != null) {
            return Optional.of(Dataset.open(dataset));
        }
        try {
            return Optional.of(folder.openDataset());
        } catch (IOException e) {
            terminal.note("no pictures: " + e.getMessage() + "; --dataset DATASET says where it is");
            return Optional.empty();
        }
    }

    /** Writes the page, and returns its failures. */
    private List<Failure> writeRuns(Path file) throws IOException {
        RunPage page = RunReport.of(places, stores());
        if (page.pictures().isEmpty() && !noImages) {
            terminal.note(
                    "no pictures: they need a training that is finished, with validation cases, and its prepared cases"
                            + (dataset == null ? " under work/prepared, or --dataset" : ""));
        }
        page.write(file);
        return page.failures();
    }

    private List<Store> stores() throws IOException {
        if (noImages) {
            return List.of();
        }
        if (dataset == null) {
            return Workspace.stores();
        }
        Path folder = Store.planIn(dataset).isPresent() ? dataset : Workspace.prepared(Workspace.nameOf(dataset));
        return Store.planIn(folder).isPresent() ? List.of(Store.open(folder)) : List.of();
    }
}
