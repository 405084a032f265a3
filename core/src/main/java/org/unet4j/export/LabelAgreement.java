package org.unet4j.export;

/**
 * Counts in how many voxels two networks give the same label. What both call background is left out: it is most of a scan, and two
 * networks of which one finds nothing agree on it.
 */
final class LabelAgreement {

    private final long[] expected;
    private final long[] given;
    private final long[] both;

    LabelAgreement(int classes) {
        this.expected = new long[classes];
        this.given = new long[classes];
        this.both = new long[classes];
    }

    /** Adds the labels that the two give the same voxels. */
    void add(short[] expectedLabels, short[] givenLabels) {
        for (int i = 0; i < expectedLabels.length; i++) {
            expected[expectedLabels[i]]++;
            given[givenLabels[i]]++;
            if (expectedLabels[i] == givenLabels[i]) {
                both[expectedLabels[i]]++;
            }
        }
    }

    /** Returns the share of the voxels that are foreground to either network and have one label; 1 where none is. */
    double share() {
        long voxels = -both[0];
        long same = -both[0];
        for (int label = 0; label < both.length; label++) {
            voxels += expected[label];
            same += both[label];
        }
        return voxels == 0 ? 1 : (double) same / voxels;
    }

    /** Returns the foreground class whose voxels agree least; 0 where neither network gives one. */
    int worstClass() {
        int worst = 0;
        for (int label = 1; label < both.length; label++) {
            if (expected[label] + given[label] > 0 && (worst == 0 || dice(label) < dice(worst))) {
                worst = label;
            }
        }
        return worst;
    }

    /** Returns the Dice coefficient of a class between the two, in [0, 1]; 1 where neither network gives it. */
    double dice(int label) {
        long voxels = expected[label] + given[label];
        return voxels == 0 ? 1 : 2.0 * both[label] / voxels;
    }
}
