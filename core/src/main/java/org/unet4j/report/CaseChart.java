package org.unet4j.report;

import java.util.List;
import org.unet4j.eval.CaseScore;

/** Every case's Dice as a dot, a row for each network, with the mean and its 95 % interval; as SVG. */
final class CaseChart {

    private static final int WIDTH = 760;
    private static final int LEFT = 150;
    private static final int RIGHT = 24;
    private static final int ROW = 54;
    private static final int BOTTOM = 46;
    private static final double GOLDEN = 0.6180339887498949;

    private final BenchmarkResult result;

    CaseChart(BenchmarkResult result) {
        this.result = result;
    }

    String svg() {
        List<NetworkResult> networks = result.networks();
        int height = ROW * networks.size() + BOTTOM + 6;
        double lowest = 1;
        double highest = 0;
        for (NetworkResult network : networks) {
            for (CaseScore score : network.cases()) {
                lowest = Math.min(lowest, score.meanDice());
                highest = Math.max(highest, score.meanDice());
            }
        }
        Axis x = Axis.round(lowest, highest, LEFT, WIDTH - RIGHT, 6);
        StringBuilder svg = new StringBuilder("<svg class=\"chart\" viewBox=\"0 0 " + WIDTH + " " + height
                + "\" role=\"img\" aria-label=\"Dice of every case by network\">");
        for (double tick : x.ticks()) {
            svg.append(Markup.fill(
                    "<line class=\"grid\" x1=\"{x}\" x2=\"{x}\" y1=\"6\" y2=\"{b}\"/>"
                            + "<text x=\"{x}\" y=\"{t}\" text-anchor=\"middle\">{v}</text>",
                    "x",
                    Markup.at(x.at(tick)),
                    "b",
                    "" + (height - BOTTOM),
                    "t",
                    "" + (height - BOTTOM + 19),
                    "v",
                    x.label(tick)));
        }
        for (int i = 0; i < networks.size(); i++) {
            row(svg, networks.get(i), i, x);
        }
        return svg.append(Markup.fill(
                        "<text class=\"name\" x=\"{x}\" y=\"{y}\" text-anchor=\"middle\">Dice of a case, mean over classes</text></svg>",
                        "x",
                        "" + (LEFT + (WIDTH - LEFT - RIGHT) / 2),
                        "y",
                        "" + (height - 8)))
                .toString();
    }

    private static void row(StringBuilder svg, NetworkResult network, int i, Axis x) {
        double middle = 6 + ROW * (i + 0.5);
        svg.append(Markup.fill(
                "<text class=\"name\" x=\"{x}\" y=\"{y}\" text-anchor=\"end\">{name}</text>",
                "x",
                "" + (LEFT - 16),
                "y",
                Markup.at(middle + 4),
                "name",
                Markup.escape(network.name())));
        for (int k = 0; k < network.cases().size(); k++) {
            CaseScore score = network.cases().get(k);
            double jitter = (k * GOLDEN % 1 - 0.5) * ROW * 0.56; // spreads dots evenly, the same on every page
            svg.append(Markup.fill(
                    "<circle class=\"dot c{c}\" cx=\"{x}\" cy=\"{y}\" r=\"3.4\"><title>{t}</title></circle>",
                    "c",
                    "" + i % PageStyle.COLORS,
                    "x",
                    Markup.at(x.at(score.meanDice())),
                    "y",
                    Markup.at(middle + jitter),
                    "t",
                    Markup.escape(score.caseId() + ": " + Numbers.dice(score.meanDice()))));
        }
        svg.append(Markup.fill(
                "<line class=\"interval\" x1=\"{a}\" x2=\"{b}\" y1=\"{y}\" y2=\"{y}\"/>"
                        + "<line class=\"mean\" x1=\"{m}\" x2=\"{m}\" y1=\"{t}\" y2=\"{u}\"/>",
                "a",
                Markup.at(x.at(network.mean().ci95().get(0))),
                "b",
                Markup.at(x.at(network.mean().ci95().get(1))),
                "m",
                Markup.at(x.at(network.mean().dice())),
                "y",
                Markup.at(middle),
                "t",
                Markup.at(middle - 13),
                "u",
                Markup.at(middle + 13)));
    }
}
