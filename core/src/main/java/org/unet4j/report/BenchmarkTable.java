package org.unet4j.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/** A benchmark's results as tables: which network is better, class by class, and what each costs. */
public final class BenchmarkTable {

    private static final String NONE = "\u2013";

    private final BenchmarkResult result;

    /** Makes the tables of {@code result}. */
    public BenchmarkTable(BenchmarkResult result) {
        this.result = result;
    }

    /** Returns the tables for a terminal. */
    public String text() {
        return title() + "\n\n" + accuracy().text() + "\n" + boundary().text() + "\n" + worst().text() + note() + "\n"
                + classes().text() + "\n" + cost().text();
    }

    /** Returns the tables in Markdown. */
    public String markdown() {
        return title() + "\n\n" + accuracy().markdown() + "\n" + boundary().markdown() + "\n" + worst().markdown()
                + "\n" + note() + "\n" + classes().markdown() + "\n" + cost().markdown();
    }

    private String title() {
        String seeds = result.seeds() == 1 ? "seed " + result.seed() : result.seeds() + " seeds from " + result.seed();
        return "%s, %s: %d cases, %s, %d steps, last checkpoints, plan %s"
                .formatted(result.dataset(), result.fold(), result.caseCount(), seeds, result.steps(), result.plan());
    }

    private TextTable accuracy() {
        List<List<String>> rows = new ArrayList<>();
        for (NetworkResult network : result.networks()) {
            NetworkResult.Mean mean = network.mean();
            rows.add(List.of(
                    network.name(),
                    Numbers.dice(mean.dice()),
                    Numbers.interval(mean.ci95()),
                    network.difference().map(d -> Numbers.signed(d.dice())).orElse(NONE),
                    network.difference()
                            .map(d -> Numbers.signedInterval(d.ci95()))
                            .orElse(NONE),
                    network.difference()
                            .map(d -> Numbers.probability(d.pHolm()))
                            .orElse(NONE)));
        }
        return new TextTable(
                List.of(
                        "network",
                        "mean Dice",
                        "95 % interval",
                        "to " + result.baseline(),
                        "95 % interval",
                        "p (Holm)"),
                rows);
    }

    /** Returns the same of outlines as {@link #accuracy} of overlap. */
    private TextTable boundary() {
        List<List<String>> rows = new ArrayList<>();
        for (NetworkResult network : result.networks()) {
            List<String> row = new ArrayList<>(List.of(network.name()));
            row.addAll(network.boundary()
                    .map(b -> List.of(
                            Numbers.dice(b.nsd()),
                            Numbers.interval(b.nsdCi95()),
                            b.difference().map(d -> Numbers.signed(d.nsd())).orElse(NONE),
                            b.difference()
                                    .map(d -> Numbers.signedInterval(d.ci95()))
                                    .orElse(NONE),
                            b.difference()
                                    .map(d -> Numbers.probability(d.pHolm()))
                                    .orElse(NONE)))
                    .orElse(Collections.nCopies(5, NONE)));
            rows.add(row);
        }
        return new TextTable(
                List.of("network", "NSD", "95 % interval", "to " + result.baseline(), "95 % interval", "p (Holm)"),
                rows);
    }

    private TextTable worst() {
        List<List<String>> rows = new ArrayList<>();
        for (NetworkResult network : result.networks()) {
            rows.add(List.of(
                    network.name(),
                    network.boundary().map(b -> Numbers.mm(b.hd95Mm())).orElse(NONE),
                    Numbers.dice(network.robustness().dice5thPercentile()),
                    Integer.toString(network.robustness().casesUnderTenth())));
        }
        return new TextTable(List.of("network", "HD95 mm", "5th percentile of Dice", "cases under 0.1"), rows);
    }

    private String note() {
        return result.boundaryNotes().stream().map(note -> note + "\n").collect(Collectors.joining());
    }

    private TextTable classes() {
        List<String> header = new ArrayList<>(List.of("class: mean \u00b1 sd"));
        result.networks().forEach(network -> header.add(network.name()));
        List<List<String>> rows = new ArrayList<>();
        result.classNames().forEach((cls, name) -> {
            List<String> row = new ArrayList<>(List.of(cls + " " + name));
            for (NetworkResult network : result.networks()) {
                NetworkResult.DiceResult dice = network.classes().get(cls).dice();
                row.add(Numbers.dice(dice.mean()) + " \u00b1 " + Numbers.dice(dice.sd()));
            }
            rows.add(row);
        });
        return new TextTable(header, rows);
    }

    private TextTable cost() {
        List<List<String>> rows = new ArrayList<>();
        for (NetworkResult network : result.networks()) {
            rows.add(List.of(
                    network.name(),
                    Numbers.count((double) network.parameters()),
                    Numbers.count((double) network.multiplyAdds()),
                    Numbers.duration(network.trainSeconds()),
                    Numbers.count(network.voxelsPerSecond()),
                    Numbers.percent(network.waitShare()),
                    Numbers.duration(network.predictSecondsPerCase()),
                    memory(network)));
        }
        return new TextTable(
                List.of(
                        "network",
                        "parameters",
                        "multiply-adds",
                        "training",
                        "voxels/s",
                        "waiting",
                        "per case",
                        "memory"),
                rows);
    }

    /** Returns the most memory that a network took: the device's where there is one. */
    static String memory(NetworkResult network) {
        if (network.peakDeviceBytes().isPresent()) {
            return Numbers.bytes(network.peakDeviceBytes().getAsLong());
        }
        return network.peakMemoryBytes().isPresent()
                ? Numbers.bytes(network.peakMemoryBytes().getAsLong())
                : NONE;
    }
}
