package org.unet4j.eval;

import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.unet4j.volume.Labels;

/** Voxels of each class in a prediction, in its reference, and in both at the same place: all that Dice needs. */
@SuppressWarnings("ArrayRecordComponent") // private to the package, made and read in one place
record Overlap(long[] predicted, long[] wanted, long[] both) {

    /** Returns the counts of one pair of the same shape, in one pass over the voxels. */
    static Overlap of(Labels prediction, Labels reference) {
        byte[] p = prediction.classes();
        byte[] r = reference.classes();
        Overlap counts =
                new Overlap(new long[Labels.MAX_CLASSES], new long[Labels.MAX_CLASSES], new long[Labels.MAX_CLASSES]);
        for (int i = 0; i < r.length; i++) {
            counts.predicted[p[i] & 0xff]++;
            counts.wanted[r[i] & 0xff]++;
            if (p[i] == r[i]) {
                counts.both[r[i] & 0xff]++;
            }
        }
        return counts;
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
            long sizes = predicted[cls] + wanted[cls];
            dice.put(cls, sizes == 0 ? 1 : 2.0 * both[cls] / sizes);
        }
        return dice;
    }
}
