package org.unet4j.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.unet4j.io.Dataset;
import org.unet4j.prep.Fingerprint;
import org.unet4j.prep.Plan;
import org.unet4j.report.BenchmarkPage;
import org.unet4j.report.BenchmarkResult;
import org.unet4j.report.Failure;
import org.unet4j.report.LineChart;
import org.unet4j.report.NetworkResult;
import org.unet4j.report.ShownCases;
import org.unet4j.train.Metrics;
import org.unet4j.train.RunFolder;

/**
 * The page of a benchmark or a cross-validation. Curves and pictures are of those runs and predictions that are still there: whoever needs
 * the room may delete them.
 */
public final class Report {

    private final BenchmarkResult result;
    private final ReportParts parts;
    private final Optional<Dataset> dataset;
    private final List<LineChart.Curve> loss = new ArrayList<>();
    private final List<LineChart.Curve> dice = new ArrayList<>();
    private final List<Failure> failures = new ArrayList<>();
    private Optional<Plan> plan = Optional.empty();
    private Optional<Fingerprint> fingerprint = Optional.empty();

    private Report(BenchmarkResult result, ReportParts parts, Optional<Dataset> dataset) {
        this.result = result;
        this.parts = parts;
        this.dataset = dataset;
    }

    /**
     * Returns the page of the benchmark or the cross-validation in {@code folder}. A run that cannot be read, or a picture, is left out, and
     * is a failure on the page.
     *
     * @param dataset that was learned from, for pictures of its scans; without it there are none
     * @throws IOException where the folder holds no results, or they cannot be read
     */
    public static BenchmarkPage of(Path folder, Optional<Dataset> dataset) throws IOException {
        BenchmarkResult result = BenchmarkResult.read(new BenchmarkFolder(folder).results());
        return new Report(result, ReportParts.of(folder), dataset).page();
    }

    /** Writes the page into {@code folder}, the last of what a benchmark leaves; where that cannot be done, {@code listener} hears why. */
    static void write(BenchmarkFolder folder, Dataset dataset, BenchmarkListener listener) {
        try {
            BenchmarkPage page = of(folder.path(), Optional.of(dataset));
            page.write(folder.report());
            page.extras().failures().stream()
                    .filter(Failure::leavesOut)
                    .forEach(failure -> listener.recovered("report: " + failure.text()));
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            listener.recovered("no report could be written (" + e.getMessage()
                    + "); the results are whole without: `report " + folder.path() + "` tries again");
        }
    }

    private BenchmarkPage page() {
        for (int color = 0; color < result.networks().size(); color++) {
            for (BenchmarkFolder part : parts.folders()) {
                for (Run run : runs(result.networks().get(color))) {
                    add(run, color, part);
                }
            }
        }
        Optional<ShownCases> cases = dataset.map(new ReportPictures(result, parts, plan, failures)::of);
        return new BenchmarkPage(
                result,
                new BenchmarkPage.Extras(
                        loss,
                        dice,
                        cases.map(ShownCases::pictures).orElse(List.of()),
                        cases.map(ShownCases::volumes).orElse(List.of()),
                        failures,
                        plan,
                        fingerprint));
    }

    private List<Run> runs(NetworkResult network) {
        return IntStream.range(0, result.seeds())
                .mapToObj(i -> new Run(network.name(), result.seed() + i))
                .toList();
    }

    /** Adds what is left of a run, file by file: one that is damaged does not cost the others. */
    private void add(Run run, int color, BenchmarkFolder part) {
        RunFolder training = new RunFolder(part.run(run));
        String name = parts.name(run, part);
        read(name, "its curves are left out", training, training.metrics(), Metrics::readSoFar)
                .ifPresent(metrics -> addCurves(name, color, metrics));
        Optional<Plan> itsPlan = read(name, "its plan is left out", training, training.plan(), Plan::read);
        plan = plan.or(() -> itsPlan);
        Optional<Fingerprint> itsData =
                read(name, "its fingerprint is left out", training, training.fingerprint(), Fingerprint::read);
        fingerprint = fingerprint.or(() -> itsData);
        long odd = read(
                        name,
                        "steps that were not finite are not counted",
                        training,
                        training.notFinite(),
                        any -> training.stepsNotFinite())
                .orElse(0L);
        if (odd > 0) {
            failures.add(Failure.ofRun(name, "loss or gradient was not finite in " + odd + " of its steps"));
        }
    }

    /** Reads a file. */
    @FunctionalInterface
    private interface Reader<T> {
        T read(Path file) throws IOException;
    }

    /** Returns what a file of a run holds; empty where it was deleted, and where it is damaged, which is a failure on the page. */
    private <T> Optional<T> read(String name, String without, RunFolder run, Path file, Reader<T> reader) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(reader.read(file));
        } catch (IOException e) {
            failures.add(Failure.leftOut(name, without, run.path(), e));
            return Optional.empty();
        }
    }

    private void addCurves(String name, int color, Metrics metrics) {
        LineChart.Curve.of(
                        name,
                        color,
                        true,
                        metrics.steps().stream()
                                .map(step -> new LineChart.Point(step.step(), step.loss()))
                                .toList())
                .ifPresent(loss::add);
        LineChart.Curve.of(
                        name,
                        color,
                        false,
                        metrics.comparable().stream()
                                .map(validation -> new LineChart.Point(validation.step(), validation.meanDice()))
                                .toList())
                .ifPresent(dice::add);
    }
}
