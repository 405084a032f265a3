package org.unet4j.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import org.unet4j.eval.CaseScore;
import org.unet4j.eval.ClassMeasures;
import org.unet4j.eval.Robustness;

/** What went wrong, the worst first: runs, then cases without a score, then classes that were missed. */
final class FailureSection {

    private static final int MOST_CHARACTERS = 1_000_000;

    private FailureSection() {}

    /** Returns the section; without content where nothing went wrong. */
    static Page.Section of(List<Failure> told, List<Scored> scored, SortedMap<Integer, String> classNames) {
        List<Failure> failures = new ArrayList<>(told);
        for (Scored one : scored) {
            for (CaseScore score : one.scores().cases()) {
                score.dice().forEach((cls, dice) -> {
                    if (dice < Robustness.FAILED) {
                        failures.add(Failure.ofClass(
                                one.name(),
                                score.caseId(),
                                classNames.getOrDefault(cls, "class " + cls),
                                dice,
                                why(score, cls, dice)));
                    }
                });
            }
        }
        if (failures.isEmpty()) {
            return new Page.Section("Failures", "", "");
        }
        failures.sort(
                Comparator.comparing((Failure failure) -> !failure.caseId().isEmpty())
                        .thenComparingDouble(failure -> failure.dice().orElse(-1)));
        return new Page.Section(
                "Failures",
                (failures.size() == 1 ? "One, " : failures.size() + ", ")
                        + "the worst first: runs that cannot be read or did not end well, cases without a score, and classes with a Dice under "
                        + Robustness.FAILED + ".",
                "<div class=\"card failures\">" + table(failures) + "</div>");
    }

    /** Returns why Dice is so low, as far as measures tell. */
    private static String why(CaseScore score, int cls, double dice) {
        if (dice > 0) {
            return "hardly overlaps the reference";
        }
        if (score.measures().isEmpty()) {
            return "nothing in common with the reference";
        }
        ClassMeasures measures = score.measures().get().get(cls);
        if (Double.isNaN(measures.precision())) {
            return "missed: nothing was predicted";
        }
        return Double.isNaN(measures.recall())
                ? "predicted where the reference has none"
                : "missed: what was predicted lies elsewhere";
    }

    private static String table(List<Failure> failures) {
        HtmlTable table = new HtmlTable("Failures, the worst first", List.of("run", "case", "class", "Dice", "what"))
                .atMost(MOST_CHARACTERS);
        for (Failure failure : failures) {
            table.row(
                    Markup.escape(failure.run()),
                    List.of(
                            HtmlTable.Cell.words(failure.caseId()),
                            HtmlTable.Cell.words(failure.className()),
                            failure.dice().isPresent()
                                    ? HtmlTable.Cell.number(
                                            Numbers.dice(failure.dice().getAsDouble()),
                                            failure.dice().getAsDouble())
                                    : HtmlTable.Cell.none(),
                            HtmlTable.Cell.words(failure.what())));
        }
        return table.html();
    }
}
