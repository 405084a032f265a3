package org.unet4j.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.unet4j.prep.Channel;
import org.unet4j.prep.Fingerprint;
import org.unet4j.prep.IntensitySpread;
import org.unet4j.prep.Normalization;
import org.unet4j.prep.Plan;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;

/**
 * What networks learned from and how it was prepared.
 *
 * @param plan how
 * @param fingerprint of the labelled cases, where it was kept
 */
record DataSection(Plan plan, Optional<Fingerprint> fingerprint) {

    private static final List<String> AXES = List.of("slices (z)", "rows (y)", "columns (x)");
    private static final int MOST_CLASSES = 12;

    /** Returns the section of the plan. */
    Page.Section planSection() {
        return new Page.Section(
                "The plan",
                "How every scan is prepared and how large patches and networks are: derived from the dataset by nnU-Net's rules,"
                        + " or edited by a person. Sizes are in z, y, x.",
                "<div class=\"card\">" + Page.facts(planFacts()) + "</div>");
    }

    private Map<String, String> planFacts() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("plan", plan.hash() + ", budget " + plan.budget().name().toLowerCase(Locale.ROOT));
        facts.put(
                "classes",
                plan.classes().entrySet().stream()
                        .map(e -> e.getKey() + " " + e.getValue())
                        .collect(Collectors.joining(", ")));
        for (Channel channel : plan.channels()) {
            facts.put("channel " + channel.name(), normalization(channel.normalization()));
        }
        facts.put("crop", plan.crop().name().toLowerCase(Locale.ROOT));
        facts.put("spacing", spacing(plan.spacing()) + " mm");
        facts.put("median size", size(plan.medianShape()) + " voxels at that spacing");
        facts.put("patch", size(plan.patch()) + " voxels, " + patchMm() + " mm");
        facts.put("batch", plan.batch() + " patches a step");
        facts.put(
                "network",
                plan.topology().stages() + " stages, features "
                        + plan.topology().features().stream()
                                .map(String::valueOf)
                                .collect(Collectors.joining(", "))
                        + ", strides "
                        + plan.topology().strides().stream()
                                .map(DataSection::size)
                                .collect(Collectors.joining(", ")));
        return facts;
    }

    private static String normalization(Normalization normalization) {
        return normalization instanceof Normalization.CtWindow ct
                ? "clipped to " + Histogram.number(ct.lower()) + " to " + Histogram.number(ct.upper()) + ", mean "
                        + Histogram.number(ct.mean()) + " and standard deviation " + Histogram.number(ct.sd())
                        + " of the foreground"
                : "mean and standard deviation of each scan";
    }

    private String patchMm() {
        List<String> sides = new ArrayList<>();
        for (int axis = 0; axis < Shape.AXES; axis++) {
            sides.add(String.valueOf(
                    Math.round(plan.patch().get(axis) * plan.spacing().get(axis))));
        }
        return String.join(" \u00d7 ", sides);
    }

    private static String size(Shape shape) {
        return shape.z() + " \u00d7 " + shape.y() + " \u00d7 " + shape.x();
    }

    private static String spacing(Spacing spacing) {
        return Histogram.number(spacing.z()) + " \u00d7 " + Histogram.number(spacing.y()) + " \u00d7 "
                + Histogram.number(spacing.x());
    }

    /** Returns the section of the data; without content where no fingerprint was kept. */
    Page.Section dataSection() {
        return new Page.Section(
                "The data",
                fingerprint
                        .map(found -> "The fingerprint of "
                                + (found.cases().size() == 1
                                        ? "the one labelled case"
                                        : "all " + found.cases().size() + " labelled cases")
                                + " of " + found.dataset()
                                + ", which the plan is derived from. Dashed: the plan's own spacing.")
                        .orElse(""),
                fingerprint.map(this::charts).orElse(""));
    }

    private String charts(Fingerprint found) {
        List<Fingerprint.CaseSize> cases = found.cases();
        List<Histogram> spacings = new ArrayList<>();
        List<Histogram> sizes = new ArrayList<>();
        for (int axis = 0; axis < Shape.AXES; axis++) {
            int at = axis;
            spacings.add(Histogram.of(
                    "Spacing of " + AXES.get(axis),
                    "mm",
                    cases.stream().mapToDouble(one -> one.spacing().get(at)).toArray(),
                    Optional.of(plan.spacing().get(axis))));
            sizes.add(Histogram.of(
                    "Number of " + AXES.get(axis),
                    "",
                    cases.stream().mapToDouble(one -> one.shape().get(at)).toArray(),
                    Optional.empty()));
        }
        return card("Spacing", spacings)
                + card("Size after cropping", sizes)
                + card("Intensities of the foreground, every case weighing the same", intensities(found))
                + card("Volume of each class, where it occurs", volumes(cases));
    }

    private static String card(String title, List<Histogram> histograms) {
        return histograms.isEmpty()
                ? ""
                : "<div class=\"card\"><h3>" + Markup.escape(title) + "</h3><div class=\"charts\">"
                        + histograms.stream().map(Histogram::figure).collect(Collectors.joining())
                        + "</div></div>";
    }

    private List<Histogram> intensities(Fingerprint found) {
        List<Histogram> charts = new ArrayList<>();
        List<IntensitySpread> spreads = found.spread().orElse(List.of());
        for (int i = 0; i < Math.min(spreads.size(), plan.channels().size()); i++) {
            IntensitySpread spread = spreads.get(i);
            if (spread.high() > spread.low()) {
                String unit = Channel.namesCt(plan.channels().get(i).name()) ? "HU" : "";
                charts.add(new Histogram(
                        plan.channels().get(i).name(),
                        unit,
                        spread.low(),
                        spread.high(),
                        spread.shares(),
                        "",
                        Optional.empty(),
                        ("99 % between " + Histogram.number(spread.low()) + " and " + Histogram.number(spread.high())
                                        + " " + unit)
                                .strip()));
            }
        }
        return charts;
    }

    private List<Histogram> volumes(List<Fingerprint.CaseSize> cases) {
        List<Histogram> charts = new ArrayList<>();
        plan.classes().tailMap(1).forEach((cls, name) -> {
            double[] ml = cases.stream()
                    .flatMap(one -> one.classMl().stream())
                    .filter(volumes -> volumes.containsKey(cls))
                    .mapToDouble(volumes -> volumes.get(cls))
                    .toArray();
            if (ml.length > 0 && charts.size() < MOST_CLASSES) {
                String where = ml.length == cases.size() ? "" : " (in " + ml.length + " of " + cases.size() + " cases)";
                charts.add(Histogram.of(name + where, "ml", ml, Optional.empty()));
            }
        });
        return charts;
    }
}
