package org.unet4j.io;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.unet4j.volume.Grid;
import org.unet4j.volume.LabelArray;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Scan;
import org.unet4j.volume.Volume;

/**
 * A label map as read from its file, once, with everything that is wrong with it.
 *
 * @param labels on the image's grid; empty if they cannot be used
 * @param classes how many voxels have each label value that occurs
 * @param problems what keeps it from being used
 * @param remarks what is odd about it
 */
record LoadedLabels(
        Optional<Labels> labels, SortedMap<Integer, Long> classes, List<Problem> problems, List<Problem> remarks) {

    private static final int MOST_NAMED = 10;

    /**
     * Returns the label map in {@code file}; what cannot be read is a problem, not an exception.
     *
     * @param image where the image's voxels lie, if it could be read
     */
    static LoadedLabels read(Dataset dataset, Path file, Optional<Grid> image) {
        List<Problem> problems = new ArrayList<>();
        List<Problem> remarks = new ArrayList<>();
        Optional<Labels> labels = Optional.empty();
        SortedMap<Integer, Long> classes = new TreeMap<>();
        try {
            NiftiHeader header = FileCheck.header(file);
            remarks.addAll(FileCheck.storage(file, header));
            if (isMisplaced(header, image)) {
                problems.add(new Problem(
                                file,
                                header.geometryProblem().orElseThrow()
                                        + "; if its voxels correspond to the image's, give it that geometry with 'inspect --repair'")
                        .mendable());
                return new LoadedLabels(labels, classes, problems, remarks);
            }
            Volume volume = Nifti.read(file);
            LabelValues values = LabelValues.of(volume);
            classes.putAll(values.classes());
            values.problems(header).forEach(what -> problems.add(new Problem(file, what)));
            unknown(dataset, values).ifPresent(what -> problems.add(new Problem(file, what)));
            remarks.addAll(remarks(file, header, values));
            Grid grid = image.orElse(volume.grid());
            if (!volume.grid().matches(grid, Scan.GRID_TOLERANCE_MM)) {
                Problem mismatch = new Problem(file, Case.mismatch(volume.grid(), grid));
                problems.add(volume.grid().shape().equals(grid.shape()) ? mismatch.mendable() : mismatch);
            } else if (values.areLabels()) {
                LabelArray voxels = LabelValues.labels(volume, voxel -> {}); // there is no other
                labels = Optional.of(new Labels(grid, voxels));
            }
        } catch (IOException | IllegalArgumentException e) {
            problems.add(Problem.of(file, e));
        }
        return new LoadedLabels(labels, classes, problems, remarks);
    }

    /** Returns whether labels with an image's shape say of themselves a place that cannot be. */
    private static boolean isMisplaced(NiftiHeader labels, Optional<Grid> image) {
        return labels.geometryProblem().isPresent()
                && labels.channels() == 1
                && image.isPresent()
                && labels.shape().equals(image.get().shape());
    }

    private static Optional<String> unknown(Dataset dataset, LabelValues values) {
        List<String> unknown = new ArrayList<>();
        values.classes().forEach((value, voxels) -> {
            if (!dataset.classes().containsKey(value)) {
                unknown.add(value + " (" + voxels + " voxels)");
            }
        });
        if (unknown.isEmpty()) {
            return Optional.empty();
        }
        int more = Math.max(0, unknown.size() - MOST_NAMED);
        return Optional.of("label " + String.join(", ", unknown.subList(0, unknown.size() - more))
                + (more > 0 ? " and " + more + " more are" : unknown.size() > 1 ? " are" : " is")
                + " not in dataset.json, which has 0 to "
                + dataset.classes().lastKey() + "; add what is missing there or correct the labels");
    }

    /** Returns what is odd about voxels that are labels. */
    static List<Problem> remarks(Path file, NiftiHeader header, LabelValues values) {
        List<Problem> remarks = new ArrayList<>();
        if (values.isEmpty()) {
            remarks.add(Problem.warning(
                    file, "no voxel is labelled: right only if there is nothing to be found in this scan"));
        }
        if (values.areLabels()) {
            FileRepair.storedOddly(header)
                    .ifPresent(how -> remarks.add(Problem.warning(
                                    file,
                                    "labels are stored as " + how
                                            + ", all whole numbers: some tools take them for an image")
                            .mendable()));
        }
        return remarks;
    }
}
