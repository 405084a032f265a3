package org.unet4j.cli;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.unet4j.model.Layout;
import org.unet4j.train.InitialWeightsEvent;
import org.unet4j.train.NotFiniteEvent;
import org.unet4j.train.RunStart;
import org.unet4j.train.StepEvent;
import org.unet4j.train.TrainListener;
import org.unet4j.train.ValidationEvent;

/** Shows a training: a bar with loss, Dice, steps a second and time left; a line for each validation. */
final class TrainingLines implements TrainListener {
    private static final double PERCENT = 100;

    private static final int MOST_NAMES = 10;

    private final Terminal terminal;
    private final String name;
    private OptionalDouble dice = OptionalDouble.empty();

    TrainingLines(Terminal terminal, String name) {
        this.terminal = terminal;
        this.name = name;
    }

    @Override
    public void started(RunStart start) {
        terminal.note("%s: %,d parameters, %d training and %d validation cases, %d steps%s"
                .formatted(
                        name,
                        start.parameters(),
                        start.trainingCases(),
                        start.validationCases(),
                        start.steps(),
                        start.firstStep() == 0 ? "" : ", going on after step " + start.firstStep()));
    }

    @Override
    public void layoutChosen(Layout layout, Map<Layout, Double> secondsAPart) {
        String trial = secondsAPart.entrySet().stream()
                .map(time -> "%s %.3f s".formatted(words(time.getKey()), time.getValue()))
                .collect(Collectors.joining(", "));
        terminal.note(name + ": features " + words(layout) + (trial.isEmpty() ? "" : "; part of a batch: " + trial));
    }

    @Override
    public void determinismCosts(double deterministicSeconds, double freeSeconds) {
        terminal.note("%s: --deterministic: part of a batch takes %.3f s in place of %.3f s (%+.0f %%)"
                .formatted(
                        name, deterministicSeconds, freeSeconds, PERCENT * (deterministicSeconds / freeSeconds - 1)));
    }

    private static String words(Layout layout) {
        return layout.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    @Override
    public void beganFrom(InitialWeightsEvent weights) {
        int left = weights.left().size();
        terminal.note("%s: begins from %d tensors of %s%s%s"
                .formatted(
                        name,
                        weights.taken(),
                        weights.source(),
                        weights.steps().map(steps -> " after step " + steps).orElse(""),
                        left == 0 ? "" : "; " + left + " do not fit:"));
        weights.left().stream().limit(MOST_NAMES).forEach(tensor -> terminal.note("  " + tensor));
        if (left > MOST_NAMES) {
            terminal.note("  and " + (left - MOST_NAMES) + " more");
        }
    }

    @Override
    public void recovered(String what) {
        terminal.note(name + ": " + what);
    }

    @Override
    public void notFinite(NotFiniteEvent event) {
        terminal.error("%s: step %d: the %s is not finite; it changes no weight. Cases %s: see %s"
                .formatted(
                        name,
                        event.step(),
                        Double.isFinite(event.loss()) ? "gradient" : "loss",
                        String.join(", ", event.cases()),
                        event.saved()));
    }

    @Override
    public void step(StepEvent step) {
        Map<String, Double> values = new LinkedHashMap<>(Map.of("loss", step.loss()));
        dice.ifPresent(value -> values.put("Dice", value));
        terminal.update(Work.of(name, step.step(), step.steps(), "steps")
                .withValues(values)
                .withRate(step.stepsPerSecond(), step.secondsLeft()));
    }

    @Override
    public void validating(int done, int total) {
        terminal.update(Work.of(name + ": validation", done, total, "cases"));
    }

    @Override
    public void validated(ValidationEvent validation) {
        dice = OptionalDouble.of(validation.meanDice());
        String classes = validation.dice().entrySet().stream()
                .map(entry -> String.format(Locale.ROOT, "%d: %.3f", entry.getKey(), entry.getValue()))
                .collect(Collectors.joining(", "));
        terminal.note(String.format(
                Locale.ROOT,
                "%s: step %d, Dice %.4f (%s) on %d cases%s",
                name,
                validation.step(),
                validation.meanDice(),
                classes,
                validation.cases(),
                best(validation)));
    }

    /** The last validation is of all cases, and earlier ones knew some of them only. */
    private static String best(ValidationEvent validation) {
        if (!validation.best()) {
            return "";
        }
        return validation.compared() == validation.cases()
                ? ", the best so far"
                : "; on the " + validation.compared() + " that were scored before, the best so far";
    }
}
