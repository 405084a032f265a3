package org.unet4j.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What post-processing does to scores, as a table. */
public final class PostProcessingTable {

    private static final String NONE = "\u2013";

    private final PostProcessingResult result;

    /** Makes the table of {@code result}. */
    public PostProcessingTable(PostProcessingResult result) {
        this.result = result;
    }

    /** Returns the table for a terminal, and what could not be done; nothing where there is no network and nothing to tell. */
    public String text() {
        return text(table().text());
    }

    /** Returns the same in Markdown. */
    public String markdown() {
        return text(table().markdown() + "\n");
    }

    private String text(String table) {
        String notes = result.notes().stream().map(note -> note + "\n").collect(Collectors.joining());
        return result.networks().isEmpty()
                ? notes
                : "Post-processing: each case by what the other folds chose; kept where the class gains\n\n" + table
                        + notes;
    }

    private TextTable table() {
        List<List<String>> rows = new ArrayList<>();
        for (PostProcessingResult.Network network : result.networks()) {
            network.classes()
                    .forEach((cls, one) -> rows.add(List.of(
                            network.name(),
                            cls + " " + result.classNames().getOrDefault(cls, ""),
                            Numbers.dice(one.rawDice()),
                            Numbers.dice(one.dice()),
                            Numbers.signed(one.dice() - one.rawDice()),
                            Numbers.signedInterval(one.gainCi95()),
                            one.chosen(),
                            one.kept() ? "yes" : "no")));
            if (network.classes().size() > 1) {
                rows.add(List.of(
                        network.name(),
                        "mean",
                        Numbers.dice(network.rawDice()),
                        Numbers.dice(network.dice()),
                        Numbers.signed(network.dice() - network.rawDice()),
                        NONE,
                        NONE,
                        NONE));
            }
        }
        return new TextTable(
                List.of("network", "class", "raw Dice", "after", "gain", "95 % interval", "chosen on all", "kept"),
                rows);
    }
}
