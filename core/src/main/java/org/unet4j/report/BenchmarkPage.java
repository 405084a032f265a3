package org.unet4j.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.unet4j.io.AtomicFile;

/**
 * A benchmark as one HTML page that needs nothing else: no network, no script.
 *
 * @param result what was found
 * @param loss a curve for each run, coloured by the network's number; may be empty
 * @param dice a curve for each run of Dice during training; may be empty
 * @param pictures some cases; left out from the end where the page would exceed {@link #MOST_BYTES}
 */
public record BenchmarkPage(
        BenchmarkResult result, List<LineChart.Curve> loss, List<LineChart.Curve> dice, List<CasePicture> pictures) {

    /** The most bytes that a page has. */
    public static final int MOST_BYTES = 15_000_000;

    /** Copies the lists. */
    public BenchmarkPage {
        loss = List.copyOf(loss);
        dice = List.copyOf(dice);
        pictures = List.copyOf(pictures);
    }

    /** Writes {@link #html()}; the file appears whole or not at all. */
    public void write(Path file) throws IOException {
        AtomicFile.write(file, out -> out.write(html().getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Returns the cases worth a look: the worst, the median and the best by the mean over all networks; fewer where there
     * are fewer cases.
     */
    public static List<Pick> picks(BenchmarkResult result) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < result.caseCount(); i++) {
            order.add(i);
        }
        order.sort(Comparator.comparingDouble(i -> result.networks().stream()
                .mapToDouble(n -> n.cases().get(i).meanDice())
                .sum()));
        List<Pick> picks = new ArrayList<>();
        int last = order.size() - 1;
        picks.add(new Pick(order.get(0), last == 0 ? "the case" : "worst"));
        if (last > 1) {
            picks.add(new Pick(order.get(order.size() / 2), "median"));
        }
        if (last > 0) {
            picks.add(new Pick(order.get(last), "best"));
        }
        return picks;
    }

    /**
     * A case worth a look.
     *
     * @param index its place in {@link NetworkResult#cases()}
     * @param role why
     */
    public record Pick(int index, String role) {}

    /** Returns the page. */
    public String html() {
        for (int shown = pictures.size(); shown > 0; shown--) {
            String html = html(pictures.subList(0, shown));
            if (html.getBytes(StandardCharsets.UTF_8).length <= MOST_BYTES) {
                return html;
            }
        }
        return html(List.of());
    }

    private String html(List<CasePicture> shown) {
        Summary summary = new Summary(result);
        PageTables tables = new PageTables(result);
        StringBuilder body = new StringBuilder();
        section(body, "Accuracy", summary.method(), "<div class=\"card\">" + tables.accuracy() + "</div>");
        body.append("<div class=\"card\">").append(tables.classes()).append("</div>");
        body.append("<div class=\"card\">").append(tables.boundary()).append("</div>");
        body.append("<p class=\"note\" style=\"margin-top:10px\">")
                .append(rules())
                .append("</p>");
        if (!shown.isEmpty()) {
            section(
                    body,
                    "What it looks like",
                    "Filled: the reference. Lines: what each network drew, with its Dice on the whole case. "
                            + "Each slice is the one with the most reference in it.",
                    new PagePictures(result.classNames(), shown).html());
        }
        section(
                body,
                "Case by case",
                "Each dot is one case; the upright line is the mean over cases, the bar its 95 % interval.",
                "<div class=\"card\">" + new CaseChart(result).svg() + "<details><summary>All "
                        + Summary.cases(result.caseCount()) + ", worst first</summary>" + tables.cases()
                        + "</details></div>");
        if (!loss.isEmpty()) {
            section(body, "Training", "", curves());
        }
        section(body, "Cost", summary.cost(), "<div class=\"card\">" + tables.cost() + "</div>");
        section(body, "How this was made", "", "<div class=\"card\">" + provenance() + "</div>");
        return Markup.fill(
                """
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="generator" content="unet4j">
                <link rel="icon" href="data:,">
                <title>{dataset}: 3D U-Nets compared</title>
                <style>
                {css}</style>
                </head>
                <body>
                <header><p class="mark">unet4j benchmark</p><h1>{dataset}</h1><p class="lead">{finding}</p>{tiles}</header>
                <main>{body}</main>
                <footer>For research. Not a medical device: do not use for diagnosis.</footer>
                </body>
                </html>
                """,
                "css",
                PageStyle.CSS,
                "tiles",
                tiles(),
                "finding",
                Markup.escape(summary.finding()),
                "dataset",
                Markup.escape(result.dataset()),
                "body",
                body.toString());
    }

    private static void section(StringBuilder body, String title, String text, String content) {
        body.append("<section><h2>").append(Markup.escape(title)).append("</h2>");
        if (!text.isEmpty()) {
            body.append("<p class=\"note\">").append(Markup.escape(text)).append("</p>");
        }
        body.append(content).append("</section>");
    }

    private String tiles() {
        StringBuilder tiles = new StringBuilder("<div class=\"tiles\">");
        tile(
                tiles,
                Numbers.dice(result.best().mean().dice()),
                "mean Dice of " + result.best().name());
        tile(tiles, Integer.toString(result.caseCount()), result.fold() + ", cases scored");
        tile(tiles, String.format(Locale.ROOT, "%,d", result.steps()), "training steps a run");
        double seconds = result.networks().stream()
                .mapToDouble(n -> n.trainSeconds() * result.seeds())
                .sum();
        tile(tiles, Numbers.duration(seconds), "of training, all runs together");
        return tiles.append("</div>").toString();
    }

    private static void tile(StringBuilder tiles, String number, String text) {
        tiles.append("<div class=\"tile\"><b>" + Markup.escape(number) + "</b><span>" + Markup.escape(text)
                + "</span></div>");
    }

    private String rules() {
        String over = result.seeds() == 1 ? "over cases" : "over cases and seeds";
        return Markup.escape(
                "Dice is 2|A \u2229 B| / (|A| + |B|); two empty masks agree and score 1, exactly one empty scores 0."
                        + " Means are over foreground classes of the means over cases. Intervals: percentile bootstrap "
                        + over
                        + ", 10 000 draws. p: Wilcoxon's signed-rank test on the cases' differences to "
                        + result.baseline()
                        + ", two-sided, corrected after Holm. "
                        + String.join(" ", result.boundaryNotes())
                        + " HD95: 95th percentile of the distances between surfaces. Surfaces are weighed by area. Fifth percentile and"
                        + " cases under 0.1: of the cases' means over classes.");
    }

    private String curves() {
        StringBuilder html = new StringBuilder("<ul class=\"legend\" style=\"margin-top:12px\">");
        for (int i = 0; i < result.networks().size(); i++) {
            html.append("<li><span class=\"swatch c" + i % PageStyle.COLORS + "\"></span>")
                    .append(Markup.escape(result.networks().get(i).name()))
                    .append("</li>");
        }
        html.append("</ul><div class=\"two\"><figure class=\"card\">")
                .append(new LineChart("Training loss by step", "step", "loss", loss).svg())
                .append("<figcaption>On training patches: faint each step, bold a moving mean.</figcaption></figure>");
        if (!dice.isEmpty()) {
            html.append("<figure class=\"card\">")
                    .append(new LineChart("Validation Dice by step", "step", "mean foreground Dice", dice).svg())
                    .append(
                            "<figcaption>On a few held-out cases during training, at the plan's spacing.</figcaption></figure>");
        }
        return html.append("</div>").toString();
    }

    private String provenance() {
        StringBuilder list = new StringBuilder("<dl>");
        entry(list, "plan", result.plan());
        entry(
                list,
                "seeds",
                result.seed() + (result.seeds() == 1 ? "" : " to " + (result.seed() + result.seeds() - 1)));
        result.provenance().forEach((key, value) -> entry(list, key, value));
        return list.append("</dl>").toString();
    }

    private static void entry(StringBuilder list, String key, String value) {
        list.append("<dt>" + Markup.escape(key) + "</dt><dd>" + Markup.escape(value) + "</dd>");
    }
}
