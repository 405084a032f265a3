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
import org.unet4j.eval.CaseScore;
import org.unet4j.eval.CaseScores;
import org.unet4j.io.Nifti;
import org.unet4j.prep.Normalization;
import org.unet4j.prep.Plan;
import org.unet4j.prep.PreparedCase;
import org.unet4j.prep.Store;
import org.unet4j.report.CasePicture;
import org.unet4j.report.Picks;
import org.unet4j.report.RunResult;
import org.unet4j.report.ShownCase;
import org.unet4j.view.EmbeddedViewer;
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

    RunPictures(List<RunFolder> folders, List<RunResult> runs, List<Store> stores) {
        this.folders = folders;
        this.runs = runs;
        this.stores = stores;
    }

    /**
     * What was found.
     *
     * @param pictures slices of the cases that are worth a look
     * @param volumes the first of these cases, to turn over
     */
    record Found(List<CasePicture> pictures, List<EmbeddedViewer.Case> volumes) {}

    Found find() throws IOException {
        Map<String, CaseScores> scores = new LinkedHashMap<>();
        for (RunResult run : runs) {
            run.end().flatMap(RunResult.End::last).ifPresent(last -> scores.put(run.name(), last));
        }
        List<CasePicture> pictures = new ArrayList<>();
        List<EmbeddedViewer.Case> volumes = new ArrayList<>();
        if (!scores.isEmpty()) {
            for (Map.Entry<String, String> pick : Picks.ofEach(scores).entrySet()) {
                Optional<ShownCase> shown = shown(pick.getKey(), pick.getValue());
                shown.ifPresent(one -> pictures.add(one.picture()));
                if (shown.isPresent() && volumes.size() < ShownCase.MOST_VOLUMES) {
                    volumes.add(shown.get().volume(runs.get(0).plan().classes()));
                }
            }
        }
        return new Found(pictures, volumes);
    }

    private Optional<ShownCase> shown(String id, String role) throws IOException {
        Optional<Store> store = store(id);
        if (store.isEmpty()) {
            return Optional.empty();
        }
        PreparedCase prepared = store.get().get(id);
        Grid grid = prepared.recipe().prepared();
        List<CasePicture.Segmentation> segmentations = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            Path file = folders.get(i).validationLabels(id);
            Optional<CaseScore> score = score(runs.get(i), id);
            if (score.isPresent() && Files.exists(file)) {
                Labels labels = Nifti.readLabels(file);
                if (labels.grid().shape().equals(grid.shape())) {
                    segmentations.add(new CasePicture.Segmentation(
                            runs.get(i).name(), score.get().meanDice(), new Labels(grid, labels.voxels())));
                }
            }
        }
        return segmentations.isEmpty()
                ? Optional.empty()
                : Optional.of(new ShownCase(
                        id,
                        role,
                        image(prepared, store.get().plan(), grid),
                        window(store.get().plan()),
                        new Labels(grid, prepared.labels()),
                        segmentations));
    }

    private static Optional<CaseScore> score(RunResult run, String id) {
        return run.end().flatMap(RunResult.End::last).stream()
                .flatMap(scores -> scores.cases().stream())
                .filter(score -> score.caseId().equals(id))
                .findFirst();
    }

    /** Returns a store that has the case as a run prepared it. */
    private Optional<Store> store(String id) {
        return stores.stream()
                .filter(store -> store.ids().contains(id))
                .filter(store -> runs.stream()
                        .anyMatch(run ->
                                run.plan().preparationHash().equals(store.plan().preparationHash())))
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

    private static Optional<CasePicture.GreyWindow> window(Plan plan) {
        CasePicture.GreyWindow usual = CasePicture.GreyWindow.SOFT_TISSUE_HU;
        return plan.channels().get(0).normalization() instanceof Normalization.CtWindow ct
                ? Optional.of(new CasePicture.GreyWindow(
                        Math.max(usual.low(), ct.lower()), Math.min(usual.high(), ct.upper())))
                : Optional.empty();
    }
}
