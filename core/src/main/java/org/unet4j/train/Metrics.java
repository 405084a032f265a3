package org.unet4j.train;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.unet4j.io.Json;

/**
 * The curves of a run: what its {@code metrics.jsonl} holds.
 *
 * @param steps one entry a step
 * @param validations one entry a validation
 */
public record Metrics(List<Step> steps, List<Validation> validations) {

    private static final String VALIDATION_MARK = "\"meanDice\"";

    public Metrics {
        steps = List.copyOf(steps);
        validations = List.copyOf(validations);
    }

    /**
     * One optimizer step.
     *
     * @param step counted from 1
     * @param epoch how often every case was drawn before
     * @param seconds of training so far, without validation
     * @param loss mean over the batch
     * @param learningRate that the step used
     * @param gradientNorm before clipping
     * @param voxelsPerSecond patch voxels learned from a second, in this step
     * @param waitShare share of this step's time spent waiting for data
     * @param skipped whether the weights stayed: scaled gradients overflowed (fp16), or loss or gradient were not finite
     */
    public record Step(
            int step,
            int epoch,
            double seconds,
            double loss,
            double learningRate,
            double gradientNorm,
            double voxelsPerSecond,
            double waitShare,
            boolean skipped) {}

    /**
     * One validation.
     *
     * @param step after which it was
     * @param cases that were scored
     * @param dice mean over the cases for each foreground class
     * @param meanDice mean over the classes
     */
    public record Validation(int step, int cases, SortedMap<Integer, Double> dice, double meanDice) {}

    /**
     * Returns the validations that may be compared, as those on the fewest cases: the one at a run's end is on all cases held out,
     * and beside those on a few of them would look like a jump.
     */
    public List<Validation> comparable() {
        int few = validations.stream().mapToInt(Validation::cases).min().orElse(0);
        return validations.stream()
                .filter(validation -> validation.cases() == few)
                .toList();
    }

    /**
     * Returns the curves of the run whose {@code metrics.jsonl} this is.
     *
     * @throws IOException where a line is no entry, naming file and line
     */
    public static Metrics read(Path file) throws IOException {
        return parse(file, text(file));
    }

    /**
     * Returns the same of a run that may go on just now, or was killed: a last line that has no end yet is left out.
     *
     * @throws IOException where another line is no entry, naming file and line
     */
    public static Metrics readSoFar(Path file) throws IOException {
        String text = text(file);
        return parse(file, text.substring(0, text.lastIndexOf('\n') + 1));
    }

    private static String text(Path file) throws IOException {
        try {
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new IOException("[" + file + "] is no text in UTF-8: it is damaged", e);
        }
    }

    private static Metrics parse(Path file, String text) throws IOException {
        List<Step> steps = new ArrayList<>();
        List<Validation> validations = new ArrayList<>();
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            try {
                if (isValidation(line)) {
                    validations.add(Json.parse(file, line, Validation.class));
                } else {
                    steps.add(Json.parse(file, line, Step.class));
                }
            } catch (IOException e) {
                throw new IOException(
                        "[" + file + "] line " + (i + 1) + " is no entry of a run's curves: " + e.getMessage(), e);
            }
        }
        return new Metrics(steps, validations);
    }

    /** Returns whether a line of the file is a validation, and not a step. */
    static boolean isValidation(String line) {
        return line.contains(VALIDATION_MARK);
    }
}
