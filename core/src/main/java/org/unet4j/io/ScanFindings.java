package org.unet4j.io;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Scan;

/** What is wrong with the images of one case, gathered file by file, whether their voxels are kept or stream by. */
final class ScanFindings {

    private final Dataset dataset;
    private final Case source;
    private final List<Problem> problems = new ArrayList<>();
    private final List<Problem> remarks = new ArrayList<>();
    private final List<VoxelStatistics> channels = new ArrayList<>();
    private final List<Grid> grids = new ArrayList<>();
    private boolean isComplete = true;

    ScanFindings(Dataset dataset, Case source) {
        this.dataset = dataset;
        this.source = source;
    }

    /** Reads one image. */
    @FunctionalInterface
    interface Reader {
        /** Returns the statistics of each channel of the file. */
        List<VoxelStatistics> read(Path image) throws IOException;
    }

    /** Looks at one image; where {@code reader} fails, that is a problem. */
    void add(Path image, Reader reader) {
        try {
            NiftiHeader header = FileCheck.header(image);
            remarks.addAll(FileCheck.scan(image, header));
            List<VoxelStatistics> found = reader.read(image);
            for (int channel = 0; channel < found.size(); channel++) {
                VoxelStatistics voxels = found.get(channel);
                channels.add(voxels);
                grids.add(header.grid());
                FileCheck.constant(image, voxels).ifPresent(problems::add);
                if (voxels.finite() < voxels.count()) {
                    String where = found.size() == 1 ? "" : " of channel " + channel;
                    problems.add(new Problem(
                            image,
                            (voxels.count() - voxels.finite()) + " of " + voxels.count() + " voxels" + where
                                    + " are NaN or infinite, the first at (x, y, z) = "
                                    + header.position(voxels.firstNotFinite())
                                    + "; replace them by a value such as the air's"));
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            problems.add(Problem.of(image, e));
            isComplete = false;
        }
    }

    /** Returns where the voxels of all channels lie, once all images were added; empty if they cannot be used as one scan. */
    Optional<Grid> grid() {
        Path first = source.images().get(0);
        int expected = dataset.channelNames().size();
        if (isComplete && grids.size() != expected) {
            problems.add(new Problem(
                    first,
                    grids.size() + (grids.size() == 1 ? " channel" : " channels") + ", but dataset.json names "
                            + expected + " " + dataset.channelNames()));
            isComplete = false;
        }
        if (!isComplete) {
            return Optional.empty();
        }
        try {
            Scan.requireOneGrid(source.id(), grids);
            return Optional.of(grids.get(0));
        } catch (IllegalArgumentException e) {
            problems.add(Problem.of(first, e));
            return Optional.empty();
        }
    }

    /** Returns these and what was found of the labels. */
    LoadedCase.Findings with(LabelFindings labels) {
        List<Problem> allProblems = new ArrayList<>(problems);
        allProblems.addAll(labels.problems());
        List<Problem> allRemarks = new ArrayList<>(remarks);
        allRemarks.addAll(labels.remarks());
        return new LoadedCase.Findings(allProblems, allRemarks, channels, labels.classes());
    }
}
