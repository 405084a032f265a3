package org.unet4j.io;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Scan;
import org.unet4j.volume.Volume;

/**
 * One case as read from its files, once, with everything that is wrong with it.
 *
 * @param scan the images; empty if they cannot be used
 * @param labels the label map on the scan's grid; empty if there is none or it cannot be used
 * @param findings what is wrong, and what is in it
 */
public record LoadedCase(Case source, Optional<Scan> scan, Optional<Labels> labels, Findings findings) {

    /**
     * What looking at one case found.
     *
     * @param problems everything that is wrong with its files
     * @param channels the voxels of each channel that can be read
     * @param classes how many voxels have each label value that occurs
     */
    public record Findings(List<Problem> problems, List<VoxelStatistics> channels, SortedMap<Integer, Long> classes) {

        public Findings {
            problems = List.copyOf(problems);
            channels = List.copyOf(channels);
            classes = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(classes));
        }

        /** Returns these findings and one more problem. */
        public Findings with(Problem more) {
            List<Problem> all = new ArrayList<>(problems);
            all.add(more);
            return new Findings(all, channels, classes);
        }
    }

    /** Returns the case as its files give it; what cannot be read is a finding, not an exception. */
    public static LoadedCase read(Dataset dataset, Case source) {
        List<Problem> problems = new ArrayList<>();
        List<VoxelStatistics> statistics = new ArrayList<>();
        Optional<Scan> scan = readScan(dataset, source, statistics, problems);
        Optional<Labels> labels = Optional.empty();
        SortedMap<Integer, Long> classes = new TreeMap<>();
        if (source.labels().isPresent()) {
            Path file = source.labels().get();
            try {
                Labels read = Nifti.readLabels(file);
                checkValues(dataset, file, read, classes, problems);
                Grid grid = scan.map(Scan::grid).orElse(read.grid());
                if (read.grid().matches(grid, Scan.GRID_TOLERANCE_MM)) {
                    labels = Optional.of(new Labels(grid, read.classes()));
                } else {
                    problems.add(new Problem(file, Case.mismatch(read.grid(), grid)));
                }
            } catch (IOException | IllegalArgumentException e) {
                problems.add(Problem.of(file, e));
            }
        }
        return new LoadedCase(source, scan, labels, new Findings(problems, statistics, classes));
    }

    private static Optional<Scan> readScan(
            Dataset dataset, Case source, List<VoxelStatistics> statistics, List<Problem> problems) {
        List<Volume> channels = new ArrayList<>();
        boolean complete = true;
        for (Path image : source.images()) {
            try {
                List<Volume> read = Nifti.readChannels(image);
                channels.addAll(read);
                for (int channel = 0; channel < read.size(); channel++) {
                    VoxelStatistics voxels = VoxelStatistics.of(read.get(channel));
                    statistics.add(voxels);
                    if (voxels.finite() < voxels.count()) {
                        String where = read.size() == 1 ? "" : " of channel " + channel;
                        problems.add(notFinite(image, where, read.get(channel), voxels));
                    }
                }
            } catch (IOException | IllegalArgumentException e) {
                problems.add(Problem.of(image, e));
                complete = false;
            }
        }
        Path first = source.images().get(0);
        int expected = dataset.channelNames().size();
        if (complete && channels.size() != expected) {
            problems.add(new Problem(
                    first,
                    channels.size() + (channels.size() == 1 ? " channel" : " channels") + ", but dataset.json names "
                            + expected + " " + dataset.channelNames()));
            complete = false;
        }
        if (!complete) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Scan(source.id(), channels));
        } catch (IllegalArgumentException e) {
            problems.add(Problem.of(first, e));
            return Optional.empty();
        }
    }

    private static Problem notFinite(Path image, String where, Volume volume, VoxelStatistics voxels) {
        int first = 0;
        while (Double.isFinite(volume.get(first))) {
            first++;
        }
        return new Problem(
                image,
                (voxels.count() - voxels.finite()) + " of " + voxels.count() + " voxels" + where
                        + " are NaN or infinite, the first at (x, y, z) = " + position(volume.grid(), first)
                        + "; replace them by a value such as the air's");
    }

    private static void checkValues(
            Dataset dataset, Path file, Labels labels, SortedMap<Integer, Long> classes, List<Problem> problems) {
        long[] counts = labels.counts();
        List<String> unknown = new ArrayList<>();
        for (int value = 0; value < counts.length; value++) {
            if (counts[value] > 0) {
                classes.put(value, counts[value]);
                if (!dataset.classes().containsKey(value)) {
                    unknown.add(value + " (" + counts[value] + " voxels)");
                }
            }
        }
        if (!unknown.isEmpty()) {
            problems.add(new Problem(
                    file,
                    "label " + String.join(", ", unknown) + " is not in dataset.json, which has "
                            + dataset.classes().keySet() + "; add it there or correct the labels"));
        }
    }

    private static String position(Grid grid, int index) {
        int x = index % grid.shape().x();
        int y = index / grid.shape().x() % grid.shape().y();
        int z = index / (grid.shape().x() * grid.shape().y());
        return "(" + x + ", " + y + ", " + z + ")";
    }
}
