package org.unet4j.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a benchmark found, in sentences. */
final class Summary {

    private final BenchmarkResult result;

    Summary(BenchmarkResult result) {
        this.result = result;
    }

    /** Returns the finding: which network is ahead, and whether that is more than chance. */
    String finding() {
        NetworkResult best = result.best();
        String text = "On %s of %s, %s reached a mean foreground Dice of %s (95 %% interval %s)"
                .formatted(
                        heldOut(result.caseCount()),
                        result.dataset(),
                        best.name(),
                        Numbers.dice(best.mean().dice()),
                        Numbers.interval(best.mean().ci95()));
        List<NetworkResult> others =
                result.networks().stream().filter(n -> !n.equals(best)).toList();
        if (others.isEmpty()) {
            return text + ".";
        }
        double low = others.stream().mapToDouble(n -> n.mean().dice()).min().orElseThrow();
        double high = others.stream().mapToDouble(n -> n.mean().dice()).max().orElseThrow();
        String rest = others.size() == 1
                ? others.get(0).name() + " reached " + Numbers.dice(high)
                : "the other " + words(others.size()) + " lie between " + Numbers.dice(low) + " and "
                        + Numbers.dice(high);
        return text + ", the highest of " + words(result.networks().size()) + " networks; " + rest + ". "
                + comparison();
    }

    private String comparison() {
        List<String> better = new ArrayList<>();
        List<String> worse = new ArrayList<>();
        List<String> undecided = new ArrayList<>();
        for (NetworkResult network : result.networks()) {
            Optional<NetworkResult.Difference> difference = network.difference();
            if (difference.isPresent()) {
                NetworkResult.Difference d = difference.get();
                if (!d.isSignificant()) {
                    undecided.add(network.name());
                } else {
                    (d.dice() >= 0 ? better : worse)
                            .add("%s (%s, p %s)".formatted(network.name(), Numbers.signed(d.dice()), p(d.pHolm())));
                }
            }
        }
        List<String> sentences = new ArrayList<>();
        if (!better.isEmpty()) {
            sentences.add("Case by case, " + list(better) + (better.size() == 1 ? " is" : " are")
                    + " better than the baseline " + result.baseline() + ".");
        }
        if (!worse.isEmpty()) {
            sentences.add("Case by case, " + list(worse) + (worse.size() == 1 ? " is" : " are")
                    + " worse than the baseline " + result.baseline() + ".");
        }
        if (!undecided.isEmpty()) {
            sentences.add("Between " + list(undecided) + " and the baseline " + result.baseline()
                    + " these cases show no difference beyond chance." + tooFew());
        }
        return String.join(" ", sentences);
    }

    /** Returns a warning where even differences of one sign in all cases would not be significant. */
    private String tooFew() {
        double smallest =
                2 * Math.pow(2, -result.caseCount()) * (result.networks().size() - 1);
        return smallest < 0.05 ? "" : " So few could not: it takes more cases to tell networks apart.";
    }

    /** Returns how the comparison was made. */
    String method() {
        String runs = result.seeds() == 1
                ? "Each network was trained once"
                : "Each network was trained " + result.seeds() + " times, with different seeds";
        return runs + ", for " + String.format(Locale.ROOT, "%,d", result.steps())
                + " steps: the same plan, seeds, order of data and augmentations for all. What is scored is the last"
                + " checkpoint, never one that validation picked, on each scan's own grid.";
    }

    /** Returns what speed and size cost. */
    String cost() {
        List<NetworkResult> networks = result.networks();
        NetworkResult quickest = networks.stream()
                .min(Comparator.comparingDouble(NetworkResult::trainSeconds))
                .orElseThrow();
        NetworkResult slowest = networks.stream()
                .max(Comparator.comparingDouble(NetworkResult::trainSeconds))
                .orElseThrow();
        if (quickest.equals(slowest)) {
            return "One run took " + Numbers.duration(quickest.trainSeconds()) + ".";
        }
        return "The quickest to train was %s (%s), the slowest %s (%s)."
                .formatted(
                        quickest.name(),
                        Numbers.duration(quickest.trainSeconds()),
                        slowest.name(),
                        Numbers.duration(slowest.trainSeconds()));
    }

    private static String p(double p) {
        String text = Numbers.probability(p);
        return text.startsWith("<") ? text : "= " + text;
    }

    private static String heldOut(int count) {
        return count == 1 ? "one held-out case" : count + " held-out cases";
    }

    static String cases(int count) {
        return count == 1 ? "one case" : count + " cases";
    }

    private static String words(int count) {
        String[] words = {"no", "one", "two", "three", "four", "five", "six"};
        return count < words.length ? words[count] : Integer.toString(count);
    }

    private static String list(List<String> names) {
        if (names.size() == 1) {
            return names.get(0);
        }
        return names.stream().limit(names.size() - 1L).collect(Collectors.joining(", ")) + " and "
                + names.get(names.size() - 1);
    }
}
