package org.unet4j.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Collectors;

/**
 * Every case of trainings, as dots and in tables.
 *
 * @param runs at least one
 * @param scored those of them that have scores
 */
record RunCases(List<RunResult> runs, List<Scored> scored) {

    private static final int MOST_CHARACTERS = 4_000_000;

    /** What runs must share to be drawn in one chart: the same identifier of another dataset is another patient. */
    private record Chart(String dataset, SortedMap<Integer, String> classNames, List<Integer> classes) {}

    /** Returns the section; without content where no run has scores. */
    Page.Section section() {
        if (scored.isEmpty()) {
            return new Page.Section("Case by case", "", "");
        }
        Map<String, RunResult> byName = runs.stream().collect(Collectors.toMap(RunResult::name, run -> run));
        Map<Chart, List<Scored>> charts = new LinkedHashMap<>();
        for (Scored one : scored) {
            RunResult run = byName.get(one.name());
            Chart chart = new Chart(
                    run.plan().dataset(),
                    run.classNames(),
                    List.copyOf(one.scores().classes()));
            charts.computeIfAbsent(chart, any -> new ArrayList<>()).add(one);
        }
        StringBuilder html = new StringBuilder();
        charts.forEach((chart, its) -> {
            if (charts.size() > 1) {
                html.append("<p class=\"note\">"
                        + Markup.escape(its.stream().map(Scored::name).collect(Collectors.joining(", ")) + ", on "
                                + chart.dataset())
                        + "</p>");
            }
            html.append(new ScorePlots(its, chart.classNames(), ScorePlots.MOST_DOTS / charts.size()).html());
        });
        for (Scored one : scored) {
            html.append("<div class=\"card\"><details><summary>Every case of " + Markup.escape(one.name())
                    + ", worst first</summary>"
                    + RunTables.cases(byName.get(one.name()), MOST_CHARACTERS / scored.size()) + "</details></div>");
        }
        return new Page.Section(
                "Case by case",
                "Each dot is one case; the upright line is the mean over cases, the bar its 95 % interval. Point at a dot, or focus a"
                        + " chart and use the arrow keys, to see which case it is.",
                html.toString());
    }
}
