package org.unet4j.prep;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.unet4j.io.Dataset;
import org.unet4j.io.Yaml;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;

/**
 * Everything that is decided about a dataset before training: how scans are prepared, and the patch, batch and topology
 * of the networks. A YAML file that a person can read and edit.
 *
 * @param dataset name of the dataset
 * @param channels the image channels, in the dataset's order
 * @param classes class numbers and names; 0 is background, numbers have no gaps
 * @param crop which part of a scan is kept
 * @param spacing what every scan is resampled to, along the axes of the RAS grid
 * @param resampling how
 * @param medianShape the median size of the training cases at that spacing; only for people and for choosing the patch
 * @param budget what width, patch and batch were derived from
 * @param patch what a network sees at a time; divisible by the topology's divisor
 * @param batch patches a step
 * @param topology depth, strides, kernels and features of the networks
 */
public record Plan(
        String dataset,
        List<Channel> channels,
        SortedMap<Integer, String> classes,
        CropRule crop,
        Spacing spacing,
        Resampling resampling,
        Shape medianShape,
        Budget budget,
        Shape patch,
        int batch,
        Topology topology) {

    /** To be raised when {@link Preparation} computes something else from the same plan. */
    private static final int PREPARATION_VERSION = 1;

    private static final double FINEST_MM = 1e-6;
    private static final double COARSEST_MM = 1e4;

    /** Checks every value and that they fit together. */
    public Plan {
        require(dataset, "dataset");
        channels = List.copyOf(require(channels, "channels"));
        classes = Collections.unmodifiableSortedMap(new TreeMap<>(require(classes, "classes")));
        require(crop, "crop");
        require(spacing, "spacing");
        require(resampling, "resampling");
        require(medianShape, "medianShape");
        require(budget, "budget");
        require(topology, "topology").requireDivisible(require(patch, "patch"));
        if (channels.isEmpty()) {
            throw new IllegalArgumentException("plan: channels is empty; a scan has at least one");
        }
        for (double mm : spacing.toArray()) {
            if (!(mm >= FINEST_MM && mm <= COARSEST_MM)) {
                throw new IllegalArgumentException("plan: spacing " + spacing.toArray()[0] + ", " + spacing.toArray()[1]
                        + ", " + spacing.toArray()[2] + " must lie between " + FINEST_MM + " and " + COARSEST_MM
                        + " mm on every axis (z, y, x); take that of the scans");
            }
        }
        if (batch < 1) {
            throw new IllegalArgumentException("plan: batch " + batch + " must be at least 1");
        }
        if (classes.size() < 2 || classes.size() > Labels.MAX_CLASSES) {
            throw new IllegalArgumentException("plan: " + classes.size() + " classes; background and at least one more "
                    + "are needed, and at most " + Labels.MAX_CLASSES);
        }
        if (classes.firstKey() != 0 || classes.lastKey() != classes.size() - 1) {
            throw new IllegalArgumentException("plan: classes " + classes.keySet() + " must be numbered 0 to "
                    + (classes.size() - 1) + " without gaps");
        }
    }

    /**
     * Returns the plan for a dataset by the rules of nnU-Net's planner for its full-resolution 3D network.
     *
     * <p>Isensee et al. 2021. What differs, on purpose:
     * <ul>
     *   <li>Axes are those of the RAS grid. nnU-Net keeps each file's own axes and moves the coarsest one to the front.
     *   <li>CT is cropped to the body; nnU-Net crops everything to its non-zero box, which keeps all of a CT.
     *   <li>A z-score is taken over the whole crop. nnU-Net leaves out zero voxels where cropping removes more than a quarter.
     *   <li>No low-resolution network is planned for very large scans, and no 2D one.
     *   <li>{@link Budget#COMPACT} chooses width, patch and batch by the time of a step on a processor; nnU-Net knows GPUs only.
     *   <li>The foreground's statistics are exact but for percentiles of large cases, see {@link Intensities}; nnU-Net draws
     *       voxels at random. Both weigh every case the same.
     * </ul>
     *
     * @throws IllegalArgumentException if a CT's foreground has no contrast to derive a window from
     */
    public static Plan derive(Fingerprint fingerprint, Dataset dataset, Budget budget) {
        return Derivation.plan(fingerprint, dataset.channelNames(), dataset.classes(), budget);
    }

    /**
     * Returns the plan that a YAML file holds.
     *
     * @throws IOException if the file is missing or a key or value is wrong, naming it and the rule
     */
    public static Plan read(Path file) throws IOException {
        return Yaml.read(file, Plan.class);
    }

    /** Writes this plan as YAML. */
    public void write(Path file) throws IOException {
        Yaml.write(file, this);
    }

    private static <T> T require(T value, String name) {
        return Objects.requireNonNull(value, () -> "plan: " + name + " is missing");
    }

    /** Returns the number of classes, background included. */
    public int classCount() {
        return classes.size();
    }

    /** Returns this plan as that of the dataset {@code name}. */
    Plan of(String name) {
        return new Plan(
                name, channels, classes, crop, spacing, resampling, medianShape, budget, patch, batch, topology);
    }

    /** Returns this plan with another patch, which must be divisible by the topology's divisor. */
    public Plan withPatch(Shape newPatch) {
        return new Plan(
                dataset, channels, classes, crop, spacing, resampling, medianShape, budget, newPatch, batch, topology);
    }

    /** Returns this plan with {@code newBatch} patches a step. */
    public Plan withBatch(int newBatch) {
        return new Plan(
                dataset, channels, classes, crop, spacing, resampling, medianShape, budget, patch, newBatch, topology);
    }

    /** Returns this plan with another topology. */
    public Plan withTopology(Topology newTopology) {
        return new Plan(
                dataset, channels, classes, crop, spacing, resampling, medianShape, budget, patch, batch, newTopology);
    }

    /** Returns 16 hexadecimal digits that change when any value of this plan does. */
    public String hash() {
        return Canonical.hash(this);
    }

    /**
     * Returns 16 hexadecimal digits that change when a value does that prepared cases depend on: not the patch, the batch,
     * the topology or a name.
     */
    public String preparationHash() {
        List<Normalization> normalizations =
                channels.stream().map(Channel::normalization).toList();
        return Canonical.hash(List.of(PREPARATION_VERSION, normalizations, classes.size(), crop, spacing, resampling));
    }
}
