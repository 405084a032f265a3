package org.unet4j.io;

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
        List<Volume> channels = new ArrayList<>();
        ScanFindings found = new ScanFindings(dataset, source);
        for (Path image : source.images()) {
            found.add(image, file -> {
                List<Volume> read = Nifti.readChannels(file);
                channels.addAll(read);
                return read.stream().map(VoxelStatistics::of).toList();
            });
        }
        Optional<Grid> grid = found.grid();
        Optional<Scan> scan = grid.map(one -> new Scan(source.id(), channels));
        if (source.labels().isEmpty()) {
            return new LoadedCase(source, scan, Optional.empty(), found.with(LabelFindings.none()));
        }
        List<Labels> read = new ArrayList<>();
        LabelFindings labels = LabelFindings.of(dataset, source.labels().get(), grid, file -> {
            Volume volume = Nifti.read(file);
            LabelValues values = LabelValues.of(volume);
            if (values.areLabels()) {
                read.add(new Labels(volume.grid(), LabelValues.labels(volume, voxel -> {}))); // there is no other
            }
            return values;
        });
        Optional<Labels> usable = labels.areUsable()
                ? Optional.of(
                        new Labels(grid.orElse(read.get(0).grid()), read.get(0).voxels()))
                : Optional.empty();
        return new LoadedCase(source, scan, usable, found.with(labels));
    }
}
