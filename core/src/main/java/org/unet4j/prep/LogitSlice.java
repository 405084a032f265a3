package org.unet4j.prep;

import org.unet4j.volume.LabelArray;

/**
 * One slice of logits.
 *
 * @param logits one array a class
 * @param labels the class with the largest logit of each voxel
 */
@SuppressWarnings("ArrayRecordComponent") // set again for each slice
record LogitSlice(float[][] logits, LabelArray labels) {

    /** Returns room for a slice of {@code classes} classes, of which the logits of {@code kept} are kept: all or none. */
    static LogitSlice empty(int kept, int classes, int voxels) {
        return new LogitSlice(new float[kept][voxels], LabelArray.background(voxels, classes));
    }

    /** Takes a copy of {@code given}. */
    void set(float[][] given) {
        label(given);
        if (given.length != logits.length) {
            throw new IllegalArgumentException(
                    "a slice of logits has " + logits.length + " classes, given " + given.length);
        }
        for (int cls = 0; cls < logits.length; cls++) {
            System.arraycopy(given[cls], 0, logits[cls], 0, labels.length());
        }
    }

    /** Takes the labels of {@code given} only. */
    void label(float[][] given) {
        if (given[0].length != labels.length()) {
            throw new IllegalArgumentException(
                    "a slice of logits has " + labels.length() + " values a class, given " + given[0].length);
        }
        Largest.of(given, labels, 0);
    }
}
