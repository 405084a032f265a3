package org.unet4j.track;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is known of a run when it begins.
 *
 * @param experiment the name of the experiment that it belongs to
 * @param name for people
 * @param parameters what was chosen; a run keeps what it was first told
 * @param tags what may change
 */
public record RunDescription(
        String experiment, String name, SortedMap<String, String> parameters, SortedMap<String, String> tags) {

    /** The longest name of a parameter, metric or tag that servers take. */
    private static final int LONGEST_KEY = 250;

    /** The longest value of a parameter that servers of MLflow 1 take; those from 2.8 on take 6000 characters. */
    private static final int LONGEST_PARAMETER = 250;

    /** The longest value of a tag that servers before MLflow 2.14 take. */
    private static final int LONGEST_TAG = 5000;

    /** Cuts what is longer than servers take, and replaces what they do not allow in a name. */
    public RunDescription {
        if (experiment.isBlank() || name.isBlank()) {
            throw new IllegalArgumentException("experiment and run need a name");
        }
        parameters = allowed(parameters, LONGEST_PARAMETER);
        tags = allowed(tags, LONGEST_TAG);
    }

    /** Returns {@code key} as a server takes it: letters, digits, {@code _-./} and spaces. */
    static String key(String key) {
        String allowed = key.replaceAll("[^A-Za-z0-9_./ -]", "_");
        return allowed.substring(0, Math.min(LONGEST_KEY, allowed.length()));
    }

    private static SortedMap<String, String> allowed(Map<String, String> entries, int longest) {
        TreeMap<String, String> allowed = new TreeMap<>();
        entries.forEach((key, value) -> allowed.put(key(key), value.substring(0, Math.min(longest, value.length()))));
        return Collections.unmodifiableSortedMap(allowed);
    }
}
