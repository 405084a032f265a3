package org.unet4j.io;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Voxels;

/**
 * One case as its files stream by, once, with everything that is wrong with it: what {@link LoadedCase} finds, in memory that
 * does not grow with the scan.
 *
 * @param grid where the image's voxels lie; empty if it cannot be used
 * @param areLabelled whether there are labels that can be used, on that grid
 * @param findings what is wrong, and what is in it
 */
public record StreamedCase(Case source, Optional<Grid> grid, boolean areLabelled, LoadedCase.Findings findings) {

    /** Sees the voxels of a case while they are looked at, in the files' order, a few at a time: all images, then the labels. */
    public interface Watcher {
        /**
         * Takes the next {@code length} voxels of a channel.
         *
         * @param channel its number in the dataset's order
         * @param grid where the voxels of the channel lie
         * @param voxels from 0 to {@code length - 1}; not to be kept
         */
        void image(int channel, Grid grid, Voxels voxels, int length);

        /**
         * Takes the next {@code length} voxels of the label map, whatever they are.
         *
         * @param grid where the image's voxels lie, which the labels have the shape of
         */
        void labels(Grid grid, Voxels voxels, int length);
    }

    /** Returns what is found; what cannot be read is a finding, not an exception. */
    public static StreamedCase read(Dataset dataset, Case source, Watcher watcher) {
        ScanFindings found = new ScanFindings(dataset, source);
        int[] channel = {0};
        for (Path image : source.images()) {
            found.add(image, file -> channels(file, channel, watcher));
        }
        Optional<Grid> grid = found.grid();
        LabelFindings labels = source.labels()
                .map(given -> LabelFindings.of(dataset, given, grid, file -> labels(file, grid, watcher)))
                .orElse(LabelFindings.none());
        return new StreamedCase(source, grid, labels.areUsable() && grid.isPresent(), found.with(labels));
    }

    private static List<VoxelStatistics> channels(Path file, int[] channel, Watcher watcher) throws IOException {
        try (NiftiStream stream = NiftiStream.of(file)) {
            NiftiHeader header = NiftiReader.of(stream).header();
            Grid grid = header.grid();
            List<VoxelStatistics> channels = new ArrayList<>();
            for (long i = 0; i < header.channels(); i++) {
                VoxelStatistics.Tally voxels = new VoxelStatistics.Tally(header);
                int number = channel[0]++;
                stream.read(
                        grid.shape().voxels(),
                        voxels.and((stored, from, length) ->
                                watcher.image(number, grid, header.valuesOf(stored, from), length)));
                channels.add(voxels.statistics());
            }
            stream.finish();
            return channels;
        }
    }

    private static LabelValues labels(Path file, Optional<Grid> image, Watcher watcher) throws IOException {
        try (NiftiStream stream = NiftiStream.of(file)) {
            NiftiReader reader = NiftiReader.of(stream);
            reader.requireOne();
            NiftiHeader header = reader.header();
            LabelValues.Tally voxels = new LabelValues.Tally(header);
            boolean fits =
                    image.isPresent() && header.shape().equals(image.get().shape());
            stream.read(
                    header.voxels(),
                    fits
                            ? voxels.and((stored, from, length) ->
                                    watcher.labels(image.get(), header.valuesOf(stored, from), length))
                            : voxels);
            stream.finish();
            return voxels.values();
        }
    }
}
