package org.unet4j.io;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntToDoubleFunction;
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

    private static final int CHUNK_VOXELS = 1 << 15;

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
        Tally tally = new Tally();
        if (isUnsignedBytes(volume)) {
            tally.add((byte[]) volume.array());
        } else {
            tally.add(volume::get, 0, volume.grid().shape().arrayLength());
        }
        return tally.values();
    }

    private static boolean isUnsignedBytes(Volume volume) {
        return volume.type() == VoxelType.UINT8 && volume.slope() == 1 && volume.intercept() == 0;
    }

    /** Returns what all voxels of a file are, taken while they stream by. */
    static LabelValues of(NiftiStream stream) throws IOException {
        NiftiHeader header = stream.header();
        VoxelType type = header.type();
        long count = header.dims().stream().reduce(1L, (a, b) -> a * b);
        Object chunk = type.newArray((int) Math.min(count, CHUNK_VOXELS));
        Tally tally = new Tally();
        for (long done = 0; done < count; done += CHUNK_VOXELS) {
            int length = (int) Math.min(count - done, CHUNK_VOXELS);
            stream.read(chunk, 0, length);
            tally.add(i -> type.get(chunk, i) * header.slope() + header.intercept(), done, length);
        }
        return tally.values();
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
                    + position(header) + ", is " + fraction + ": is it an image, or resampled as one?");
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

    private String position(NiftiHeader header) {
        return "(" + firstFractional % header.size(0) + ", " + firstFractional / header.size(0) % header.size(1) + ", "
                + firstFractional / header.size(0) / header.size(1) + ")";
    }

    /** What is known of the voxels so far. */
    private static final class Tally {
        private final long[] byLabel = new long[Labels.MAX_CLASSES];
        private long count;
        private long fractional;
        private long firstFractional = -1;
        private double fraction = Double.NaN;
        private long outside;
        private double lowest = Double.POSITIVE_INFINITY;
        private double highest = Double.NEGATIVE_INFINITY;

        /** Adds {@code length} voxels, the first of which has index {@code first} in the file. */
        void add(IntToDoubleFunction voxels, long first, int length) {
            count += length;
            for (int i = 0; i < length; i++) {
                double value = voxels.applyAsDouble(i);
                int label = label(value);
                if (label >= 0) {
                    byLabel[label]++;
                } else {
                    addOther(value, first + i);
                }
            }
        }

        void add(byte[] labels) {
            count += labels.length;
            for (byte label : labels) {
                byLabel[label & 0xff]++;
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
