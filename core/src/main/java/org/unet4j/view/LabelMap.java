package org.unet4j.view;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.unet4j.volume.Labels;

/** A label map over a scan. */
public final class LabelMap {
    private final String name;
    private final Labels labels;
    private final SortedMap<Integer, String> classNames;
    private List<Description.LabelClass> classes = List.of();
    private boolean isCounted;

    /**
     * Makes a label map.
     *
     * @param name what it is called, such as the name of its file
     * @param labels one class a voxel, in the scan's order
     * @param classNames names of classes by number, copied; those that are missing are called after it
     */
    public LabelMap(String name, Labels labels, SortedMap<Integer, String> classNames) {
        this.name = name;
        this.labels = labels;
        this.classNames = Collections.unmodifiableSortedMap(new TreeMap<>(classNames));
    }

    /** Returns what it is called. */
    public String name() {
        return name;
    }

    /** Returns one class a voxel. */
    public Labels labels() {
        return labels;
    }

    /** Returns names of classes by number. */
    public SortedMap<Integer, String> classNames() {
        return classNames;
    }

    /** Returns each class that occurs, but the background, in order. Voxels are counted when that is first asked. */
    public synchronized List<Description.LabelClass> classes() {
        if (!isCounted) {
            classes = count();
            isCounted = true;
        }
        return classes;
    }

    private List<Description.LabelClass> count() {
        long[] counts = labels.counts();
        List<Description.LabelClass> found = new ArrayList<>();
        for (int cls = 1; cls < counts.length; cls++) {
            if (counts[cls] > 0) {
                found.add(new Description.LabelClass(
                        cls,
                        classNames.getOrDefault(cls, "class " + cls),
                        counts[cls],
                        counts[cls] * labels.grid().spacing().voxelMl()));
            }
        }
        return List.copyOf(found);
    }
}
