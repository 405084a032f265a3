package org.unet4j.prep;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.unet4j.volume.Box;
import org.unet4j.volume.Crop;
import org.unet4j.volume.LabelArray;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Reorient;
import org.unet4j.volume.Scan;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
import org.unet4j.volume.Volume;
import org.unet4j.volume.Voxels;

/**
 * Applies a plan to a scan: crop, reorient to RAS, clip and normalise, resample. A pure function, the same before training
 * and before prediction. Intensities are normalised before they are resampled, as in nnU-Net: so that a metal implant is
 * clipped before the splines can ring around it.
 */
public final class Preparation {

    private static final int CHUNK_VOXELS = 1 << 13;

    private Preparation() {}

    /**
     * Returns the scan, and the labels if there are any, as networks of {@code plan} see them. Voxels become floats as they are
     * read into the first step of resampling: no cropped, turned or normalised copy of a channel is made.
     *
     * @param labels on the scan's grid
     * @throws IllegalArgumentException if the scan does not fit the plan or holds voxels that are not finite
     */
    public static PreparedScan apply(Plan plan, Scan scan, Optional<Labels> labels) {
        requireChannels(plan, scan);
        Recipe recipe = recipe(plan, scan);
        List<float[]> channels = new ArrayList<>();
        for (int i = 0; i < plan.channels().size(); i++) {
            channels.add(resampled(plan, recipe, normalized(plan, scan, recipe, i)));
        }
        return new PreparedScan(
                channels, recipe.shape(), labels.map(given -> prepared(plan, scan, recipe, given)), recipe);
    }

    /**
     * Returns the scan with the same voxels as {@link #apply} gives, to be read once or several times. It needs the scan, which
     * must not be changed meanwhile.
     *
     * @throws IllegalArgumentException if the scan does not fit the plan or holds voxels that are not finite
     */
    public static PreparedView view(Plan plan, Scan scan) {
        requireChannels(plan, scan);
        Recipe recipe = recipe(plan, scan);
        boolean asItIs = recipe.cropped().shape().equals(recipe.shape());
        List<Voxels> channels = new ArrayList<>();
        for (int i = 0; i < plan.channels().size(); i++) {
            Voxels voxels = normalized(plan, scan, recipe, i);
            channels.add(asItIs ? voxels : Voxels.of(resampled(plan, recipe, voxels)));
        }
        return new PreparedView(channels, recipe.shape(), recipe);
    }

    private static void requireChannels(Plan plan, Scan scan) {
        if (scan.channels().size() != plan.channels().size()) {
            throw new IllegalArgumentException(
                    "[" + scan.name() + "] has " + scan.channels().size()
                            + " channels, the plan of " + plan.dataset() + " has "
                            + plan.channels().size() + ": "
                            + plan.channels().stream().map(Channel::name).toList());
        }
    }

    private static Voxels normalized(Plan plan, Scan scan, Recipe recipe, int index) {
        Volume channel = scan.channels().get(index);
        Voxels voxels = recipe.reorientation().view(channel, recipe.crop());
        int count = recipe.crop().shape().arrayLength();
        if (channel.type().isFloating() || channel.slope() != 1 || channel.intercept() != 0) {
            requireFinite(scan.name(), index, voxels, count);
        }
        return plan.channels().get(index).normalization().of(voxels, count);
    }

    private static float[] resampled(Plan plan, Recipe recipe, Voxels voxels) {
        return plan.resampling().apply(voxels, recipe.cropped(), recipe.shape(), plan.spacing());
    }

    /** Returns what is done to the geometry of {@code scan}. */
    static Recipe recipe(Plan plan, Scan scan) {
        Box crop = plan.crop()
                .box(
                        scan.channels(),
                        CropRule.ctChannel(
                                plan.channels().stream().map(Channel::name).toList()));
        Reorient reorient = Reorient.toRas(scan.grid().crop(crop));
        return new Recipe(
                scan.grid(),
                crop,
                resampledShape(reorient.grid().shape(), reorient.grid().spacing(), plan.spacing()));
    }

    /** Returns nnU-Net's size after resampling: to the nearest voxel, halves to even, at least 1. */
    static Shape resampledShape(Shape shape, Spacing from, Spacing to) {
        double[] sizes = new double[Shape.AXES];
        double voxels = 1;
        for (int axis = 0; axis < Shape.AXES; axis++) {
            sizes[axis] = Math.max(1, Math.rint(shape.get(axis) * from.get(axis) / to.get(axis)));
            voxels *= sizes[axis];
        }
        if (!(voxels <= Integer.MAX_VALUE)) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "a scan of %s voxels of %s mm (z, y, x) has %.3g at the plan's spacing of %s mm, more than an array"
                            + " holds; choose a coarser spacing in the plan",
                    shape,
                    Arrays.toString(from.toArray()),
                    voxels,
                    Arrays.toString(to.toArray())));
        }
        return Shape.of((int) sizes[0], (int) sizes[1], (int) sizes[2]);
    }

    private static LabelArray prepared(Plan plan, Scan scan, Recipe recipe, Labels labels) {
        if (!labels.grid().matches(scan.grid(), Scan.GRID_TOLERANCE_MM)) {
            throw new IllegalArgumentException("[" + scan.name() + "] the labels lie on another grid than the image: "
                    + labels.grid() + " against " + scan.grid() + "; resample them to the image's grid");
        }
        long[] counts = labels.counts();
        for (int cls = plan.classCount(); cls < counts.length; cls++) {
            if (counts[cls] > 0) {
                throw new IllegalArgumentException("[" + scan.name() + "] " + counts[cls] + " voxels have the label "
                        + cls + ", which is none of the classes 0 to "
                        + plan.classes().lastKey()
                        + "; correct the labels or dataset.json");
            }
        }
        Labels kept = recipe.reorientation().apply(Crop.crop(labels, recipe.crop()));
        return plan.resampling().apply(kept, recipe.shape(), plan.spacing()).voxels();
    }

    /** Fails where a voxel is NaN or infinite: one of them would make a whole normalised volume NaN. */
    private static void requireFinite(String name, int channel, Voxels voxels, int count) {
        float[] chunk = new float[Math.min(count, CHUNK_VOXELS)];
        long bad = 0;
        for (int from = 0; from < count; from += chunk.length) {
            int length = Math.min(chunk.length, count - from);
            voxels.copyTo(from, chunk, 0, length);
            for (int i = 0; i < length; i++) {
                bad += Float.isFinite(chunk[i]) ? 0 : 1;
            }
        }
        if (bad > 0) {
            throw new IllegalArgumentException("[" + name + "] channel " + channel + ": " + bad + " of " + count
                    + " voxels are NaN or infinite; replace them, for example by the value of air, and try again");
        }
    }
}
