package org.unet4j.io;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Scan;
import org.unet4j.volume.Volume;

/**
 * One case as read from its files, once, with everything that is wrong with it.
 *
 * @param scan the images; empty if they cannot be used
 * @param labels the label map on the scan's grid; empty if there is none or it cannot be used
 * @param findings what is wrong, and which classes occur
 */
public record LoadedCase(Case source, Optional<Scan> scan, Optional<Labels> labels, Findings findings) {

    /**
     * What looking at one case found.
     *
     * @param problems everything that is wrong with its files
     * @param classes the label values that occur in it
     */
    public record Findings(List<Problem> problems, SortedSet<Integer> classes) {

        public Findings {
            problems = List.copyOf(problems);
            classes = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(classes));
        }
    }

    /** Returns the case as its files give it; what cannot be read is a finding, not an exception. */
    public static LoadedCase read(Dataset dataset, Case source) {
        List<Problem> problems = new ArrayList<>();
        Optional<Scan> scan = readScan(dataset, source, problems);
        Optional<Labels> labels = Optional.empty();
        SortedSet<Integer> classes = new TreeSet<>();
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
        return new LoadedCase(source, scan, labels, new Findings(problems, classes));
    }

    private static Optional<Scan> readScan(Dataset dataset, Case source, List<Problem> problems) {
        List<Volume> channels = new ArrayList<>();
        boolean complete = true;
        for (Path image : source.images()) {
            try {
                List<Volume> read = Nifti.readChannels(image);
                checkFinite(image, read, problems);
                channels.addAll(read);
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

    private static void checkFinite(Path image, List<Volume> channels, List<Problem> problems) {
        for (int channel = 0; channel < channels.size(); channel++) {
            Volume volume = channels.get(channel);
            if (!volume.type().isFloating() && Double.isFinite(volume.slope()) && Double.isFinite(volume.intercept())) {
                continue;
            }
            long bad = 0;
            int firstBad = -1;
            int voxels = volume.grid().shape().arrayLength();
            for (int i = 0; i < voxels; i++) {
                if (!Double.isFinite(volume.get(i))) {
                    firstBad = bad++ == 0 ? i : firstBad;
                }
            }
            if (bad > 0) {
                String where = channels.size() == 1 ? "" : " of channel " + channel;
                problems.add(new Problem(
                        image,
                        bad + " of " + voxels + " voxels" + where + " are NaN or infinite, the first at (x, y, z) = "
                                + position(volume.grid(), firstBad) + "; replace them by a value such as the air's"));
            }
        }
    }

    private static void checkValues(
            Dataset dataset, Path file, Labels labels, SortedSet<Integer> classes, List<Problem> problems) {
        long[] counts = labels.counts();
        List<String> unknown = new ArrayList<>();
        for (int value = 0; value < counts.length; value++) {
            if (counts[value] > 0) {
                classes.add(value);
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
