package org.unet4j.io;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Scan;

/**
 * What is wrong with one label map, whether its voxels are kept or stream by.
 *
 * @param areUsable whether its voxels are labels that lie on the image's grid
 * @param classes how many voxels have each label value that occurs
 * @param problems what keeps it from being used
 * @param remarks what is odd about it
 */
record LabelFindings(
        boolean areUsable, SortedMap<Integer, Long> classes, List<Problem> problems, List<Problem> remarks) {

    private static final int MOST_NAMED = 10;

    /** Reads the label map. */
    @FunctionalInterface
    interface Reader {
        /** Returns what its voxels are. */
        LabelValues read(Path file) throws IOException;
    }

    /** Returns what there is to be found of a case without labels: nothing. */
    static LabelFindings none() {
        return new LabelFindings(false, new TreeMap<>(), List.of(), List.of());
    }

    /**
     * Looks at one label map; where {@code reader} fails, that is a problem.
     *
     * @param image where the image's voxels lie, if it could be read
     */
    static LabelFindings of(Dataset dataset, Path file, Optional<Grid> image, Reader reader) {
        List<Problem> problems = new ArrayList<>();
        List<Problem> remarks = new ArrayList<>();
        SortedMap<Integer, Long> classes = new TreeMap<>();
        boolean areUsable = false;
        try {
            NiftiHeader header = FileCheck.header(file);
            remarks.addAll(FileCheck.storage(file, header));
            if (isMisplaced(header, image)) {
                problems.add(new Problem(
                                file,
                                header.geometryProblem().orElseThrow()
                                        + "; if its voxels correspond to the image's, give it that geometry with 'inspect --repair'")
                        .mendable());
                return new LabelFindings(false, classes, problems, remarks);
            }
            LabelValues values = reader.read(file);
            classes.putAll(values.classes());
            values.problems(header).forEach(what -> problems.add(new Problem(file, what)));
            unknown(dataset, values).ifPresent(what -> problems.add(new Problem(file, what)));
            remarks.addAll(remarks(file, header, values));
            Optional<Problem> mismatch = mismatch(file, header.grid(), image);
            mismatch.ifPresent(problems::add);
            areUsable = mismatch.isEmpty() && values.areLabels();
        } catch (IOException | IllegalArgumentException e) {
            problems.add(Problem.of(file, e));
        }
        return new LabelFindings(areUsable, classes, problems, remarks);
    }

    /** Returns whether labels with an image's shape say of themselves a place that cannot be. */
    private static boolean isMisplaced(NiftiHeader labels, Optional<Grid> image) {
        return labels.geometryProblem().isPresent()
                && labels.channels() == 1
                && image.isPresent()
                && labels.shape().equals(image.get().shape());
    }

    private static Optional<Problem> mismatch(Path file, Grid labels, Optional<Grid> image) {
        if (image.isEmpty() || labels.matches(image.get(), Scan.GRID_TOLERANCE_MM)) {
            return Optional.empty();
        }
        Problem mismatch = new Problem(file, Case.mismatch(labels, image.get()));
        return Optional.of(labels.shape().equals(image.get().shape()) ? mismatch.mendable() : mismatch);
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
