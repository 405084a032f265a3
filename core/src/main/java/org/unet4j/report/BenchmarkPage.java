package org.unet4j.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.unet4j.eval.CaseScores;
import org.unet4j.prep.Fingerprint;
import org.unet4j.prep.Plan;
import org.unet4j.view.EmbeddedViewer;

/**
 * A benchmark as one HTML page that needs nothing else: no network.
 *
 * @param result what was found
 * @param extras what lies in the benchmark's folder beside it
 */
public record BenchmarkPage(BenchmarkResult result, Extras extras) {

    /** The most bytes that a page has. */
    public static final int MOST_BYTES = Page.MOST_BYTES;

    /**
     * What a page shows beside results; any of it may be missing.
     *
     * @param loss a curve for each run, coloured by the network's number
     * @param dice a curve for each run of Dice during training
     * @param pictures some cases; left out from the end where the page would exceed {@link #MOST_BYTES}
     * @param volumes some of them to turn over; left out first
     * @param failures of whole runs, and cases without a score
     * @param plan that the scans were prepared by
     * @param fingerprint of the dataset
     */
    public record Extras(
            List<LineChart.Curve> loss,
            List<LineChart.Curve> dice,
            List<CasePicture> pictures,
            List<EmbeddedViewer.Case> volumes,
            List<Failure> failures,
            Optional<Plan> plan,
            Optional<Fingerprint> fingerprint) {

        /** Nothing. */
        public static final Extras NONE =
                new Extras(List.of(), List.of(), List.of(), List.of(), List.of(), Optional.empty(), Optional.empty());

        /** Copies the lists. */
        public Extras {
            loss = List.copyOf(loss);
            dice = List.copyOf(dice);
            pictures = List.copyOf(pictures);
            volumes = List.copyOf(volumes);
            failures = List.copyOf(failures);
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

    /** Returns the cases worth a look by identifier, and why: see {@link Picks#ofEach}. */
    public static Map<String, String> picks(BenchmarkResult result) {
        Map<String, CaseScores> scores = new LinkedHashMap<>();
        result.networks().forEach(network -> scores.put(network.name(), new CaseScores(network.cases())));
        return Picks.ofEach(scores);
    }

    /** Returns the page. */
    public String html() {
        Summary summary = new Summary(result);
        PageTables tables = new PageTables(result);
        List<Scored> scored = Scored.of(result);
        List<Page.Section> before = new ArrayList<>();
        before.add(FailureSection.of(extras.failures(), scored, result.classNames()));
        before.add(new Page.Section(
                "Accuracy",
                summary.method(),
                card(tables.accuracy()) + card(tables.classes()) + card(tables.boundary())
                        + "<p class=\"note\" style=\"margin-top:10px\">" + rules() + "</p>"));
        List<Page.Section> after = after(summary, tables, scored);
        return Page.within(extras.volumes().size(), extras.pictures().size(), (volumes, pictures) -> {
            List<Page.Section> sections = new ArrayList<>(before);
            sections.add(PagePictures.section(
                    result.classNames(),
                    extras.pictures().subList(0, pictures),
                    "Each slice is the one with the most reference in it."));
            sections.add(Page.volumes(extras.volumes().subList(0, volumes)));
            sections.addAll(after);
            return new Page(
                    "unet4j benchmark",
                    result.dataset() + ": 3D U-Nets compared",
                    summary.finding(),
                    tiles(),
                    sections,
                    pictures,
                    volumes);
        });
    }

    private List<Page.Section> after(Summary summary, PageTables tables, List<Scored> scored) {
        List<Page.Section> after = new ArrayList<>();
        after.add(new Page.Section(
                "Case by case",
                "Each dot is one case; the upright line is the mean over cases, the bar its 95 % interval. Point at a dot, or focus a"
                        + " chart and use the arrow keys, to see which case it is, in all rows.",
                new ScorePlots(scored, result.classNames(), ScorePlots.MOST_DOTS).html()
                        + "<div class=\"card\"><details><summary>All " + Summary.cases(result.caseCount())
                        + ", worst first</summary>" + tables.cases() + "</details></div>"));
        after.add(new CurveSection(
                        result.networks().stream().map(NetworkResult::name).toList(), extras.loss(), extras.dice())
                .section());
        after.add(new Page.Section("Time and memory", summary.cost(), card(tables.cost())));
        extras.plan().ifPresent(plan -> {
            DataSection data = new DataSection(plan, extras.fingerprint());
            after.add(data.planSection());
            after.add(data.dataSection());
        });
        after.add(new Page.Section("How this was made", "", card(Page.facts(provenance()))));
        return after;
    }

    private static String card(String content) {
        return "<div class=\"card\">" + content + "</div>";
    }

    private List<Page.Tile> tiles() {
        double seconds = result.networks().stream()
                .mapToDouble(n -> n.trainSeconds() * result.seeds())
                .sum();
        return List.of(
                new Page.Tile(
                        Numbers.dice(result.best().mean().dice()),
                        "mean Dice of " + result.best().name()),
                new Page.Tile(Integer.toString(result.caseCount()), result.fold() + ", cases scored"),
                new Page.Tile(String.format(Locale.ROOT, "%,d", result.steps()), "training steps a run"),
                new Page.Tile(Numbers.duration(seconds), "of training, all runs together"));
    }

    private String rules() {
        String over = result.seeds() == 1 ? "over cases" : "over cases and seeds";
        return Markup.escape(
                "Dice is 2|A \u2229 B| / (|A| + |B|); two empty masks agree and score 1, exactly one empty scores 0."
                        + " Means are over foreground classes of the means over cases. Intervals: percentile bootstrap "
                        + over
                        + ", 10 000 draws; those of one class's NSD over cases only. p: Wilcoxon's signed-rank test on the cases'"
                        + " differences to "
                        + result.baseline()
                        + ", two-sided, corrected after Holm. "
                        + String.join(" ", result.boundaryNotes())
                        + " HD95: 95th percentile of the distances between surfaces. Surfaces are weighed by area. Fifth percentile and"
                        + " cases under 0.1: of the cases' means over classes.");
    }

    private Map<String, String> provenance() {
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put("plan", result.plan());
        entries.put(
                "seeds", result.seed() + (result.seeds() == 1 ? "" : " to " + (result.seed() + result.seeds() - 1)));
        entries.putAll(result.provenance());
        return entries;
    }
}
