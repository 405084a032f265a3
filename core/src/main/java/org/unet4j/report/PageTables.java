package org.unet4j.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.unet4j.eval.CaseScore;
import org.unet4j.report.HtmlTable.Cell;

/** The tables of a benchmark's page. */
final class PageTables {

    private static final int MOST_CHARACTERS = 2_000_000;

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
        HtmlTable table = new HtmlTable(
                "Dice by network",
                List.of("network", "mean Dice", "", "95 % interval", "sd over cases", "to baseline", "p (Holm)"));
        for (int i = 0; i < result.networks().size(); i++) {
            NetworkResult network = result.networks().get(i);
            NetworkResult.Mean mean = network.mean();
            List<Cell> cells = new ArrayList<>(List.of(
                    dice(mean.dice()).best(network.equals(result.best())),
                    Cell.drawing(forest(mean, scale, i)),
                    Cell.number(Numbers.interval(mean.ci95()), mean.ci95().get(0)),
                    result.caseCount() > 1 ? dice(mean.sd()) : Cell.none()));
            Optional<NetworkResult.Difference> difference = network.difference();
            cells.addAll(difference
                    .map(d -> List.of(
                            signed(d.dice(), d.ci95()),
                            Cell.number(Markup.escape(Numbers.probability(d.pHolm())), d.pHolm())))
                    .orElseGet(PageTables::baseline));
            table.row(name(i), cells);
        }
        return table.html();
    }

    private static List<Cell> baseline() {
        return List.of(Cell.number("baseline", 0), Cell.number("", Double.NaN));
    }

    private static Cell dice(double value) {
        return Cell.number(Numbers.dice(value), value);
    }

    private static Cell signed(double difference, List<Double> ci95) {
        return Cell.number(
                Numbers.signed(difference) + "<small>" + Numbers.signedInterval(ci95) + "</small>", difference);
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
        HtmlTable table = new HtmlTable(
                "Outlines and worst cases by network",
                List.of(
                        "network",
                        "NSD",
                        "NSD<br>to baseline",
                        "p (Holm)",
                        "HD95<br>mm",
                        "5th percentile<br>of Dice",
                        "cases<br>under 0.1"));
        for (int i = 0; i < result.networks().size(); i++) {
            NetworkResult network = result.networks().get(i);
            List<Cell> cells = new ArrayList<>(network.boundary()
                    .map(this::outlines)
                    .orElse(List.of(Cell.none(), Cell.none(), Cell.none(), Cell.none())));
            cells.add(dice(network.robustness().dice5thPercentile()));
            cells.add(Cell.number(
                    "" + network.robustness().casesUnderTenth(),
                    network.robustness().casesUnderTenth()));
            table.row(name(i), cells);
        }
        return table.html();
    }

    private List<Cell> outlines(NetworkResult.Boundary boundary) {
        List<Cell> cells = new ArrayList<>(List.of(Cell.number(
                Numbers.dice(boundary.nsd()) + "<small>" + Numbers.interval(boundary.nsdCi95()) + "</small>",
                boundary.nsd())));
        cells.addAll(boundary.difference()
                .map(d -> List.of(
                        signed(d.nsd(), d.ci95()),
                        Cell.number(Markup.escape(Numbers.probability(d.pHolm())), d.pHolm())))
                .orElse(List.of(Cell.none(), Cell.none())));
        cells.add(Cell.number(Numbers.mm(boundary.hd95Mm()), boundary.hd95Mm()));
        return cells;
    }

    /** Returns Dice by class, a column a network. */
    String classes() {
        HtmlTable table = new HtmlTable("Dice by class and network", header("class"));
        result.classNames().forEach((cls, className) -> {
            double best = result.networks().stream()
                    .mapToDouble(n -> n.classes().get(cls).dice().mean())
                    .max()
                    .orElseThrow();
            List<Cell> cells = new ArrayList<>();
            for (NetworkResult network : result.networks()) {
                NetworkResult.DiceResult dice = network.classes().get(cls).dice();
                String spread = result.caseCount() > 1 ? " \u00b1 " + Numbers.dice(dice.sd()) : "";
                cells.add(Cell.number(
                                Numbers.dice(dice.mean()) + spread + "<small>" + Numbers.interval(dice.ci95())
                                        + "</small>",
                                dice.mean())
                        .best(dice.mean() == best && result.networks().size() > 1));
            }
            table.row(Markup.escape(className), cells);
        });
        return table.html();
    }

    /** Returns what each network costs. */
    String cost() {
        HtmlTable table = new HtmlTable(
                "Time and memory by network",
                List.of(
                        "network",
                        "parameters",
                        "multiply-adds<br>a patch",
                        "training<br>one run",
                        "voxels<br>a second",
                        "waiting<br>for data",
                        "inference<br>a case",
                        "peak<br>memory"));
        for (int i = 0; i < result.networks().size(); i++) {
            NetworkResult network = result.networks().get(i);
            long memory =
                    network.peakDeviceBytes().orElse(network.peakMemoryBytes().orElse(0));
            table.row(
                    name(i),
                    List.of(
                            Cell.number(Numbers.count((double) network.parameters()), network.parameters()),
                            Cell.number(Numbers.count((double) network.multiplyAdds()), network.multiplyAdds()),
                            Cell.number(Numbers.duration(network.trainSeconds()), network.trainSeconds()),
                            Cell.number(Numbers.count(network.voxelsPerSecond()), network.voxelsPerSecond()),
                            Cell.number(Numbers.percent(network.waitShare()), network.waitShare()),
                            Cell.number(
                                    Numbers.duration(network.predictSecondsPerCase()), network.predictSecondsPerCase()),
                            Cell.number(BenchmarkTable.memory(network), memory)));
        }
        return table.html();
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
        HtmlTable table = new HtmlTable("Dice of every case by network", header("case")).atMost(MOST_CHARACTERS);
        for (int k : order) {
            table.row(
                    Markup.escape(first.get(k).caseId()),
                    networks.stream()
                            .map(network -> dice(network.cases().get(k).meanDice()))
                            .toList());
        }
        return table.html();
    }

    private List<String> header(String first) {
        List<String> header = new ArrayList<>(List.of(first));
        result.networks().forEach(network -> header.add(Markup.escape(network.name())));
        return header;
    }

    private String name(int i) {
        return named(i, result.networks().get(i).name());
    }

    /** Returns a name with the colour of its number. */
    static String named(int i, String name) {
        return "<span class=\"swatch c" + i % PageStyle.COLORS + "\"></span>" + Markup.escape(name);
    }
}
