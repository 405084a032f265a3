package org.unet4j.eval;

import java.util.Arrays;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.unet4j.volume.LabelArray;
import org.unet4j.volume.Labels;

/** Voxels of each class in a prediction, in its reference, and in both at the same place: all that Dice needs. */
@SuppressWarnings("ArrayRecordComponent") // private to the package, made and read in one place
record Overlap(long[] predicted, long[] wanted, long[] both) {

    /** Returns the counts of one pair of the same shape, in one pass over the voxels. */
    static Overlap of(LabelArray prediction, LabelArray reference) {
        int room = prediction.isWide() || reference.isWide() ? Labels.MAX_CLASSES : LabelArray.NARROW_CLASSES;
        long[] predicted = new long[room];
        long[] wanted = new long[room];
        long[] both = new long[room];
        for (int i = 0; i < reference.length(); i++) {
            int p = prediction.get(i);
            int r = reference.get(i);
            predicted[p]++;
            wanted[r]++;
            if (p == r) {
                both[r]++;
            }
        }
        int classes = Math.max(occurring(predicted), occurring(wanted)); // Counts of many cases are kept at once.
        return new Overlap(
                Arrays.copyOf(predicted, classes), Arrays.copyOf(wanted, classes), Arrays.copyOf(both, classes));
    }

    /** Returns one more than the highest class that occurs. */
    private static int occurring(long[] counts) {
        int classes = counts.length;
        while (classes > 0 && counts[classes - 1] == 0) {
            classes--;
        }
        return classes;
    }

    /** Returns how many voxels of the prediction are of class {@code cls}. */
    long predicted(int cls) {
        return at(predicted, cls);
    }

    /** Returns how many voxels of the reference are of class {@code cls}. */
    long wanted(int cls) {
        return at(wanted, cls);
    }

    /** Returns how many voxels are of class {@code cls} in both. */
    long both(int cls) {
        return at(both, cls);
    }

    private static long at(long[] counts, int cls) {
        return cls < counts.length ? counts[cls] : 0;
    }

    /** Returns the foreground classes that the reference holds. */
    SortedSet<Integer> referenceClasses() {
        SortedSet<Integer> classes = new TreeSet<>();
        for (int cls = 1; cls < wanted.length; cls++) {
            if (wanted[cls] > 0) {
                classes.add(cls);
            }
        }
        return classes;
    }

    /** Returns the foreground classes that the prediction or the reference holds. */
    SortedSet<Integer> classes() {
        SortedSet<Integer> classes = referenceClasses();
        for (int cls = 1; cls < predicted.length; cls++) {
            if (predicted[cls] > 0) {
                classes.add(cls);
            }
        }
        return classes;
    }

    /** Returns the Dice of each class; two empty masks score 1, exactly one empty scores 0. */
    SortedMap<Integer, Double> dice(Set<Integer> classes) {
        SortedMap<Integer, Double> dice = new TreeMap<>();
        for (int cls : classes) {
            long sizes = predicted(cls) + wanted(cls);
            dice.put(cls, sizes == 0 ? 1 : 2.0 * both(cls) / sizes);
        }
        return dice;
    }
}
