package org.unet4j.ranks;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The variables of a process's environment. An empty one counts as missing. */
record Variables(Map<String, String> values) {

    /** Copies the values. */
    Variables {
        values = Map.copyOf(values);
    }

    boolean has(String name) {
        return find(name).isPresent();
    }

    /** Returns the first of {@code names} that is set. */
    Optional<String> find(String... names) {
        return Stream.of(names)
                .map(name -> values.getOrDefault(name, "").strip())
                .filter(value -> !value.isEmpty())
                .findFirst();
    }

    /** Returns the first of {@code names} that is set, as a number of at least 0. */
    Optional<Integer> findNumber(String... names) {
        return findLong(names).map(number -> (int) Math.min(number, Integer.MAX_VALUE));
    }

    /** Returns the first of {@code names} that is set, as a number of at least 0 that may be large. */
    Optional<Long> findLong(String... names) {
        for (String name : names) {
            Optional<String> value = find(name);
            if (value.isPresent()) {
                return Optional.of(number(name, value.get()));
            }
        }
        return Optional.empty();
    }

    private static long number(String name, String value) {
        if (!value.matches("\\d{1,10}")) {
            throw new IllegalArgumentException(name + "=" + value + " must be a whole number of at least 0");
        }
        return Long.parseLong(value);
    }
}
