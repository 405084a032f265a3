package org.unet4j.augment;

import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.unet4j.prep.Plan;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Seeds;
import org.unet4j.volume.Box;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;

/**
 * All transforms with their settings, in the order in which they are applied, but for mirroring. Everything that moves voxels is one
 * {@link Warp}, and the patch is resampled once: a voxel of the patch is mirrored, displaced elastically, scaled, then turned.
 *
 * @param rotation turning
 * @param scaling larger and smaller
 * @param elastic bending
 * @param noise Gaussian noise
 * @param blur Gaussian smoothing
 * @param brightness multiplication
 * @param contrast stretching about the mean
 * @param lowResolution a coarser scanner
 * @param invertedGamma a power of the negative
 * @param gamma a power
 * @param mirroring flips
 */
public record Augmentation(
        Rotation rotation,
        Scaling scaling,
        Elastic elastic,
        Noise noise,
        Blur blur,
        Brightness brightness,
        Contrast contrast,
        LowResolution lowResolution,
        Gamma invertedGamma,
        Gamma gamma,
        Mirroring mirroring) {

    /** A patch this many times longer than it is thick is turned, scaled and bent in its plane only, as in nnU-Net. */
    public static final double ANISOTROPIC = 3;

    /** {@link #sourceShape} makes room for things shrunk to this, as nnU-Net does: more shrinking is rare and padded. */
    private static final double SMALLEST_FACTOR = 0.85;

    /** {@link #sourceShape} grows no axis by more than this. */
    private static final int MOST_GROWTH = 2;

    private static final Range AROUND_ONE = new Range(0.75, 1.25);
    private static final Range EXPONENT = new Range(0.7, 1.5);

    /**
     * Returns nnU-Net's settings for a patch, and besides them elastic deformation with probability 0.1, of points 16
     * voxels apart by up to a tenth of that; nnU-Net dropped it, the U-Net paper (Cicek et al. 2016) relies on it.
     *
     * <p>Differs from nnU-Net ({@link Preset#NNUNET}): where the patch is anisotropic, turns about its short axis reach 30
     * degrees as everywhere, not 180, for patients do not lie upside down; angles are those of millimetres, see {@link Rotation};
     * things are made 0.7 to 1.4 times as large, not 1 / 1.4 to 1 / 0.7; blur is the same along all axes.
     *
     * @param spacing of the prepared voxels
     * @param patch what the network sees
     */
    public static Augmentation standard(Spacing spacing, Shape patch) {
        List<Integer> axes = resampledAxes(patch);
        boolean everyAxis = axes.size() == Shape.AXES;
        double finest = Math.min(spacing.z(), Math.min(spacing.y(), spacing.x()));
        double degrees = 30;
        double[] most = new double[Shape.AXES];
        for (int axis = 0; axis < Shape.AXES; axis++) {
            most[axis] = everyAxis || !axes.contains(axis) ? degrees : 0;
        }
        return new Augmentation(
                new Rotation(0.2, most[0], most[1], most[2], spacing),
                new Scaling(0.2, new Range(0.7, 1.4), 0, axes),
                new Elastic(0.1, 16 * finest, 1.6 * finest, axes, spacing),
                new Noise(0.1, new Range(0, 0.1)),
                new Blur(0.2, 0.5, new Range(0.5, 1), 0),
                new Brightness(0.15, AROUND_ONE),
                new Contrast(0.15, AROUND_ONE),
                new LowResolution(0.25, 0.5, new Range(0.5, 1), axes),
                new Gamma(0.1, EXPONENT, true),
                new Gamma(0.3, EXPONENT, false),
                new Mirroring(0.5, Axes.ALL));
    }

    /** Returns the standard settings for the spacing and patch of {@code plan}. */
    public static Augmentation standard(Plan plan) {
        return standard(plan.spacing(), plan.patch());
    }

    /** Returns the augmentation that changes nothing. */
    public static Augmentation none() {
        Spacing unit = new Spacing(1, 1, 1);
        Range one = new Range(1, 1);
        return new Augmentation(
                new Rotation(0, 0, 0, 0, unit),
                new Scaling(0, one, 0, Axes.ALL),
                new Elastic(0, 1, 0, Axes.ALL, unit),
                new Noise(0, new Range(0, 0)),
                new Blur(0, 0, new Range(0, 0), 0),
                new Brightness(0, one),
                new Contrast(0, one),
                new LowResolution(0, 0, one, Axes.ALL),
                new Gamma(0, one, true),
                new Gamma(0, one, false),
                new Mirroring(0, Axes.ALL));
    }

    /**
     * Returns noise and brightness only, for runs of a few hundred steps: there the standard settings ask for invariances
     * that such a run has no time to learn.
     */
    public static Augmentation light() {
        Augmentation none = none();
        return new Augmentation(
                none.rotation,
                none.scaling,
                none.elastic,
                new Noise(0.5, new Range(0, 0.1)),
                none.blur,
                new Brightness(0.5, new Range(0.9, 1.1)),
                none.contrast,
                none.lowResolution,
                none.invertedGamma,
                none.gamma,
                none.mirroring);
    }

    /** Returns this augmentation with flips along {@code axes} only (0 is z, 1 is y, 2 is x); empty for none. */
    public Augmentation withMirroring(List<Integer> axes) {
        return new Augmentation(
                rotation,
                scaling,
                elastic,
                noise,
                blur,
                brightness,
                contrast,
                lowResolution,
                invertedGamma,
                gamma,
                new Mirroring(mirroring.probability(), axes));
    }

    private static List<Integer> resampledAxes(Shape patch) {
        int shortest = 0;
        int longest = 0;
        for (int axis = 1; axis < Shape.AXES; axis++) {
            shortest = patch.get(axis) < patch.get(shortest) ? axis : shortest;
            longest = patch.get(axis) > patch.get(longest) ? axis : longest;
        }
        int across = shortest;
        return (double) patch.get(longest) / patch.get(across) > ANISOTROPIC
                ? Axes.ALL.stream().filter(axis -> axis != across).toList()
                : Axes.ALL;
    }

    /**
     * Returns what to cut from a case so that a patch in its middle can be turned, scaled and bent without showing
     * padding: the patch's bounding box when turned about any one axis, with room for things shrunk to 0.85; at most twice
     * the patch on each axis. Combined extremes show a corner of padding.
     */
    public Shape sourceShape(Shape patch) {
        double[] most = {rotation.zDegrees(), rotation.yDegrees(), rotation.xDegrees()};
        Shape source = patch;
        for (int axis = 0; axis < Shape.AXES; axis++) {
            double extent = patch.get(axis);
            for (int about = 0; about < Shape.AXES; about++) {
                if (about != axis && rotation.probability() > 0) {
                    extent = Math.max(extent, turnedExtent(patch, axis, Shape.AXES - axis - about, most[about]));
                }
            }
            if (scaling.probability() > 0 && scaling.axes().contains(axis)) {
                extent /= Math.min(1, Math.max(SMALLEST_FACTOR, scaling.factor().low()));
            }
            if (elastic.probability() > 0 && elastic.axes().contains(axis)) {
                extent += 2 * elastic.magnitudeMm() / elastic.spacing().get(axis);
            }
            int growth = (int) Math.ceil((extent - patch.get(axis)) / 2);
            source = source.with(axis, Math.min(MOST_GROWTH * patch.get(axis), patch.get(axis) + 2 * growth));
        }
        return source;
    }

    /** Returns the patch's longest extent along {@code axis} when turned by up to {@code degrees} towards {@code other}. */
    private double turnedExtent(Shape patch, int axis, int other, double degrees) {
        double along = patch.get(axis);
        double across = patch.get(other)
                * rotation.spacing().get(other)
                / rotation.spacing().get(axis);
        double angle = Math.min(Math.toRadians(degrees), Math.atan2(across, along));
        return along * Math.cos(angle) + across * Math.sin(angle);
    }

    /** Returns what is drawn for one sample: from its seed alone, each transform from a stream of its own. */
    public Draws sample(long sampleSeed, int channels) {
        return new Draws(
                rotation.sample(stream(sampleSeed, 0)),
                scaling.sample(stream(sampleSeed, 1)),
                elastic.sample(stream(sampleSeed, 2)),
                noise.sample(stream(sampleSeed, 3), channels),
                blur.sample(stream(sampleSeed, 4), channels),
                brightness.sample(stream(sampleSeed, 5), channels),
                contrast.sample(stream(sampleSeed, 6), channels),
                lowResolution.sample(stream(sampleSeed, 7), channels),
                invertedGamma.sample(stream(sampleSeed, 8), channels),
                gamma.sample(stream(sampleSeed, 9), channels),
                mirroring.sample(stream(sampleSeed, 10)));
    }

    private static RandomGenerator stream(long sampleSeed, long transform) {
        return Seeds.random(sampleSeed, transform);
    }

    /**
     * Returns the augmented batch, in the patch's shape, float32, the target in its own type, on the batch's device. It
     * belongs to the enclosing {@link Scope}.
     *
     * @param source cut at least as large as the patch; {@link #sourceShape} is best
     * @param sampleSeeds one a sample; a sample's result depends on its own alone
     */
    public Batch apply(Batch source, Shape patch, List<Long> sampleSeeds) {
        if (sampleSeeds.size() != source.samples()) {
            throw new IllegalArgumentException(
                    "a batch of " + source.samples() + " samples needs as many seeds, given " + sampleSeeds.size());
        }
        return applyDraws(
                source,
                patch,
                sampleSeeds.stream()
                        .map(seed -> sample(seed, source.channels()))
                        .toList());
    }

    /** Returns the batch changed as {@code draws} say, one a sample; see {@link #apply}. */
    public Batch applyDraws(Batch source, Shape patch, List<Draws> draws) {
        Shape cut = source.shape();
        if (!Box.all(patch).isInside(cut)) {
            throw new IllegalArgumentException(
                    "the source " + cut + " must be at least as large as the patch " + patch + " on every axis");
        }
        try (Scope scope = new Scope()) {
            TensorVector images = new TensorVector();
            TensorVector targets = new TensorVector();
            for (int n = 0; n < draws.size(); n++) {
                Warp.Sample moved = move(
                        draws.get(n),
                        source.imageNCDHW().select(0, n),
                        source.targetNDHW().select(0, n),
                        patch);
                images.push_back(intensities(draws.get(n), moved.imageCDHW()));
                targets.push_back(moved.labelsDHW());
            }
            return new Batch(scope.keep(torch.stack(images)), scope.keep(torch.stack(targets)));
        }
    }

    /** Returns the patch in the middle, turned, scaled, bent and mirrored: interpolated where it must be, and then once. */
    private Warp.Sample move(Draws draw, Tensor imageCDHW, Tensor targetDHW, Shape patch) {
        if (!draw.resamples()) {
            return new Warp.Sample(
                    mirroring.apply(draw.mirroring(), Warp.centreCrop(imageCDHW, patch)),
                    mirroring.applyToLabels(draw.mirroring(), Warp.centreCrop(targetDHW, patch)));
        }
        double[] matrix = Warp.product(rotation.matrix(draw.rotation()), scaling.matrix(draw.scaling()));
        Optional<Lattice> bending = draw.elastic().isIdentity()
                ? Optional.empty()
                : Optional.of(elastic.lattice(draw.elastic(), matrix, patch));
        return new Warp(
                        Batch.spatial(imageCDHW, 1),
                        patch,
                        matrix,
                        bending,
                        draw.mirroring().axes())
                .sample(imageCDHW, targetDHW);
    }

    private Tensor intensities(Draws draw, Tensor imageCDHW) {
        Tensor image = noise.apply(draw.noise(), imageCDHW);
        image = blur.apply(draw.blur(), image);
        image = brightness.apply(draw.brightness(), image);
        image = contrast.apply(draw.contrast(), image);
        image = lowResolution.apply(draw.lowResolution(), image);
        image = invertedGamma.apply(draw.invertedGamma(), image);
        return gamma.apply(draw.gamma(), image);
    }
}
