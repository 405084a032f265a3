package org.unet4j.prep;

import org.unet4j.volume.Resample;

/**
 * Linear interpolation along one axis as {@link org.unet4j.volume.Resample} does it: outer faces stay where they are.
 *
 * @param first for each new sample, the old one before it
 * @param last the old one after it, which is the same where the new one lies on it
 * @param weight the share of {@code last}
 */
@SuppressWarnings("ArrayRecordComponent") // made here and never changed
record LinearAxis(int[] first, int[] last, float[] weight) {

    static LinearAxis of(int oldSize, int newSize) {
        int[] first = new int[newSize];
        int[] last = new int[newSize];
        float[] weight = new float[newSize];
        for (int i = 0; i < newSize; i++) {
            double at = Resample.positionWithin(i, oldSize, newSize);
            first[i] = (int) Math.floor(at);
            weight[i] = (float) (at - first[i]);
            last[i] = weight[i] == 0 ? first[i] : Math.min(first[i] + 1, oldSize - 1);
        }
        return new LinearAxis(first, last, weight);
    }

    int first(int i) {
        return first[i];
    }

    int last(int i) {
        return last[i];
    }

    float weight(int i) {
        return weight[i];
    }
}
