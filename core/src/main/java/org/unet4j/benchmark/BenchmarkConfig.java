package org.unet4j.benchmark;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import org.unet4j.model.ModelSpec;
import org.unet4j.train.TrainConfig;

/**
 * What a benchmark compares.
 *
 * @param networks names of {@link ModelSpec#names()}, at least one
 * @param baseline the one that the others are compared with; among the networks
 * @param fold what the held-out cases are called, such as "fold 0"
 * @param seeds how many runs of each network; the first has the training's seed, the next one, and so on
 * @param training how every network is trained; its model stands for each of the networks
 */
public record BenchmarkConfig(List<String> networks, String baseline, String fold, int seeds, TrainConfig training) {

    /** Checks every value. */
    public BenchmarkConfig {
        networks = List.copyOf(networks);
        Objects.requireNonNull(fold, "fold is missing");
        Objects.requireNonNull(training, "training is missing");
        if (networks.isEmpty()) {
            throw new IllegalArgumentException("networks is empty; choose among " + ModelSpec.names());
        }
        for (String network : networks) {
            if (!ModelSpec.names().contains(network)) {
                throw new IllegalArgumentException(
                        "network '" + network + "' is unknown; choose among " + ModelSpec.names());
            }
        }
        if (new HashSet<>(networks).size() != networks.size()) {
            throw new IllegalArgumentException("networks " + networks + " name one twice; name each once");
        }
        if (!networks.contains(baseline)) {
            throw new IllegalArgumentException("baseline '" + baseline + "' must be one of the networks " + networks);
        }
        if (seeds < 1) {
            throw new IllegalArgumentException("seeds " + seeds + " must be at least 1");
        }
        // Which network comes first must not make two configurations differ.
        training = training.withModel(baseline);
    }

    /** Returns the comparison of {@code networks} with one seed; the baseline is {@code unet}, or the first without it. */
    public static BenchmarkConfig of(List<String> networks, String fold, TrainConfig training) {
        String baseline = networks.isEmpty() || networks.contains("unet") ? "unet" : networks.get(0);
        return new BenchmarkConfig(networks, baseline, fold, 1, training);
    }

    /** Returns this comparison with so many runs of each network. */
    public BenchmarkConfig withSeeds(int newSeeds) {
        return new BenchmarkConfig(networks, baseline, fold, newSeeds, training);
    }

    /** Returns this comparison with another baseline. */
    public BenchmarkConfig withBaseline(String newBaseline) {
        return new BenchmarkConfig(networks, newBaseline, fold, seeds, training);
    }

    /** Returns every run: all networks with the first seed, then all with the next. */
    List<Run> runs() {
        return LongStream.range(training.seed(), training.seed() + seeds)
                .boxed()
                .flatMap(seed -> networks.stream().map(network -> new Run(network, seed)))
                .toList();
    }

    /** Returns how one network is trained. */
    TrainConfig training(Run run) {
        return training.withModel(run.network()).withSeed(run.seed());
    }
}
