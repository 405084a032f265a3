package org.unet4j.prep;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.unet4j.io.Dataset;
import org.unet4j.io.LoadedCase;
import org.unet4j.io.VoxelStatistics;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Orientation;

/**
 * What is in the labelled cases of a dataset as their files give it, before anything is cropped or resampled. What a plan needs
 * is in the {@link Fingerprint}.
 *
 * @param cases how many were looked at, at least one
 * @param shape voxels along x, y, z, the files' own axes
 * @param spacing mm between voxels along x, y, z
 * @param orientations how many cases have each, such as "RAS"
 * @param channels the intensities of each channel, in the dataset's order
 * @param classes where each class is found, by label value; without the background
 */
public record Contents(
        int cases,
        List<Spread> shape,
        List<Spread> spacing,
        SortedMap<String, Integer> orientations,
        List<Intensity> channels,
        SortedMap<Integer, Occurrence> classes) {

    /** What one case contributes; its scan and its labels could be read and lie on {@code grid}. */
    record OfCase(Grid grid, LoadedCase.Findings findings) {

        private long voxels(int value) {
            return findings.classes().getOrDefault(value, 0L);
        }
    }

    /** The smallest, the middle (numpy's median) and the largest of at least one value. */
    public record Spread(double min, double median, double max) {

        static Spread of(DoubleStream values) {
            double[] sorted = values.sorted().toArray();
            double median = Derivation.quantile(DoubleStream.of(sorted), 0.5);
            return new Spread(sorted[0], median, sorted[sorted.length - 1]);
        }
    }

    /**
     * The intensities of one channel, after scaling.
     *
     * @param name what dataset.json calls it
     * @param min over the finite voxels of all cases; NaN where there is none
     * @param max likewise
     * @param mean likewise; every voxel weighs the same
     */
    public record Intensity(String name, double min, double max, double mean) {

        static Intensity of(String name, List<VoxelStatistics> cases) {
            List<VoxelStatistics> some =
                    cases.stream().filter(c -> c.finite() > 0).toList();
            double voxels = some.stream().mapToDouble(VoxelStatistics::finite).sum();
            return new Intensity(
                    name,
                    some.stream().mapToDouble(VoxelStatistics::min).min().orElse(Double.NaN),
                    some.stream().mapToDouble(VoxelStatistics::max).max().orElse(Double.NaN),
                    some.stream().mapToDouble(c -> c.mean() * c.finite()).sum() / voxels);
        }
    }

    /**
     * Where one class is found.
     *
     * @param name what dataset.json calls it
     * @param cases how many cases have it
     * @param voxels how many each of these has; empty where no case has it
     * @param volumeMl millilitres in each of these, likewise
     */
    public record Occurrence(String name, int cases, Optional<Spread> voxels, Optional<Spread> volumeMl) {

        static Occurrence of(String name, int value, List<OfCase> all) {
            List<OfCase> those = all.stream().filter(c -> c.voxels(value) > 0).toList();
            return new Occurrence(
                    name,
                    those.size(),
                    spread(those, c -> c.voxels(value)),
                    spread(those, c -> c.voxels(value) * c.grid.spacing().voxelMl()));
        }

        private static Optional<Spread> spread(List<OfCase> cases, ToDoubleFunction<OfCase> value) {
            return cases.isEmpty()
                    ? Optional.empty()
                    : Optional.of(Spread.of(cases.stream().mapToDouble(value)));
        }
    }

    /** Copies the collections. */
    public Contents {
        shape = List.copyOf(shape);
        spacing = List.copyOf(spacing);
        orientations = Collections.unmodifiableSortedMap(new TreeMap<>(orientations));
        channels = List.copyOf(channels);
        classes = Collections.unmodifiableSortedMap(new TreeMap<>(classes));
    }

    /** Returns the contents of {@code cases}, at least one. */
    static Contents of(Dataset dataset, List<OfCase> cases) {
        SortedMap<Integer, Occurrence> classes = new TreeMap<>();
        dataset.classes().tailMap(1).forEach((value, name) -> classes.put(value, Occurrence.of(name, value, cases)));
        return new Contents(
                cases.size(),
                alongXyz(cases, (grid, axis) -> grid.shape().get(axis)),
                alongXyz(cases, (grid, axis) -> grid.spacing().get(axis)),
                cases.stream()
                        .collect(Collectors.toMap(
                                c -> Orientation.of(c.grid.affine()).code(), c -> 1, Integer::sum, TreeMap::new)),
                IntStream.range(0, dataset.channelNames().size())
                        .mapToObj(channel -> Intensity.of(
                                dataset.channelNames().get(channel),
                                cases.stream()
                                        .map(c -> c.findings.channels().get(channel))
                                        .toList()))
                        .toList(),
                classes);
    }

    private static List<Spread> alongXyz(List<OfCase> cases, ToDoubleBiFunction<Grid, Integer> value) {
        return Stream.of(2, 1, 0)
                .map(axis -> Spread.of(cases.stream().mapToDouble(c -> value.applyAsDouble(c.grid, axis))))
                .toList();
    }
}
