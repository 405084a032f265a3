package org.unet4j.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.unet4j.eval.CaseScore;
import org.unet4j.io.Case;
import org.unet4j.io.Dataset;
import org.unet4j.io.Nifti;
import org.unet4j.prep.Fingerprint;
import org.unet4j.prep.Plan;
import org.unet4j.report.BenchmarkPage;
import org.unet4j.report.BenchmarkResult;
import org.unet4j.report.CasePicture;
import org.unet4j.report.Failure;
import org.unet4j.report.LineChart;
import org.unet4j.report.NetworkResult;
import org.unet4j.report.ShownCase;
import org.unet4j.train.Metrics;
import org.unet4j.train.RunFolder;
import org.unet4j.view.EmbeddedViewer;
import org.unet4j.volume.Scan;

/**
 * The page of a benchmark or a cross-validation. Curves and pictures are of those runs and predictions that are still there: whoever needs
 * the room may delete them.
 */
public final class Report {

    private final BenchmarkResult result;
    private final List<BenchmarkFolder> parts;
    private final Optional<Dataset> dataset;

    private Report(BenchmarkResult result, List<BenchmarkFolder> parts, Optional<Dataset> dataset) {
        this.result = result;
        this.parts = parts;
        this.dataset = dataset;
    }

    /**
     * Returns the page of the benchmark or the cross-validation in {@code folder}.
     *
     * @param dataset that was learned from, for pictures of its scans; without it there are none
     * @throws IOException where the folder holds no results, or a file in it cannot be read
     */
    public static BenchmarkPage of(Path folder, Optional<Dataset> dataset) throws IOException {
        BenchmarkResult result = BenchmarkResult.read(new BenchmarkFolder(folder).results());
        return new Report(result, parts(folder), dataset).page();
    }

    /** Writes the page into {@code folder}, the last of what a benchmark leaves; where that cannot be done, {@code listener} hears why. */
    static void write(BenchmarkFolder folder, Dataset dataset, BenchmarkListener listener) {
        try {
            of(folder.path(), Optional.of(dataset)).write(folder.report());
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            listener.recovered("no report could be written (" + e.getMessage()
                    + "); the results are whole without: `report " + folder.path()
                    + " --dataset " + dataset.folder() + "` tries again");
        }
    }

    /** Returns the folders with runs: of a benchmark its own, of a cross-validation one for each fold. */
    private static List<BenchmarkFolder> parts(Path folder) {
        List<BenchmarkFolder> folds = IntStream.iterate(
                        0, fold -> Files.isDirectory(CrossValidation.fold(folder, fold)), fold -> fold + 1)
                .mapToObj(fold -> new BenchmarkFolder(CrossValidation.fold(folder, fold)))
                .toList();
        return folds.isEmpty() ? List.of(new BenchmarkFolder(folder)) : folds;
    }

    private BenchmarkPage page() throws IOException {
        List<LineChart.Curve> loss = new ArrayList<>();
        List<LineChart.Curve> dice = new ArrayList<>();
        List<Failure> failures = new ArrayList<>();
        Optional<Plan> plan = Optional.empty();
        Optional<Fingerprint> fingerprint = Optional.empty();
        for (int color = 0; color < result.networks().size(); color++) {
            for (BenchmarkFolder part : parts) {
                for (Run run : runs(result.networks().get(color))) {
                    RunFolder training = new RunFolder(part.run(run));
                    String name = parts.size() == 1
                            ? run.toString()
                            : run + ", " + part.path().getFileName();
                    if (Files.exists(training.metrics())) {
                        addCurves(name, color, Metrics.readSoFar(training.metrics()), loss, dice);
                    }
                    if (plan.isEmpty() && Files.exists(training.plan())) {
                        plan = Optional.of(Plan.read(training.plan()));
                    }
                    if (fingerprint.isEmpty() && Files.exists(training.fingerprint())) {
                        fingerprint = Optional.of(Fingerprint.read(training.fingerprint()));
                    }
                    addFailures(name, training, failures);
                }
            }
        }
        List<CasePicture> pictures = new ArrayList<>();
        List<EmbeddedViewer.Case> volumes = new ArrayList<>();
        addCases(plan, pictures, volumes);
        return new BenchmarkPage(
                result, new BenchmarkPage.Extras(loss, dice, pictures, volumes, failures, plan, fingerprint));
    }

    private List<Run> runs(NetworkResult network) {
        return IntStream.range(0, result.seeds())
                .mapToObj(i -> new Run(network.name(), result.seed() + i))
                .toList();
    }

    private static void addCurves(
            String name, int color, Metrics metrics, List<LineChart.Curve> loss, List<LineChart.Curve> dice) {
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

    private static void addFailures(String name, RunFolder training, List<Failure> failures) throws IOException {
        long odd = training.stepsNotFinite();
        if (odd > 0) {
            failures.add(Failure.ofRun(name, "loss or gradient was not finite in " + odd + " of its steps"));
        }
    }

    private void addCases(Optional<Plan> plan, List<CasePicture> pictures, List<EmbeddedViewer.Case> volumes)
            throws IOException {
        if (dataset.isPresent()) {
            for (Map.Entry<String, String> pick : BenchmarkPage.picks(result).entrySet()) {
                Optional<ShownCase> shown = shown(dataset.get(), plan, pick.getKey(), pick.getValue());
                shown.ifPresent(one -> pictures.add(one.picture()));
                if (shown.isPresent() && volumes.size() < ShownCase.MOST_VOLUMES) {
                    volumes.add(shown.get().volume(result.classNames()));
                }
            }
        }
    }

    private Optional<ShownCase> shown(Dataset scans, Optional<Plan> plan, String id, String role) throws IOException {
        Optional<Case> one =
                scans.training().stream().filter(given -> given.id().equals(id)).findFirst();
        List<CasePicture.Segmentation> segmentations = new ArrayList<>();
        for (NetworkResult network : result.networks()) {
            segmentation(new Run(network.name(), result.seed()), id).ifPresent(segmentations::add);
        }
        if (one.isEmpty() || segmentations.isEmpty()) {
            return Optional.empty();
        }
        Scan scan = one.get().readScan();
        Optional<CasePicture.GreyWindow> ofCt =
                scans.isCt(0) ? Optional.of(CasePicture.GreyWindow.SOFT_TISSUE_HU) : Optional.empty();
        Optional<CasePicture.GreyWindow> window = plan.isPresent()
                ? CasePicture.GreyWindow.of(plan.get())
                : ofCt; // Whoever needs the room may delete runs.
        return Optional.of(new ShownCase(
                id, role, scan.channels().get(0), window, one.get().readLabels(scan.grid()), segmentations));
    }

    /** Returns what one run made of a case, with the score of that and not of the mean over seeds. */
    private Optional<CasePicture.Segmentation> segmentation(Run run, String id) throws IOException {
        for (BenchmarkFolder part : parts) {
            Path file = part.prediction(run, id);
            if (Files.exists(file) && Files.exists(part.scores(run))) {
                Optional<CaseScore> score = part.readScores(run).cases().stream()
                        .filter(scored -> scored.caseId().equals(id))
                        .findFirst();
                if (score.isPresent()) {
                    String name = result.seeds() == 1 ? run.network() : run.network() + ", seed " + run.seed();
                    return Optional.of(
                            new CasePicture.Segmentation(name, score.get().meanDice(), Nifti.readLabels(file)));
                }
            }
        }
        return Optional.empty();
    }
}
