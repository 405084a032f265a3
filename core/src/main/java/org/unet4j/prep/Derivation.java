package org.unet4j.prep;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.DoubleStream;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;

/**
 * From a fingerprint to a plan, by the rules of nnU-Net's planner for its full-resolution 3D network (Isensee et al. 2021).
 * {@link Plan#derive} lists what differs.
 */
final class Derivation {

    private static final double ANISOTROPY = 3;
    private static final double COARSE_AXIS_QUANTILE = 0.1;
    private static final double INITIAL_EDGE = 256;
    private static final double BATCH_COVERS_AT_MOST = 0.05;
    private static final int SMALLEST_BATCH = 2;

    private Derivation() {}

    static Plan plan(
            Fingerprint fingerprint, List<String> channelNames, SortedMap<Integer, String> classes, Budget budget) {
        Spacing spacing = targetSpacing(fingerprint);
        double[] median = medianSize(fingerprint, spacing);
        Pooling pooling = pooling(spacing, median, classes.size(), budget);
        double voxels = median[0] * median[1] * median[2] * fingerprint.cases().size();
        long atMost = Math.round(voxels * BATCH_COVERS_AT_MOST / pooling.patch().voxels());
        long batch = Math.max(SMALLEST_BATCH, Math.min(budget.batch(pooling, classes.size()), atMost));
        List<Channel> channels = new ArrayList<>();
        for (int i = 0; i < channelNames.size(); i++) {
            channels.add(channel(channelNames.get(i), fingerprint.foreground().get(i)));
        }
        return new Plan(
                fingerprint.dataset(),
                channels,
                classes,
                CropRule.of(channelNames),
                spacing,
                Resampling.standard(),
                Shape.of(Arrays.stream(median)
                        .mapToInt(size -> (int) Math.rint(size))
                        .toArray()),
                budget,
                pooling.patch(),
                Math.toIntExact(batch),
                pooling.topology(budget));
    }

    private static Channel channel(String name, Intensities foreground) {
        if (!Channel.namesCt(name)) {
            return new Channel(name, new Normalization.ZScore());
        }
        if (!(foreground.percentile005() < foreground.percentile995())) {
            throw new IllegalArgumentException("channel " + name + ": all foreground voxels have the value "
                    + foreground.median() + ", so no window can be derived; check the images, or the labels");
        }
        return new Channel(
                name,
                new Normalization.CtWindow(
                        foreground.percentile005(), foreground.percentile995(), foreground.mean(), foreground.sd()));
    }

    /** Returns the median spacing; a coarse axis with few slices gets its 10th percentile. */
    static Spacing targetSpacing(Fingerprint fingerprint) {
        double[] target = new double[Shape.AXES];
        double[] size = new double[Shape.AXES];
        for (int axis = 0; axis < Shape.AXES; axis++) {
            int a = axis;
            target[axis] = quantile(
                    fingerprint.cases().stream().mapToDouble(c -> c.spacing().get(a)), 0.5);
            size[axis] = quantile(
                    fingerprint.cases().stream().mapToDouble(c -> c.shape().get(a)), 0.5);
        }
        int coarse = coarsest(target);
        double others = 0;
        double fewest = Double.POSITIVE_INFINITY;
        for (int axis = 0; axis < Shape.AXES; axis++) {
            if (axis != coarse) {
                others = Math.max(others, target[axis]);
                fewest = Math.min(fewest, size[axis]);
            }
        }
        if (target[coarse] > ANISOTROPY * others && size[coarse] * ANISOTROPY < fewest) {
            double fine = quantile(
                    fingerprint.cases().stream().mapToDouble(c -> c.spacing().get(coarse)), COARSE_AXIS_QUANTILE);
            target[coarse] = fine < others ? others + 1e-5 : fine;
        }
        return Spacing.of(target);
    }

    private static int coarsest(double[] spacing) {
        int coarsest = 0;
        for (int axis = 1; axis < Shape.AXES; axis++) {
            if (spacing[axis] > spacing[coarsest]) {
                coarsest = axis;
            }
        }
        return coarsest;
    }

    /** Returns the median size of the cases once they have the spacing {@code target}; halves are possible. */
    static double[] medianSize(Fingerprint fingerprint, Spacing target) {
        double[] median = new double[Shape.AXES];
        for (int axis = 0; axis < Shape.AXES; axis++) {
            int a = axis;
            median[axis] = quantile(
                    fingerprint.cases().stream()
                            .mapToDouble(c ->
                                    Math.rint(c.shape().get(a) * c.spacing().get(a) / target.get(a))),
                    0.5);
        }
        return median;
    }

    /** Returns the pooling for the largest patch with the aspect of the scans that {@code budget} allows. */
    static Pooling pooling(Spacing spacing, double[] median, int classes, Budget budget) {
        double scale = INITIAL_EDGE * Math.cbrt(spacing.z() * spacing.y() * spacing.x());
        double[] size = new double[Shape.AXES];
        for (int axis = 0; axis < Shape.AXES; axis++) {
            size[axis] = Math.max(1, Math.min(Math.rint(scale / spacing.get(axis)), median[axis]));
        }
        Pooling pooling = Pooling.of(spacing, size);
        while (!budget.allows(pooling, classes, median)) {
            Shape patch = pooling.patch();
            int axis = longest(pooling, median);
            // One divisor less may need fewer poolings, whose divisor is smaller: take that, not to skip a valid size.
            Shape tried = patch.with(axis, patch.get(axis) - divisor(pooling).get(axis));
            int step = divisor(Pooling.of(spacing, doubles(tried))).get(axis);
            pooling = Pooling.of(spacing, doubles(patch.with(axis, patch.get(axis) - step)));
        }
        return pooling;
    }

    /** Returns the axis on which the patch covers most of a median scan and can still shrink. */
    private static int longest(Pooling pooling, double[] median) {
        int longest = 0;
        double most = -1;
        for (int axis = 0; axis < Shape.AXES; axis++) {
            int size = pooling.patch().get(axis);
            if (size > divisor(pooling).get(axis) && size / median[axis] >= most) {
                longest = axis;
                most = size / median[axis];
            }
        }
        return longest;
    }

    private static Shape divisor(Pooling pooling) {
        return pooling.topology(Budget.COMPACT).divisor();
    }

    private static double[] doubles(Shape shape) {
        return new double[] {shape.z(), shape.y(), shape.x()};
    }

    /** Returns numpy's default (linear) quantile. */
    static double quantile(DoubleStream values, double q) {
        double[] sorted = values.sorted().toArray();
        double at = q * (sorted.length - 1);
        int below = (int) at;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }
}
