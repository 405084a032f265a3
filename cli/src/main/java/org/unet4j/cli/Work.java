package org.unet4j.cli;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.unet4j.io.Progress;

/**
 * How far a long piece of work has come.
 *
 * @param task the work in a few words
 * @param done parts that are finished
 * @param total of all parts
 * @param unit what is counted, in the plural; {@value #BYTES} are shown in MB; empty where there is no word for it
 * @param detail more words, such as which part is next; may be empty
 * @param values numbers that belong to it, such as the loss
 * @param next the part that is worked on, where it is known how far that has come
 * @param perSecond finished in a second, where the work knows better than a clock that looks on
 * @param secondsLeft the same
 */
record Work(
        String task,
        long done,
        long total,
        String unit,
        String detail,
        Map<String, Double> values,
        Optional<Progress.Part> next,
        OptionalDouble perSecond,
        OptionalDouble secondsLeft) {

    static final String BYTES = "bytes";

    /** Makes one of which nothing more is known. */
    static Work of(String task, long done, long total, String unit) {
        return new Work(
                task,
                done,
                total,
                unit,
                "",
                Map.of(),
                Optional.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty());
    }

    Work withDetail(String words) {
        return new Work(task, done, total, unit, words, values, next, perSecond, secondsLeft);
    }

    Work withValues(Map<String, Double> numbers) {
        return new Work(task, done, total, unit, detail, numbers, next, perSecond, secondsLeft);
    }

    Work withNext(Progress.Part part) {
        return new Work(task, done, total, unit, detail, values, Optional.of(part), perSecond, secondsLeft);
    }

    /** Returns how many parts are finished, and what share of the next one is. */
    double finished() {
        return done + next.map(part -> (double) part.done() / part.total()).orElse(0.0);
    }

    /** Returns this with a rate; the time left follows from it unless it is known. */
    Work withRate(double rate) {
        return withRate(rate, (total - finished()) / rate);
    }

    Work withRate(double rate, double left) {
        return new Work(
                task, done, total, unit, detail, values, next, OptionalDouble.of(rate), OptionalDouble.of(left));
    }

    boolean isDone() {
        return done >= total;
    }
}
