package org.unet4j.eval;

import java.util.Set;
import java.util.SortedMap;
import org.unet4j.volume.LabelArray;
import org.unet4j.volume.Labels;

/**
 * The overlap of two masks. Dice 1945, "Measures of the amount of ecologic association between species"; equal to MONAI
 * 1.5 (golden/metrics.json) where not both masks are empty.
 */
public final class Dice {

    private Dice() {}

    /**
     * Returns 2|A n B| / (|A| + |B|), in [0, 1], where A are the voxels of class {@code cls} in the prediction and B
     * those in the reference. Two empty masks agree and score 1; exactly one empty scores 0.
     *
     * @throws IllegalArgumentException if the arrays differ in length
     */
    public static double dice(byte[] prediction, byte[] reference, int cls) {
        requireSameLength(prediction.length, reference.length);
        long sizes = 0;
        long both = 0;
        for (int i = 0; i < reference.length; i++) {
            boolean inPrediction = (prediction[i] & 0xff) == cls;
            boolean inReference = (reference[i] & 0xff) == cls;
            sizes += (inPrediction ? 1 : 0) + (inReference ? 1 : 0);
            both += inPrediction && inReference ? 1 : 0;
        }
        return sizes == 0 ? 1 : 2.0 * both / sizes;
    }

    /** Returns {@link #dice(byte[], byte[], int)} of two label maps; only their shapes are compared, not their places. */
    public static double dice(Labels prediction, Labels reference, int cls) {
        requireSameShape(prediction, reference);
        return perClass(prediction, reference, Set.of(cls)).get(cls);
    }

    /**
     * Returns the Dice of each of {@code classes}, counted in one pass over the voxels; the rule for empty masks is that
     * of {@link #dice(byte[], byte[], int)}.
     */
    public static SortedMap<Integer, Double> perClass(Labels prediction, Labels reference, Set<Integer> classes) {
        requireSameShape(prediction, reference);
        return Overlap.of(prediction.voxels(), reference.voxels()).dice(classes);
    }

    /** Returns {@link #perClass(Labels, Labels, Set)} of the voxels of two label maps of one shape. */
    public static SortedMap<Integer, Double> perClass(
            LabelArray prediction, LabelArray reference, Set<Integer> classes) {
        requireSameLength(prediction.length(), reference.length());
        return Overlap.of(prediction, reference).dice(classes);
    }

    private static void requireSameShape(Labels prediction, Labels reference) {
        if (!prediction.grid().shape().equals(reference.grid().shape())) {
            throw new IllegalArgumentException("prediction of shape "
                    + prediction.grid().shape() + " and reference of shape "
                    + reference.grid().shape() + " must have the same shape; predict on the scan's own grid");
        }
    }

    private static void requireSameLength(int prediction, int reference) {
        if (prediction != reference) {
            throw new IllegalArgumentException("prediction of " + prediction + " voxels and reference of " + reference
                    + " voxels must have the same shape; predict on the scan's own grid");
        }
    }
}
