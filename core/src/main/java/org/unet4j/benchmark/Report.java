package org.unet4j.benchmark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.unet4j.io.AtomicFile;
import org.unet4j.io.Case;
import org.unet4j.io.Nifti;
import org.unet4j.report.BenchmarkPage;
import org.unet4j.report.BenchmarkResult;
import org.unet4j.report.BenchmarkTable;
import org.unet4j.report.CasePicture;
import org.unet4j.report.LineChart;
import org.unet4j.report.NetworkResult;
import org.unet4j.train.Metrics;
import org.unet4j.train.RunFolder;
import org.unet4j.volume.Scan;

/**
 * A benchmark's files for people. Curves and pictures are of those runs and predictions that are still there: whoever
 * needs the room may delete them.
 */
final class Report {

    private final Benchmark benchmark;
    private final BenchmarkFolder folder;
    private final BenchmarkResult result;

    Report(Benchmark benchmark, BenchmarkFolder folder, BenchmarkResult result) {
        this.benchmark = benchmark;
        this.folder = folder;
        this.result = result;
    }

    /** Writes the results, the tables and the page. */
    void write() throws IOException {
        result.write(folder.results());
        byte[] table = new BenchmarkTable(result).markdown().getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(folder.table(), out -> out.write(table));
        List<LineChart.Curve> loss = new ArrayList<>();
        List<LineChart.Curve> dice = new ArrayList<>();
        for (Run run : benchmark.config().runs()) {
            RunFolder training = new RunFolder(folder.run(run));
            if (Files.exists(training.metrics())) {
                addCurves(run, training.readMetrics(), loss, dice);
            }
        }
        new BenchmarkPage(result, loss, dice, pictures()).write(folder.report());
    }

    private void addCurves(Run run, Metrics metrics, List<LineChart.Curve> loss, List<LineChart.Curve> dice) {
        int color = benchmark.config().networks().indexOf(run.network());
        if (!metrics.steps().isEmpty()) {
            loss.add(new LineChart.Curve(
                    run.toString(),
                    color,
                    true,
                    metrics.steps().stream()
                            .map(step -> new LineChart.Point(step.step(), step.loss()))
                            .toList()));
        }
        if (!metrics.validations().isEmpty()) {
            dice.add(new LineChart.Curve(
                    run.toString(),
                    color,
                    false,
                    metrics.validations().stream()
                            .map(validation -> new LineChart.Point(validation.step(), validation.meanDice()))
                            .toList()));
        }
    }

    private List<CasePicture> pictures() throws IOException {
        List<CasePicture> pictures = new ArrayList<>();
        for (BenchmarkPage.Pick pick : BenchmarkPage.picks(result)) {
            String id = result.networks().get(0).cases().get(pick.index()).caseId();
            List<CasePicture.Segmentation> segmentations = new ArrayList<>();
            for (NetworkResult network : result.networks()) {
                Run run = new Run(network.name(), result.seed());
                if (Files.exists(folder.prediction(run, id))) {
                    segmentations.add(new CasePicture.Segmentation(
                            network.name(),
                            network.cases().get(pick.index()).meanDice(),
                            Nifti.readLabels(folder.prediction(run, id))));
                }
            }
            if (!segmentations.isEmpty()) {
                pictures.add(picture(id, pick.role(), segmentations));
            }
        }
        return pictures;
    }

    private CasePicture picture(String id, String role, List<CasePicture.Segmentation> segmentations)
            throws IOException {
        Case one = TrainedRun.labelled(benchmark.dataset(), id);
        Scan scan = one.readScan();
        Optional<CasePicture.GreyWindow> window =
                benchmark.dataset().isCt(0) ? Optional.of(CasePicture.GreyWindow.SOFT_TISSUE_HU) : Optional.empty();
        return CasePicture.of(id, role, scan.channels().get(0), window, one.readLabels(scan.grid()), segmentations);
    }
}
