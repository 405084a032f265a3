package org.unet4j.prep;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.unet4j.io.Dataset;
import org.unet4j.io.LoadedCase;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Orientation;

/**
 * What is in one case whose images can be read, before anything is cropped or resampled.
 *
 * @param id its identifier
 * @param shape voxels along x, y, z, the files' own axes
 * @param spacing mm between voxels along x, y, z
 * @param orientation where x, y, z run to, as "RAS"
 * @param channels the intensities of each channel, in the dataset's order
 * @param voxels how many voxels have each label value that occurs; empty without labels
 * @param volumesMl the millilitres of each of these, by the image's spacing
 */
public record CaseContents(
        String id,
        List<Integer> shape,
        List<Double> spacing,
        String orientation,
        List<Contents.Intensity> channels,
        SortedMap<Integer, Long> voxels,
        SortedMap<Integer, Double> volumesMl) {

    /** Copies the collections. */
    public CaseContents {
        shape = List.copyOf(shape);
        spacing = List.copyOf(spacing);
        channels = List.copyOf(channels);
        voxels = Collections.unmodifiableSortedMap(new TreeMap<>(voxels));
        volumesMl = Collections.unmodifiableSortedMap(new TreeMap<>(volumesMl));
    }

    /** Returns the contents of a case whose scan could be read and lies on {@code grid}. */
    static CaseContents of(Dataset dataset, String id, Grid grid, LoadedCase.Findings findings) {
        SortedMap<Integer, Double> volumesMl = new TreeMap<>();
        findings.classes()
                .forEach((value, count) ->
                        volumesMl.put(value, count * grid.spacing().voxelMl()));
        return new CaseContents(
                id,
                List.of(grid.shape().x(), grid.shape().y(), grid.shape().z()),
                List.of(grid.spacing().x(), grid.spacing().y(), grid.spacing().z()),
                Orientation.of(grid.affine()).code(),
                IntStream.range(0, dataset.channelNames().size())
                        .mapToObj(channel -> Contents.Intensity.of(
                                dataset.channelNames().get(channel),
                                List.of(findings.channels().get(channel))))
                        .toList(),
                findings.classes(),
                volumesMl);
    }
}
