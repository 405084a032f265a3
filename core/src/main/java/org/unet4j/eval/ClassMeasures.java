package org.unet4j.eval;

import org.unet4j.volume.Box;
import org.unet4j.volume.Labels;

/**
 * How well one class of one case was segmented, beside its Dice. What cannot be said is NaN, what is beyond all measure infinite; means
 * leave both out and count them ({@link Moments}).
 *
 * @param iou |A n B| / |A u B|, in [0, 1]; as Dice, 1 where both masks are empty and 0 where exactly one is
 * @param precision share of the predicted voxels that are right; NaN where nothing was predicted
 * @param recall share of the reference's voxels that were found; NaN where the reference is empty
 * @param volumeDifferenceMl how much the two volumes differ, never negative; in ml
 * @param relativeVolumeDifference (predicted - reference) / reference: positive where too much was predicted; NaN where the reference is
 *     empty
 * @param hd95Mm the 95th percentile of the Hausdorff distance; infinite where exactly one mask is empty, NaN where both are
 * @param asdMm the average distance between the surfaces, in both directions; infinite where exactly one mask is empty, NaN where both are
 * @param nsd the normalised surface Dice, in [0, 1]; as Dice, 1 where both masks are empty and 0 where exactly one is
 * @param toleranceMm how far surfaces may lie apart to count for {@code nsd}
 */
public record ClassMeasures(
        double iou,
        double precision,
        double recall,
        double volumeDifferenceMl,
        double relativeVolumeDifference,
        double hd95Mm,
        double asdMm,
        double nsd,
        double toleranceMm) {

    private static final double PERCENT = 95;

    /** Returns the measures of a class of which neither mask has a voxel. */
    static ClassMeasures bothEmpty(double toleranceMm) {
        return new ClassMeasures(1, Double.NaN, Double.NaN, 0, Double.NaN, Double.NaN, Double.NaN, 1, toleranceMm);
    }

    /**
     * Returns the measures of class {@code cls}.
     *
     * @param counts of the two label maps
     * @param box holds every voxel of the class in both
     */
    static ClassMeasures of(Labels prediction, Labels reference, int cls, Overlap counts, Box box, double toleranceMm) {
        double predicted = counts.predicted(cls);
        double wanted = counts.wanted(cls);
        double both = counts.both(cls);
        if (predicted + wanted == 0) {
            return bothEmpty(toleranceMm);
        }
        double hd95 = Double.POSITIVE_INFINITY;
        double asd = Double.POSITIVE_INFINITY;
        double nsd = 0;
        if (predicted > 0 && wanted > 0) {
            SurfaceDistances surfaces = SurfaceDistances.between(prediction, reference, cls, box);
            hd95 = surfaces.hausdorffMm(PERCENT);
            asd = surfaces.averageMm();
            nsd = surfaces.surfaceDice(toleranceMm);
        }
        double voxelMl = reference.grid().spacing().voxelMl();
        return new ClassMeasures(
                both / (predicted + wanted - both),
                both / predicted,
                both / wanted,
                Math.abs(predicted - wanted) * voxelMl,
                wanted == 0 ? Double.NaN : (predicted - wanted) / wanted,
                hd95,
                asd,
                nsd,
                toleranceMm);
    }

    /** Returns the mean with the measures of the same class and case from other seeds, each a {@code share} of the whole. */
    ClassMeasures plus(ClassMeasures other, double share) {
        if (other.toleranceMm != toleranceMm) {
            throw new IllegalArgumentException("tolerances of " + toleranceMm + " and " + other.toleranceMm
                    + " mm cannot be averaged: score all with the same");
        }
        return new ClassMeasures(
                iou + share * other.iou,
                precision + share * other.precision,
                recall + share * other.recall,
                volumeDifferenceMl + share * other.volumeDifferenceMl,
                relativeVolumeDifference + share * other.relativeVolumeDifference,
                hd95Mm + share * other.hd95Mm,
                asdMm + share * other.asdMm,
                nsd + share * other.nsd,
                toleranceMm);
    }

    /** Returns nothing of everything, to add to. */
    static ClassMeasures zero(double toleranceMm) {
        return new ClassMeasures(0, 0, 0, 0, 0, 0, 0, 0, toleranceMm);
    }
}
