package org.unet4j.train;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.unet4j.io.Json;
import org.unet4j.track.Metric;
import org.unet4j.track.MetricSource;

/** A run's {@code metrics.jsonl}, read line by line while it is written, under the names that the curves have in TensorBoard. */
final class TrackedCurves implements MetricSource {

    /** Some 700 points; a line that is longer, for it has thousands of classes, is read as a whole. */
    private static final int BYTES = 1 << 15;

    private final Path file;
    private final InstantSource clock;
    private long position;

    TrackedCurves(Path file, InstantSource clock) {
        this.file = file;
        this.clock = clock;
    }

    @Override
    public List<Metric> next() throws IOException {
        List<Metric> metrics = new ArrayList<>();
        for (String line : lines()) {
            add(line, metrics);
        }
        return metrics;
    }

    /** Returns the next lines that are written to their end. */
    private List<String> lines() throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            for (int size = BYTES; ; size *= 2) {
                ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(size, Math.max(0, channel.size() - position)));
                int read = Math.max(0, channel.read(bytes, position));
                int end = read;
                while (end > 0 && bytes.get(end - 1) != '\n') {
                    end--;
                }
                position += end;
                if (end > 0 || read < size) {
                    return new String(bytes.array(), 0, end, StandardCharsets.UTF_8)
                            .lines()
                            .toList();
                }
            }
        }
    }

    private void add(String line, List<Metric> metrics) throws IOException {
        long now = clock.millis();
        if (Metrics.isValidation(line)) {
            Metrics.Validation validation = Json.parse(file, line, Metrics.Validation.class);
            metrics.add(new Metric("dice/mean", validation.meanDice(), now, validation.step()));
            validation
                    .dice()
                    .forEach((cls, dice) -> metrics.add(new Metric("dice/" + cls, dice, now, validation.step())));
        } else {
            Metrics.Step step = Json.parse(file, line, Metrics.Step.class);
            metrics.add(new Metric("loss", step.loss(), now, step.step()));
            metrics.add(new Metric("learningRate", step.learningRate(), now, step.step()));
            metrics.add(new Metric("gradientNorm", step.gradientNorm(), now, step.step()));
            metrics.add(new Metric("voxelsPerSecond", step.voxelsPerSecond(), now, step.step()));
            metrics.add(new Metric("waitShare", step.waitShare(), now, step.step()));
        }
    }
}
