package org.unet4j.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.unet4j.eval.CaseScores;
import org.unet4j.eval.Metric;
import org.unet4j.eval.RunComparison;

/**
 * What trainings came to, in sentences.
 *
 * @param runs at least one
 * @param comparison of those that have scores, where they were scored on the same cases
 */
record RunSummary(List<RunResult> runs, Optional<RunComparison> comparison) {

    String finding() {
        return runs.size() == 1 ? one(runs.get(0)) : several();
    }

    private static String one(RunResult run) {
        List<String> sentences = new ArrayList<>();
        sentences.add(run.network() + " learned from "
                + (run.trainingCases() == 1 ? "one case" : run.trainingCases() + " cases") + " of "
                + run.plan().dataset() + " for " + count(run.step()) + " steps"
                + run.end()
                        .map(end -> ", in " + Numbers.duration(end.trainSeconds()))
                        .orElse("") + ".");
        if (run.end().isEmpty()) {
            sentences.add("It is not finished: there shall be " + count(run.steps()) + " steps.");
        } else if (run.scores().isEmpty()) {
            sentences.add("No case was held out, so there is no score.");
        } else {
            sentences.add(score(run, run.scores().get()));
            run.end()
                    .get()
                    .best()
                    .ifPresent(best -> sentences.add("The weights of step " + count(best.step())
                            + ", which validation picked, have " + Numbers.dice(best.dice())
                            + " on these very cases, which flatters them."));
        }
        return String.join(" ", sentences);
    }

    private static String score(RunResult run, CaseScores scores) {
        int cases = scores.cases().size();
        String classes = scores.classes().size() == 1
                ? ""
                : ": "
                        + scores.classes().stream()
                                .map(cls -> run.classNames().getOrDefault(cls, "class " + cls) + " "
                                        + Numbers.dice(
                                                scores.moments(Metric.DICE, cls).mean()))
                                .collect(Collectors.joining(", "));
        String interval = cases == 1
                ? ""
                : " (95 % interval "
                        + Numbers.interval(Scored.of(run.name(), 0, scores)
                                .row(Metric.DICE)
                                .ci95()) + ")";
        return "On " + cases(cases)
                + " that it did not learn from, its last weights have a mean foreground Dice of "
                + Numbers.dice(scores.meanDice()) + interval + classes + ".";
    }

    private String several() {
        List<RunResult> scored =
                runs.stream().filter(run -> run.scores().isPresent()).toList();
        String text = runs.size() + " runs side by side: "
                + runs.stream().map(RunResult::name).collect(Collectors.joining(", ")) + ".";
        if (scored.isEmpty()) {
            return text + " None has a score yet.";
        }
        if (comparison.isEmpty()) {
            return text
                    + (scored.size() == 1
                            ? " Only " + scored.get(0).name() + " has a score: a mean foreground Dice of "
                                    + Numbers.dice(
                                            scored.get(0).scores().orElseThrow().meanDice()) + "."
                            : " They were scored on different cases: their scores stand side by side and say nothing about"
                                    + " which is better.");
        }
        RunComparison.ByMetric dice = comparison.get().metrics().get(0);
        RunComparison.Run best = dice.runs().stream()
                .max(Comparator.comparingDouble(RunComparison.Run::mean))
                .orElseThrow();
        return text + " On the same " + cases(comparison.get().cases()) + ", " + best.name()
                + " has the highest mean Dice, " + Numbers.dice(best.mean()) + " (95 % interval "
                + Numbers.interval(best.ci95()) + "). " + chance(dice);
    }

    private static String chance(RunComparison.ByMetric dice) {
        String first = dice.runs().get(0).name();
        List<String> different = dice.runs().stream()
                .filter(run -> run.difference().filter(d -> d.pHolm() < 0.05).isPresent())
                .map(run -> run.name() + " ("
                        + Numbers.signed(run.difference().orElseThrow().mean()) + ")")
                .toList();
        return different.isEmpty()
                ? "Case by case, no run differs from " + first + " beyond chance."
                : "Case by case, beyond chance from " + first + " differ: " + String.join(", ", different) + ".";
    }

    private static String cases(int count) {
        return count == 1 ? "one validation case" : count + " validation cases";
    }

    private static String count(int number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
