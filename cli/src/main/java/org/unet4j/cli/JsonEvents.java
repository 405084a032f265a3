package org.unet4j.cli;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.unet4j.io.Json;
import org.unet4j.io.Progress;

/**
 * What {@code --json} prints to standard error: an object a line, whose {@code event} says what it is. Keys are added to it, and none
 * changes its meaning.
 */
final class JsonEvents {
    private JsonEvents() {}

    private record Text(String event, String text) {}

    private record Step(
            String event,
            String task,
            long done,
            long total,
            Optional<String> unit,
            Optional<String> detail,
            Optional<Double> perSecond,
            Optional<Double> secondsLeft,
            Optional<Map<String, Double>> values,
            Optional<Progress.Part> next) {}

    /** Returns something that a person may want to know. */
    static String note(String text) {
        return Json.line(new Text("note", text));
    }

    /** Returns something that is wrong. */
    static String error(String text) {
        return Json.line(new Text("error", text));
    }

    /** Returns how far work has come. */
    static String progress(Work work) {
        return Json.line(new Step(
                "progress",
                work.task(),
                work.done(),
                work.total(),
                word(work.unit()),
                word(work.detail()),
                number(work.perSecond()),
                number(work.secondsLeft()),
                Optional.of(work.values()).filter(values -> !values.isEmpty()),
                work.next()));
    }

    private static Optional<String> word(String text) {
        return Optional.of(text).filter(it -> !it.isEmpty());
    }

    private static Optional<Double> number(OptionalDouble value) {
        return value.isPresent() ? Optional.of(value.getAsDouble()) : Optional.empty();
    }
}
