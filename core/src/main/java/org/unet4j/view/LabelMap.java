package org.unet4j.view;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.unet4j.volume.Labels;

/**
 * A label map over a scan.
 *
 * @param name what it is called, such as the name of its file
 * @param labels one class a voxel, in the scan's order
 * @param classNames names of classes by number; those that are missing are called after it
 */
public record LabelMap(String name, Labels labels, SortedMap<Integer, String> classNames) {

    /** Copies the map. */
    public LabelMap {
        classNames = Collections.unmodifiableSortedMap(new TreeMap<>(classNames));
    }

    /** Returns each class that occurs, but the background, in order. */
    public List<Description.LabelClass> classes() {
        long[] counts = labels.counts();
        List<Description.LabelClass> classes = new ArrayList<>();
        for (int cls = 1; cls < counts.length; cls++) {
            if (counts[cls] > 0) {
                classes.add(new Description.LabelClass(
                        cls,
                        classNames.getOrDefault(cls, "class " + cls),
                        counts[cls],
                        counts[cls] * labels.grid().spacing().voxelMl()));
            }
        }
        return classes;
    }
}
