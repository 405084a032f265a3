package org.unet4j.io;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.unet4j.volume.LabelArray;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Volume;
import org.unet4j.volume.VoxelType;

/**
 * What the voxels of a file are as labels, after scaling.
 *
 * @param count all voxels
 * @param classes how many voxels have each whole number from 0 to 65535 that occurs
 * @param fractional how many voxels are no whole numbers, NaN and infinite ones included
 * @param firstFractional the index of the first of them; -1 where there is none
 * @param fraction the value of that one
 * @param outside how many voxels are whole numbers below 0 or above 65535
 * @param lowest the smallest of these; infinite where there is none
 * @param highest the largest of these
 */
record LabelValues(
        long count,
        SortedMap<Integer, Long> classes,
        long fractional,
        long firstFractional,
        double fraction,
        long outside,
        double lowest,
        double highest) {

    /** How far a label may lie from a whole number: label maps stored with a scale come back with rounding errors. */
    private static final double TOLERANCE = 1e-3;

    /** Returns the label that a voxel's value means, or -1 where it is no whole number from 0 to 65535. */
    static int label(double value) {
        double whole = Math.rint(value);
        boolean isLabel = whole >= 0 && whole < Labels.MAX_CLASSES && Math.abs(value - whole) <= TOLERANCE;
        return isLabel ? (int) whole : -1;
    }

    /** Is told of a voxel that is no label. */
    @FunctionalInterface
    interface Other {
        void at(int voxel) throws IOException;
    }

    /**
     * Returns the labels of a volume, as narrow as they are, 0 for each voxel that is none.
     *
     * @param other is told of these
     */
    static LabelArray labels(Volume volume, Other other) throws IOException {
        if (isUnsignedBytes(volume)) {
            return LabelArray.of((byte[]) volume.array());
        }
        int length = volume.grid().shape().arrayLength();
        LabelArray labels = LabelArray.background(length, LabelArray.NARROW_CLASSES);
        for (int i = 0; i < length; i++) {
            int label = label(volume.get(i));
            if (label >= LabelArray.NARROW_CLASSES && !labels.isWide()) {
                labels = widened(labels, i);
            }
            if (label < 0) {
                other.at(i);
            } else {
                labels.set(i, label);
            }
        }
        return labels;
    }

    private static LabelArray widened(LabelArray labels, int filled) {
        LabelArray wide = LabelArray.background(labels.length(), Labels.MAX_CLASSES);
        for (int i = 0; i < filled; i++) {
            wide.set(i, labels.get(i));
        }
        return wide;
    }

    /** Returns what the voxels of a volume are. */
    static LabelValues of(Volume volume) {
        Tally tally = new Tally(volume.type(), volume.slope(), volume.intercept());
        tally.take(volume.array(), 0, volume.grid().shape().arrayLength());
        return tally.values();
    }

    private static boolean isUnsignedBytes(Volume volume) {
        return isUnsignedBytes(volume.type(), volume.slope(), volume.intercept());
    }

    private static boolean isUnsignedBytes(VoxelType type, double slope, double intercept) {
        return type == VoxelType.UINT8 && slope == 1 && intercept == 0;
    }

    /** Returns whether every voxel is a whole number from 0 to 65535. */
    boolean areLabels() {
        return fractional == 0 && outside == 0;
    }

    /** Returns whether no voxel has a class beside background. */
    boolean isEmpty() {
        return areLabels() && classes.size() == 1 && classes.firstKey() == 0;
    }

    /** Returns what keeps the voxels from being labels; empty where nothing does. */
    List<String> problems(NiftiHeader header) {
        List<String> problems = new ArrayList<>();
        if (fractional > 0) {
            problems.add(fractional + " of " + count + " voxels are no whole numbers, the first, at (x, y, z) = "
                    + header.position(firstFractional) + ", is " + fraction + ": is it an image, or resampled as one?");
        }
        if (outside > 0) {
            problems.add(String.format(
                    Locale.ROOT,
                    "%d of %d voxels lie outside 0 to 65535, from %.0f to %.0f: is it an image?",
                    outside,
                    count,
                    lowest,
                    highest));
        }
        return problems;
    }

    /** What is known of the voxels so far. */
    static final class Tally implements VoxelSink {
        private final VoxelType type;
        private final double slope;
        private final double intercept;
        private final long[] byLabel = new long[Labels.MAX_CLASSES];
        private long count;
        private long fractional;
        private long firstFractional = -1;
        private double fraction = Double.NaN;
        private long outside;
        private double lowest = Double.POSITIVE_INFINITY;
        private double highest = Double.NEGATIVE_INFINITY;

        Tally(NiftiHeader header) {
            this(header.type(), header.slope(), header.intercept());
        }

        private Tally(VoxelType type, double slope, double intercept) {
            this.type = type;
            this.slope = slope;
            this.intercept = intercept;
        }

        @Override
        public void take(Object stored, int from, int length) {
            if (isUnsignedBytes(type, slope, intercept)) {
                LabelArray.count((byte[]) stored, from, from + length, byLabel);
            } else {
                add(stored, from, from + length);
            }
            count += length;
        }

        private void add(Object stored, int from, int to) {
            for (int i = from; i < to; i++) {
                double value = type.get(stored, i) * slope + intercept;
                int label = label(value);
                if (label >= 0) {
                    byLabel[label]++;
                } else {
                    addOther(value, count + i - from);
                }
            }
        }

        private void addOther(double value, long index) {
            if (Double.isFinite(value) && Math.abs(value - Math.rint(value)) <= TOLERANCE) {
                outside++;
                lowest = Math.min(lowest, value);
                highest = Math.max(highest, value);
                return;
            }
            if (fractional == 0) {
                firstFractional = index;
                fraction = value;
            }
            fractional++;
        }

        LabelValues values() {
            SortedMap<Integer, Long> classes = new TreeMap<>();
            for (int label = 0; label < byLabel.length; label++) {
                if (byLabel[label] > 0) {
                    classes.put(label, byLabel[label]);
                }
            }
            return new LabelValues(
                    count,
                    Collections.unmodifiableSortedMap(classes),
                    fractional,
                    firstFractional,
                    fraction,
                    outside,
                    lowest,
                    highest);
        }
    }
}
