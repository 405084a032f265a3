package org.unet4j.prep;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.unet4j.volume.LabelArray;

/**
 * Where the foreground is: for each class all its voxels, or {@value #MOST} of them spread evenly at random. They depend on
 * the labels only, so a training patch can be drawn around any of them without reading the labels.
 */
final class ForegroundLists {

    static final int MOST = 10_000;

    private final int[][] voxels;

    private ForegroundLists(int[][] voxels) {
        this.voxels = voxels;
    }

    /** Returns the lists of a case without labels: none. */
    static ForegroundLists none() {
        return new ForegroundLists(new int[0][]);
    }

    /** Returns the lists of classes 0 to {@code classes} - 1; that of background is empty. */
    static ForegroundLists of(LabelArray labels, int classes) {
        long[] counts = Arrays.copyOf(
                labels.counts(), classes); // as wide as this case's labels need, not as the plan's classes
        int[][] voxels = new int[classes][];
        SplittableRandom[] random = new SplittableRandom[classes];
        int[] next = new int[classes];
        for (int cls = 0; cls < classes; cls++) {
            voxels[cls] = new int[cls == 0 ? 0 : (int) Math.min(MOST, counts[cls])];
            random[cls] = new SplittableRandom(cls);
            next[cls] = draw(random[cls], 0, voxels[cls].length, counts[cls]);
        }
        int[] seen = new int[classes];
        int[] filled = new int[classes];
        for (int i = 0; i < labels.length(); i++) {
            int cls = labels.get(i);
            if (seen[cls]++ == next[cls]) {
                voxels[cls][filled[cls]++] = i;
                next[cls] = draw(random[cls], filled[cls], voxels[cls].length, counts[cls]);
            }
        }
        return new ForegroundLists(voxels);
    }

    /** Returns which voxel of a class to list in place {@code slot}: one of its share of the voxels; -1 past the last. */
    private static int draw(SplittableRandom random, int slot, int slots, long count) {
        if (slot == slots) {
            return -1;
        }
        int from = (int) (slot * count / slots);
        int to = (int) ((slot + 1L) * count / slots);
        return random.nextInt(from, to);
    }

    int[] of(int cls) {
        return voxels[cls];
    }

    int[] counts() {
        int[] counts = new int[voxels.length];
        for (int cls = 0; cls < counts.length; cls++) {
            counts[cls] = voxels[cls].length;
        }
        return counts;
    }
}
