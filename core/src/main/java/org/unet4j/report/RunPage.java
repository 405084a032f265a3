package org.unet4j.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.unet4j.eval.CaseScores;
import org.unet4j.eval.RunComparison;
import org.unet4j.view.EmbeddedViewer;

/**
 * One training, or several side by side, as one HTML page that needs nothing else: no network.
 *
 * @param runs at least one, of different names
 * @param failures of whole runs, and cases without a score
 * @param pictures some validation cases; left out from the end where the page would exceed {@link BenchmarkPage#MOST_BYTES}
 * @param volumes some of them to turn over; left out first
 */
public record RunPage(
        List<RunResult> runs, List<Failure> failures, List<CasePicture> pictures, List<EmbeddedViewer.Case> volumes) {

    private static final long SEED = 1;

    /** Copies the lists and checks that there is a run. */
    public RunPage {
        runs = List.copyOf(runs);
        failures = List.copyOf(failures);
        pictures = List.copyOf(pictures);
        volumes = List.copyOf(volumes);
        if (runs.isEmpty() || runs.stream().map(RunResult::name).distinct().count() < runs.size()) {
            throw new IllegalArgumentException("a page needs at least one run, and a name of its own for each, given "
                    + runs.stream().map(RunResult::name).toList());
        }
    }

    /**
     * Writes {@link #html()}; the file appears whole or not at all.
     *
     * @throws java.nio.file.FileAlreadyExistsException where something lies there that is no report of ours
     */
    public void write(Path file) throws IOException {
        Page.write(file, html());
    }

    /** Returns the page. */
    public String html() {
        Optional<RunComparison> comparison = comparison();
        RunTables tables = new RunTables(runs, comparison);
        SortedMap<Integer, String> names = classNames();
        List<Scored> scored = scored();
        List<Page.Section> before = List.of(FailureSection.of(failures, scored, names), accuracy(tables, names));
        List<Page.Section> after = new ArrayList<>(List.of(
                new RunCases(runs, scored).section(),
                curves(),
                new Page.Section("Time and memory", "", card(tables.cost()))));
        after.addAll(data());
        after.add(new Page.Section("How this was made", "", card(Page.facts(provenance()))));
        String title = runs.size() == 1
                ? runs.get(0).plan().dataset() + ": " + runs.get(0).network()
                : runs.size() + " trainings side by side";
        String finding = new RunSummary(runs, comparison).finding();
        return Page.within(volumes.size(), pictures.size(), (turned, drawn) -> {
            List<Page.Section> sections = new ArrayList<>(before);
            sections.add(PagePictures.section(
                    names,
                    pictures.subList(0, drawn),
                    "On the prepared grid; each slice is the one with the most reference in it."));
            sections.add(Page.volumes(volumes.subList(0, turned)));
            sections.addAll(after);
            return new Page("unet4j train", title, finding, tiles(), sections, drawn, turned);
        });
    }

    private static String card(String content) {
        return "<div class=\"card\">" + content + "</div>";
    }

    /** Returns the classes of all runs; the names of one that runs call differently stand side by side. */
    private SortedMap<Integer, String> classNames() {
        SortedMap<Integer, Set<String>> names = new TreeMap<>();
        runs.forEach(run -> run.classNames()
                .forEach((cls, name) ->
                        names.computeIfAbsent(cls, any -> new LinkedHashSet<>()).add(name)));
        SortedMap<Integer, String> joined = new TreeMap<>();
        names.forEach((cls, all) -> joined.put(cls, String.join(" / ", all)));
        return joined;
    }

    private List<Scored> scored() {
        return IntStream.range(0, runs.size())
                .filter(i -> runs.get(i).scores().isPresent())
                .mapToObj(i ->
                        Scored.of(runs.get(i).name(), i, runs.get(i).scores().orElseThrow()))
                .toList();
    }

    /** Returns the comparison of all runs that have scores with the first; empty where they were scored on different cases. */
    private Optional<RunComparison> comparison() {
        List<Scored> scored = scored();
        if (scored.size() < 2
                || scored.stream().map(RunPage::scoredOn).distinct().count() > 1) {
            return Optional.empty();
        }
        return Optional.of(RunComparison.of(
                scored.stream().map(Scored::name).toList(),
                scored.stream().map(Scored::scores).toList(),
                SEED));
    }

    /** Returns the cases and classes that were scored. */
    private static Object scoredOn(Scored scored) {
        CaseScores scores = scored.scores();
        return List.of(
                scores.cases().stream().map(one -> one.caseId()).sorted().toList(), List.copyOf(scores.classes()));
    }

    private static Page.Section accuracy(RunTables tables, SortedMap<Integer, String> names) {
        String table = tables.accuracy();
        if (table.isEmpty()) {
            return new Page.Section("Accuracy", "", "");
        }
        return new Page.Section(
                "Accuracy",
                "Last weights on the validation cases, by Dice at the plan's spacing, where the reference is resampled too. Intervals:"
                        + " percentile bootstrap over cases, 10 000 draws. `evaluate` scores predictions on the scans' own grids, by"
                        + " outlines too.",
                card(table) + card(tables.classes(names)));
    }

    private Page.Section curves() {
        List<LineChart.Curve> loss = new ArrayList<>();
        List<LineChart.Curve> dice = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            LineChart.Curve.of(runs.get(i).name(), i, true, runs.get(i).loss()).ifPresent(loss::add);
            LineChart.Curve.of(runs.get(i).name(), i, false, runs.get(i).dice()).ifPresent(dice::add);
        }
        return new CurveSection(runs.stream().map(RunResult::name).toList(), loss, dice).section();
    }

    /** Returns the plan and the data of all runs, or of each group of runs of one plan. */
    private List<Page.Section> data() {
        Map<String, List<RunResult>> byPlan = runs.stream()
                .collect(Collectors.groupingBy(run -> run.plan().hash(), LinkedHashMap::new, Collectors.toList()));
        List<Page.Section> sections = new ArrayList<>();
        byPlan.values().forEach(group -> {
            String of = byPlan.size() == 1
                    ? ""
                    : " of " + group.stream().map(RunResult::name).collect(Collectors.joining(", "));
            DataSection data = new DataSection(
                    group.get(0).plan(),
                    group.stream().flatMap(run -> run.fingerprint().stream()).findFirst());
            for (Page.Section section : List.of(data.planSection(), data.dataSection())) {
                sections.add(new Page.Section(section.title() + of, section.note(), section.content()));
            }
        });
        return sections;
    }

    private List<Page.Tile> tiles() {
        List<Page.Tile> tiles = new ArrayList<>();
        runs.stream()
                .filter(run -> run.scores().isPresent())
                .max(Comparator.comparingDouble(
                        run -> run.scores().orElseThrow().meanDice()))
                .ifPresent(best -> {
                    CaseScores scores = best.scores().orElseThrow();
                    tiles.add(new Page.Tile(
                            Numbers.dice(scores.meanDice()),
                            runs.size() == 1 ? "mean Dice of the last weights" : "mean Dice of " + best.name()));
                    tiles.add(new Page.Tile("" + scores.cases().size(), "validation cases"));
                });
        int steps = runs.stream().mapToInt(RunResult::step).max().orElseThrow();
        tiles.add(new Page.Tile(String.format(Locale.ROOT, "%,d", steps), "training steps"));
        double seconds = runs.stream()
                .mapToDouble(run -> run.end().map(RunResult.End::trainSeconds).orElse(0.0))
                .sum();
        if (seconds > 0) {
            tiles.add(new Page.Tile(
                    Numbers.duration(seconds), runs.size() == 1 ? "of training" : "of training, all runs together"));
        }
        return tiles;
    }

    /** Returns what all runs were made with; what differs, with the names of the runs. */
    private Map<String, String> provenance() {
        SortedMap<String, List<String>> values = new TreeMap<>();
        runs.forEach(run -> run.provenance().keySet().forEach(key -> values.put(key, List.of())));
        values.replaceAll((key, none) -> runs.stream()
                .map(run -> run.provenance().getOrDefault(key, "unknown"))
                .toList());
        Map<String, String> entries = new LinkedHashMap<>();
        values.forEach((key, ofRuns) -> entries.put(
                key,
                ofRuns.stream().distinct().count() == 1
                        ? ofRuns.get(0)
                        : IntStream.range(0, runs.size())
                                .mapToObj(i -> runs.get(i).name() + ": " + ofRuns.get(i))
                                .collect(Collectors.joining("; "))));
        return entries;
    }
}
