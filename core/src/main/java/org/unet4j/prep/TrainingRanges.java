package org.unet4j.prep;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.unet4j.io.Yaml;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;

/**
 * What a network has seen: the part of a {@link Fingerprint} that goes with its weights, {@code ranges.yaml} in a run folder, so that
 * a scan that is unlike all of it is noticed. It names no case.
 *
 * @param cases that were learnt from
 * @param finest the least spacing along each axis of the RAS grid
 * @param coarsest the largest
 * @param channels in the plan's order
 */
public record TrainingRanges(int cases, Spacing finest, Spacing coarsest, List<Channel> channels) {

    /** The file's name in a run folder. */
    public static final String FILE = "ranges.yaml";

    /**
     * What 99 % of the foreground's voxels lie between, over all labelled cases of the dataset; both 0 where there is no foreground.
     *
     * @param lower the 0.5 % percentile
     * @param upper the 99.5 % percentile
     */
    public record Channel(double lower, double upper) {}

    /** Copies the list. */
    public TrainingRanges {
        channels = List.copyOf(channels);
    }

    /**
     * Returns the ranges of those of {@code cases} that the store's fingerprint knows; empty where it has none, as one that was
     * prepared in shards by a plan that was given.
     *
     * @throws IOException if the fingerprint is something else
     */
    public static Optional<TrainingRanges> of(Store store, Collection<String> cases) throws IOException {
        Optional<Fingerprint> fingerprint = Fingerprint.of(store);
        return fingerprint.isPresent() ? of(fingerprint.get(), cases) : Optional.empty();
    }

    static Optional<TrainingRanges> of(Fingerprint fingerprint, Collection<String> cases) {
        Set<String> wanted = Set.copyOf(cases);
        List<Spacing> spacings = fingerprint.cases().stream()
                .filter(size -> wanted.contains(size.id()))
                .map(Fingerprint.CaseSize::spacing)
                .toList();
        if (spacings.isEmpty()) {
            return Optional.empty();
        }
        double[] finest = spacings.get(0).toArray();
        double[] coarsest = spacings.get(0).toArray();
        for (Spacing spacing : spacings) {
            for (int axis = 0; axis < Shape.AXES; axis++) {
                finest[axis] = Math.min(finest[axis], spacing.get(axis));
                coarsest[axis] = Math.max(coarsest[axis], spacing.get(axis));
            }
        }
        List<Channel> channels = new ArrayList<>();
        for (Intensities channel : fingerprint.foreground()) {
            channels.add(new Channel(channel.percentile005(), channel.percentile995()));
        }
        return Optional.of(new TrainingRanges(spacings.size(), Spacing.of(finest), Spacing.of(coarsest), channels));
    }

    /**
     * Returns the ranges that a run folder holds; empty where it was trained before they were kept, or they were not known.
     *
     * @throws IOException if they cannot be read, or are of other channels than {@code plan}
     */
    public static Optional<TrainingRanges> read(Path runFolder, Plan plan) throws IOException {
        Path file = runFolder.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        TrainingRanges ranges = Yaml.read(file, TrainingRanges.class);
        if (ranges.channels.size() != plan.channels().size()) {
            throw new IOException("[" + file + "] has " + ranges.channels.size() + " channels, the plan beside it "
                    + plan.channels().size() + ": restore it, or delete it to go without warnings");
        }
        return Optional.of(ranges);
    }

    /** Writes them into a run folder. */
    public void write(Path runFolder) throws IOException {
        Yaml.write(runFolder.resolve(FILE), this);
    }
}
