package org.unet4j.report;

import java.util.ArrayList;
import java.util.List;

/**
 * How runs learned.
 *
 * @param names of what has a colour, by its number
 * @param loss a curve for each run; may be empty
 * @param dice a curve for each run of Dice during training; may be empty
 */
record CurveSection(List<String> names, List<LineChart.Curve> loss, List<LineChart.Curve> dice) {

    Page.Section section() {
        if (loss.isEmpty()) {
            return new Page.Section("Training", "", "");
        }
        StringBuilder legend = new StringBuilder("<ul class=\"legend\" style=\"margin-top:12px\">");
        for (int i = 0; i < names.size(); i++) {
            legend.append("<li><span class=\"swatch c" + i % PageStyle.COLORS + "\"></span>"
                    + Markup.escape(names.get(i)) + "</li>");
        }
        List<String> charts = new ArrayList<>();
        charts.add(figure(
                new LineChart("Training loss by step", "step", "loss", loss),
                "On training patches: faint each step, bold a moving mean."));
        if (!dice.isEmpty()) {
            charts.add(figure(
                    new LineChart("Validation Dice by step", "step", "mean foreground Dice", dice),
                    "On a few held-out cases during training, at the plan's spacing."));
        }
        return new Page.Section(
                "Training",
                "Point at a curve, or focus it and use the arrow keys, for its values.",
                legend + "</ul><div class=\"two\">" + String.join("", charts) + "</div>");
    }

    private static String figure(LineChart chart, String caption) {
        return "<figure class=\"card\">" + chart.svg() + "<figcaption>" + caption + "</figcaption></figure>";
    }
}
