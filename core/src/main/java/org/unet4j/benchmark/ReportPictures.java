package org.unet4j.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.unet4j.eval.CaseScore;
import org.unet4j.io.Case;
import org.unet4j.io.Dataset;
import org.unet4j.io.Nifti;
import org.unet4j.prep.Plan;
import org.unet4j.report.BenchmarkPage;
import org.unet4j.report.BenchmarkResult;
import org.unet4j.report.CasePicture;
import org.unet4j.report.Failure;
import org.unet4j.report.NetworkResult;
import org.unet4j.report.ShownCase;
import org.unet4j.report.ShownCases;
import org.unet4j.volume.Scan;
import org.unet4j.volume.Shape;

/** Cases that the page of a benchmark shows: scans from the dataset, label maps as far as they are still there. */
final class ReportPictures {

    private static final String DATASET = "the dataset";

    private final BenchmarkResult result;
    private final ReportParts parts;
    private final Optional<Plan> plan;
    private final List<Failure> failures;

    /**
     * Makes it.
     *
     * @param plan that scans were prepared by; empty where the runs were deleted
     * @param failures gets what cannot be read, or does not fit into memory
     */
    ReportPictures(BenchmarkResult result, ReportParts parts, Optional<Plan> plan, List<Failure> failures) {
        this.result = result;
        this.parts = parts;
        this.plan = plan;
        this.failures = failures;
    }

    /** Returns the cases of {@code dataset} that are worth a look. */
    ShownCases of(Dataset dataset) {
        ShownCases cases = new ShownCases(DATASET, failures);
        BenchmarkPage.picks(result)
                .forEach((id, role) -> cases.add(id, result.classNames(), () -> shown(dataset, id, role)));
        return cases;
    }

    /**
     * What one run made of a case.
     *
     * @param run what failures call it
     */
    private record Made(String run, CasePicture.Segmentation segmentation) {}

    private Optional<ShownCase> shown(Dataset dataset, String id, String role) {
        Optional<Case> one = dataset.training().stream()
                .filter(given -> given.id().equals(id))
                .findFirst();
        List<Made> made = new ArrayList<>();
        for (NetworkResult network : result.networks()) {
            made(new Run(network.name(), result.seed()), id).ifPresent(made::add);
        }
        if (one.isEmpty() || made.isEmpty()) {
            return Optional.empty();
        }
        try {
            Scan scan = one.get().readScan();
            removeOtherShapes(made, scan.grid().shape(), id);
            if (made.isEmpty()) { // The scan is none that was learned from: it says nothing of these networks.
                return Optional.empty();
            }
            Optional<CasePicture.GreyWindow> ofCt =
                    dataset.isCt(0) ? Optional.of(CasePicture.GreyWindow.SOFT_TISSUE_HU) : Optional.empty();
            Optional<CasePicture.GreyWindow> window = plan.isPresent() ? CasePicture.GreyWindow.of(plan.get()) : ofCt;
            return Optional.of(new ShownCase(
                    id,
                    role,
                    scan.channels().get(0),
                    window,
                    one.get().readLabels(scan.grid()),
                    made.stream().map(Made::segmentation).toList()));
        } catch (IOException e) {
            failures.add(Failure.noPicture(DATASET, id, dataset.folder(), e));
            return Optional.empty();
        }
    }

    /** Takes those away that lie on another grid, such as where the dataset was replaced by one whose cases have the same names. */
    private void removeOtherShapes(List<Made> made, Shape shape, String id) {
        made.removeIf(one -> {
            Shape its = one.segmentation().labels().grid().shape();
            if (!its.equals(shape)) {
                failures.add(Failure.leftOutOfCase(
                        one.run(), id, "no picture: labels of " + its + " do not fit the scan's " + shape));
            }
            return !its.equals(shape);
        });
    }

    /** Returns what one run made of a case, with the score of that and not of the mean over seeds. */
    private Optional<Made> made(Run run, String id) {
        for (BenchmarkFolder part : parts.folders()) {
            Path file = part.prediction(run, id);
            if (Files.exists(file) && Files.exists(part.scores(run))) {
                try {
                    Optional<CaseScore> score = part.readScores(run).cases().stream()
                            .filter(scored -> scored.caseId().equals(id))
                            .findFirst();
                    if (score.isPresent()) {
                        String name = result.seeds() == 1 ? run.network() : run.network() + ", seed " + run.seed();
                        return Optional.of(new Made(
                                parts.name(run, part),
                                new CasePicture.Segmentation(name, score.get().meanDice(), Nifti.readLabels(file))));
                    }
                } catch (IOException e) {
                    failures.add(Failure.noPicture(parts.name(run, part), id, part.path(), e));
                }
            }
        }
        return Optional.empty();
    }
}
