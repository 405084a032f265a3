package org.unet4j.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.unet4j.eval.CaseScore;

/** The tables of a benchmark's page. */
final class PageTables {

    private final BenchmarkResult result;

    PageTables(BenchmarkResult result) {
        this.result = result;
    }

    /** Returns the accuracy of each network, with its interval drawn on a scale that all rows share. */
    String accuracy() {
        double low = 1;
        double high = 0;
        for (NetworkResult network : result.networks()) {
            low = Math.min(low, network.mean().ci95().get(0));
            high = Math.max(high, network.mean().ci95().get(1));
        }
        Axis scale = new Axis(low, high > low ? high : low + 1e-6, 8, 182, 1);
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < result.networks().size(); i++) {
            NetworkResult network = result.networks().get(i);
            NetworkResult.Mean mean = network.mean();
            String difference = network.difference()
                    .map(d -> "<td>" + Numbers.signed(d.dice()) + "<small>" + Numbers.signedInterval(d.ci95())
                            + "</small></td><td>" + Markup.escape(Numbers.probability(d.pHolm())) + "</td>")
                    .orElse("<td>baseline</td><td></td>");
            rows.append("<tr>" + name(i))
                    .append(network.equals(result.best()) ? "<td class=\"best\">" : "<td>")
                    .append(Numbers.dice(mean.dice()))
                    .append("</td><td>")
                    .append(forest(mean, scale, i))
                    .append("</td><td>")
                    .append(Numbers.interval(mean.ci95()))
                    .append("</td><td>")
                    .append(result.caseCount() > 1 ? Numbers.dice(mean.sd()) : "\u2013")
                    .append("</td>")
                    .append(difference)
                    .append("</tr>");
        }
        return table(
                List.of("network", "mean Dice", "", "95 % interval", "sd over cases", "to baseline", "p (Holm)"),
                rows.toString());
    }

    private static String forest(NetworkResult.Mean mean, Axis scale, int color) {
        return Markup.fill(
                "<svg class=\"forest c{c}\" viewBox=\"0 0 190 26\" aria-hidden=\"true\"><line x1=\"{a}\" x2=\"{b}\" y1=\"13\" y2=\"13\""
                        + " stroke=\"currentColor\" stroke-width=\"3\" stroke-linecap=\"round\" opacity=\".45\"/>"
                        + "<circle cx=\"{m}\" cy=\"13\" r=\"5.5\" fill=\"currentColor\"/></svg>",
                "c",
                "" + color % PageStyle.COLORS,
                "a",
                Markup.at(scale.at(mean.ci95().get(0))),
                "b",
                Markup.at(scale.at(mean.ci95().get(1))),
                "m",
                Markup.at(scale.at(mean.dice())));
    }

    /** Returns how well outlines fit and how bad the worst cases are. */
    String boundary() {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < result.networks().size(); i++) {
            NetworkResult network = result.networks().get(i);
            rows.append("<tr>" + name(i))
                    .append(network.boundary()
                            .map(b -> "<td>" + Numbers.dice(b.nsd()) + "<small>" + Numbers.interval(b.nsdCi95())
                                    + "</small></td><td>" + Numbers.mm(b.hd95Mm()) + "</td>")
                            .orElse("<td>\u2013</td><td>\u2013</td>"))
                    .append("<td>" + Numbers.dice(network.robustness().dice5thPercentile()))
                    .append("</td><td>" + network.robustness().casesUnderTenth() + "</td></tr>");
        }
        return table(
                List.of("network", "NSD", "HD95<br>mm", "5th percentile<br>of Dice", "cases<br>under 0.1"),
                rows.toString());
    }

    /** Returns Dice by class, a column a network. */
    String classes() {
        StringBuilder rows = new StringBuilder();
        result.classNames().forEach((cls, className) -> {
            rows.append("<tr><td>").append(Markup.escape(className)).append("</td>");
            double best = result.networks().stream()
                    .mapToDouble(n -> n.classes().get(cls).dice().mean())
                    .max()
                    .orElseThrow();
            for (NetworkResult network : result.networks()) {
                NetworkResult.DiceResult dice = network.classes().get(cls).dice();
                rows.append(dice.mean() == best && result.networks().size() > 1 ? "<td class=\"best\">" : "<td>")
                        .append(Numbers.dice(dice.mean()))
                        .append(result.caseCount() > 1 ? " \u00b1 " + Numbers.dice(dice.sd()) : "")
                        .append("<small>")
                        .append(Numbers.interval(dice.ci95()))
                        .append("</small></td>");
            }
            rows.append("</tr>");
        });
        return table(header("class"), rows.toString());
    }

    /** Returns what each network costs. */
    String cost() {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < result.networks().size(); i++) {
            NetworkResult network = result.networks().get(i);
            rows.append("<tr>" + name(i));
            for (String cell : List.of(
                    Numbers.count((double) network.parameters()),
                    Numbers.count((double) network.multiplyAdds()),
                    Numbers.duration(network.trainSeconds()),
                    Numbers.count(network.voxelsPerSecond()),
                    Numbers.percent(network.waitShare()),
                    Numbers.duration(network.predictSecondsPerCase()),
                    BenchmarkTable.memory(network))) {
                rows.append("<td>").append(cell).append("</td>");
            }
            rows.append("</tr>");
        }
        return table(
                List.of(
                        "network",
                        "parameters",
                        "multiply-adds<br>a patch",
                        "training<br>one run",
                        "voxels<br>a second",
                        "waiting<br>for data",
                        "inference<br>a case",
                        "peak<br>memory"),
                rows.toString());
    }

    /** Returns every case's Dice, worst first. */
    String cases() {
        List<NetworkResult> networks = result.networks();
        List<CaseScore> first = networks.get(0).cases();
        List<Integer> order = IntStream.range(0, first.size())
                .boxed()
                .sorted(Comparator.comparingDouble(k -> networks.stream()
                        .mapToDouble(n -> n.cases().get(k).meanDice())
                        .sum()))
                .toList();
        StringBuilder rows = new StringBuilder();
        for (int k : order) {
            rows.append("<tr><td>").append(Markup.escape(first.get(k).caseId())).append("</td>");
            for (NetworkResult network : networks) {
                rows.append("<td>")
                        .append(Numbers.dice(network.cases().get(k).meanDice()))
                        .append("</td>");
            }
            rows.append("</tr>");
        }
        return table(header("case"), rows.toString());
    }

    private List<String> header(String first) {
        List<String> header = new ArrayList<>(List.of(first));
        result.networks().forEach(network -> header.add(Markup.escape(network.name())));
        return header;
    }

    private String name(int i) {
        return "<td><span class=\"swatch c" + i % PageStyle.COLORS + "\"></span>"
                + Markup.escape(result.networks().get(i).name()) + "</td>";
    }

    private static String table(List<String> header, String rows) {
        StringBuilder table = new StringBuilder("<div class=\"scroll\"><table><thead><tr>");
        header.forEach(cell -> table.append("<th>").append(cell).append("</th>"));
        return table.append("</tr></thead><tbody>")
                .append(rows)
                .append("</tbody></table></div>")
                .toString();
    }
}
