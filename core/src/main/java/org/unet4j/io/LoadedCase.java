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
     * @param remarks what is odd about files that can be used: warnings for whoever inspects them
     * @param channels the voxels of each channel that can be read
     * @param classes how many voxels have each label value that occurs
     */
    public record Findings(
            List<Problem> problems,
            List<Problem> remarks,
            List<VoxelStatistics> channels,
            SortedMap<Integer, Long> classes) {

        public Findings {
            problems = List.copyOf(problems);
            remarks = List.copyOf(remarks);
            channels = List.copyOf(channels);
            classes = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(classes));
        }

        /** Returns these findings and one more problem. */
        public Findings with(Problem more) {
            List<Problem> all = new ArrayList<>(problems);
            all.add(more);
            return new Findings(all, remarks, channels, classes);
        }
    }

    /** Returns the case as its files give it; what cannot be read is a finding, not an exception. */
    public static LoadedCase read(Dataset dataset, Case source) {
        List<Problem> problems = new ArrayList<>();
        List<Problem> remarks = new ArrayList<>();
        List<VoxelStatistics> statistics = new ArrayList<>();
        Optional<Scan> scan = readScan(dataset, source, statistics, problems, remarks);
        if (source.labels().isEmpty()) {
            return new LoadedCase(
                    source, scan, Optional.empty(), new Findings(problems, remarks, statistics, new TreeMap<>()));
        }
        LoadedLabels labels = LoadedLabels.read(dataset, source.labels().get(), scan.map(Scan::grid));
        problems.addAll(labels.problems());
        remarks.addAll(labels.remarks());
        return new LoadedCase(
                source, scan, labels.labels(), new Findings(problems, remarks, statistics, labels.classes()));
    }

    private static Optional<Scan> readScan(
            Dataset dataset,
            Case source,
            List<VoxelStatistics> statistics,
            List<Problem> problems,
            List<Problem> remarks) {
        List<Volume> channels = new ArrayList<>();
        boolean complete = true;
        for (Path image : source.images()) {
            try {
                remarks.addAll(FileCheck.scan(image, FileCheck.header(image)));
                List<Volume> read = Nifti.readChannels(image);
                channels.addAll(read);
                for (int channel = 0; channel < read.size(); channel++) {
                    VoxelStatistics voxels = VoxelStatistics.of(read.get(channel));
                    statistics.add(voxels);
                    FileCheck.constant(image, voxels).ifPresent(remarks::add);
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

    private static String position(Grid grid, int index) {
        int x = index % grid.shape().x();
        int y = index / grid.shape().x() % grid.shape().y();
        int z = index / (grid.shape().x() * grid.shape().y());
        return "(" + x + ", " + y + ", " + z + ")";
    }
}
