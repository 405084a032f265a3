package org.unet4j.train;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.unet4j.eval.CaseScore;
import org.unet4j.eval.CaseScores;
import org.unet4j.io.Nifti;
import org.unet4j.prep.Normalization;
import org.unet4j.prep.Plan;
import org.unet4j.prep.PreparedCase;
import org.unet4j.prep.Store;
import org.unet4j.report.CasePicture;
import org.unet4j.report.Failure;
import org.unet4j.report.Picks;
import org.unet4j.report.RunResult;
import org.unet4j.report.ShownCase;
import org.unet4j.report.ShownCases;
import org.unet4j.volume.Box;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Volume;

/**
 * Validation cases of runs, as the runs' last validation left them: label maps from the run folders, images and references from prepared
 * cases, as far as both are there.
 */
final class RunPictures {

    private final List<RunFolder> folders;
    private final List<RunResult> runs;
    private final List<Store> stores;
    private final List<Failure> failures;

    /**
     * Makes it.
     *
     * @param failures gets what cannot be read, or does not fit into memory
     */
    RunPictures(List<RunFolder> folders, List<RunResult> runs, List<Store> stores, List<Failure> failures) {
        this.folders = folders;
        this.runs = runs;
        this.stores = stores;
        this.failures = failures;
    }

    /** Returns the cases of finished runs that are worth a look. */
    ShownCases find() {
        Map<Prepared, List<Integer>> groups = new LinkedHashMap<>();
        for (int i = 0; i < runs.size(); i++) {
            if (scores(runs.get(i)).isPresent()) {
                groups.computeIfAbsent(Prepared.by(runs.get(i).plan()), any -> new ArrayList<>())
                        .add(i);
            }
        }
        ShownCases cases = new ShownCases("the prepared cases", failures);
        groups.forEach((prepared, group) -> add(cases, prepared, group, groups.size() > 1));
        return cases;
    }

    /** What runs must share for their label maps to lie on one image: a case's identifier may be another patient's elsewhere. */
    private record Prepared(String dataset, String preparationHash, SortedMap<Integer, String> classes) {

        static Prepared by(Plan plan) {
            return new Prepared(plan.dataset(), plan.preparationHash(), plan.classes());
        }
    }

    private static Optional<CaseScores> scores(RunResult run) {
        return run.end().flatMap(RunResult.End::last);
    }

    /** Adds the cases that are worth a look of the runs with these numbers, as far as there are images and label maps. */
    private void add(ShownCases cases, Prepared prepared, List<Integer> group, boolean named) {
        Map<String, CaseScores> scores = new LinkedHashMap<>();
        group.forEach(i -> scores.put(runs.get(i).name(), scores(runs.get(i)).orElseThrow()));
        String names = named ? " (" + String.join(", ", scores.keySet()) + ")" : "";
        Picks.ofEach(scores)
                .forEach((id, role) -> stores.stream()
                        .filter(store -> Prepared.by(store.plan()).equals(prepared))
                        .filter(store -> store.ids().contains(id))
                        .findFirst()
                        .ifPresent(store ->
                                cases.add(id, prepared.classes(), () -> shown(id, role + names, group, store))));
    }

    private Optional<ShownCase> shown(String id, String role, List<Integer> group, Store store) {
        PreparedCase prepared = store.get(id);
        Grid grid = prepared.recipe().prepared();
        List<CasePicture.Segmentation> segmentations = new ArrayList<>();
        group.forEach(i -> segmentation(i, id, grid).ifPresent(segmentations::add));
        return segmentations.isEmpty()
                ? Optional.empty()
                : Optional.of(new ShownCase(
                        id,
                        role,
                        image(prepared, store.plan(), grid),
                        CasePicture.GreyWindow.of(store.plan()),
                        new Labels(grid, prepared.labels()),
                        segmentations));
    }

    /** Returns what run {@code i} made of a case; empty where its label map was deleted, cannot be read or is of another grid. */
    private Optional<CasePicture.Segmentation> segmentation(int i, String id, Grid grid) {
        Path file = folders.get(i).validationLabels(id);
        Optional<CaseScore> score = score(runs.get(i), id);
        if (score.isEmpty() || !Files.exists(file)) {
            return Optional.empty();
        }
        try {
            Labels labels = Nifti.readLabels(file);
            return labels.grid().shape().equals(grid.shape())
                    ? Optional.of(new CasePicture.Segmentation(
                            runs.get(i).name(), score.get().meanDice(), new Labels(grid, labels.voxels())))
                    : Optional.empty();
        } catch (IOException e) {
            failures.add(
                    Failure.noPicture(runs.get(i).name(), id, folders.get(i).path(), e));
            return Optional.empty();
        }
    }

    private static Optional<CaseScore> score(RunResult run, String id) {
        return scores(run).stream()
                .flatMap(scores -> scores.cases().stream())
                .filter(score -> score.caseId().equals(id))
                .findFirst();
    }

    /** Returns the first channel; of a CT in HU again, as far as the plan's window reaches. */
    private static Volume image(PreparedCase prepared, Plan plan, Grid grid) {
        float[] voxels = new float[grid.shape().arrayLength()];
        prepared.copyImage(0, Box.all(grid.shape()), FloatBuffer.wrap(voxels), 0);
        if (plan.channels().get(0).normalization() instanceof Normalization.CtWindow ct) {
            for (int i = 0; i < voxels.length; i++) {
                voxels[i] = (float) (voxels[i] * ct.sd() + ct.mean());
            }
        }
        return Volume.of(grid, voxels);
    }
}
