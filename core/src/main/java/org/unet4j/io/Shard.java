package org.unet4j.io;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * One of {@code count} shares of a list, for processes that divide work and never talk to each other: every {@code count}-th
 * element, beginning with the {@code index}-th.
 *
 * @param index from 1 to {@code count}
 * @param count how many shares there are, at least 1
 */
public record Shard(int index, int count) {

    /** The only share: everything. */
    public static final Shard WHOLE = new Shard(1, 1);

    private static final Pattern TEXT = Pattern.compile("(\\d{1,9})/(\\d{1,9})");

    public Shard {
        if (index < 1 || index > count) {
            throw new IllegalArgumentException("shard " + index + "/" + count + " does not exist: i/n has i from 1 to n"
                    + (index == 0 ? "; add 1 where a scheduler counts from 0" : ""));
        }
    }

    /** Returns the shard that {@code text} names, such as {@code 2/8}. */
    public static Shard parse(String text) {
        Matcher numbers = TEXT.matcher(text);
        if (!numbers.matches()) {
            throw new IllegalArgumentException(
                    "shard '" + text + "' must be two numbers i/n with i from 1 to n, such as 2/8");
        }
        return new Shard(Integer.parseInt(numbers.group(1)), Integer.parseInt(numbers.group(2)));
    }

    /** Returns this share of {@code all}, which every process must have in the same order; empty where there are too few. */
    public <T> List<T> of(List<T> all) {
        return IntStream.range(0, all.size())
                .filter(i -> i % count == index - 1)
                .mapToObj(all::get)
                .toList();
    }

    @Override
    public String toString() {
        return index + "/" + count;
    }
}
