package org.unet4j.io;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.unet4j.volume.LabelArray;
import org.unet4j.volume.Labels;

/**
 * What the values in somebody's label maps mean, and which numbers a network gets for them: 1, 2, ... in the order of the values, where values
 * of one name are one class. What is called background is 0.
 *
 * @param byValue the name of each value; 0 is background
 */
public record ClassNames(SortedMap<Integer, String> byValue) {

    private static final String BACKGROUND = "background";

    /** Checks that there is a class beside the background, which may be spelt in capitals. */
    public ClassNames {
        SortedMap<Integer, String> spelt = new TreeMap<>(byValue);
        spelt.replaceAll((value, name) -> name.equalsIgnoreCase(BACKGROUND) ? BACKGROUND : name);
        byValue = Collections.unmodifiableSortedMap(spelt);
        if (byValue.values().stream().allMatch(BACKGROUND::equals)) {
            throw new IllegalArgumentException("no class has a name beside background");
        }
        byValue.forEach((value, name) -> {
            if (name.isBlank()) {
                throw new IllegalArgumentException("the class of value " + value + " has no name");
            }
            if (value < 0 || value >= Labels.MAX_CLASSES || (value == 0 && !name.equals(BACKGROUND))) {
                throw new IllegalArgumentException(
                        value == 0
                                ? "value 0 is background, and cannot be " + name
                                : "value " + value + " of " + name + " must lie from 1 to " + (Labels.MAX_CLASSES - 1));
            }
        });
    }

    /**
     * Returns what a list says: {@code pancreas,tumour} for the values 1 and 2, {@code 205=muscle,420=aorta} for others.
     *
     * @throws IllegalArgumentException if it says nothing of the kind
     */
    public static ClassNames parse(String list) {
        SortedMap<Integer, String> names = new TreeMap<>();
        List<String> entries = List.of(list.split(",", -1));
        boolean numbered = list.contains("=");
        if (!numbered) {
            requireNoBackground(entries);
        }
        for (int i = 0; i < entries.size(); i++) {
            String entry = entries.get(i).strip();
            String value = numbered ? entry.replaceFirst("\\s*=.*", "") : String.valueOf(i + 1);
            if (!value.matches("[0-9]{1,5}") || (numbered && !entry.contains("="))) {
                throw new IllegalArgumentException("'" + entry + "' must be VALUE=NAME, such as 205=muscle");
            }
            String name = numbered ? entry.replaceFirst("[^=]*=\\s*", "") : entry;
            if (!numbered && names.containsValue(name)) {
                throw new IllegalArgumentException("'" + name
                        + "' is named twice; to make one class of two values write 1=" + name + ",2=" + name);
            }
            String before = names.put(Integer.parseInt(value), name);
            if (before != null) {
                throw new IllegalArgumentException("value " + value + " is named twice, " + before + " and " + name);
            }
        }
        return new ClassNames(names);
    }

    /** Whoever lists it, as nnU-Net does, means that the next name is that of value 1, and would get it for value 2. */
    private static void requireNoBackground(List<String> entries) {
        List<String> others = entries.stream()
                .map(String::strip)
                .filter(name -> !name.equalsIgnoreCase(BACKGROUND))
                .toList();
        if (others.size() < entries.size() && !others.isEmpty()) {
            throw new IllegalArgumentException("background is value 0, and is not listed: write "
                    + String.join(",", others) + " for the values 1, 2, ..., or VALUE=" + BACKGROUND
                    + " among VALUE=NAME where another value means nothing");
        }
    }

    /** Returns the names by the numbers that a network gets, from 0 without gaps. */
    SortedMap<Integer, String> classes() {
        SortedMap<Integer, String> classes = new TreeMap<>();
        List<String> names = names();
        for (int i = 0; i < names.size(); i++) {
            classes.put(i, names.get(i));
        }
        return classes;
    }

    private List<String> names() {
        List<String> names = new ArrayList<>(List.of(BACKGROUND));
        byValue.values().stream().filter(name -> !names.contains(name)).forEach(names::add);
        return names;
    }

    /** Returns whether a value has a name. */
    boolean has(int value) {
        return value == 0 || byValue.containsKey(value);
    }

    /** Returns whether values are the numbers already. */
    boolean areNumbers() {
        List<String> names = names();
        return byValue.entrySet().stream().allMatch(entry -> names.indexOf(entry.getValue()) == entry.getKey());
    }

    /** Returns the labels with the numbers of the classes in place of the values, each of which has a name. */
    Labels numbered(Labels values) {
        List<String> names = names();
        int[] numbers = new int[Math.max(1, byValue.lastKey() + 1)];
        byValue.forEach((value, name) -> numbers[value] = names.indexOf(name));
        LabelArray from = values.voxels();
        LabelArray to = LabelArray.background(from.length(), names.size());
        for (int i = 0; i < from.length(); i++) {
            to.set(i, numbers[from.get(i)]);
        }
        return new Labels(values.grid(), to);
    }
}
