package org.unet4j.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.unet4j.prep.Plan;
import org.unet4j.torch.Device;
import org.unet4j.train.TrainConfig;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a command that compares networks is told: which, how often and how each is trained, and on which splits. */
final class ComparisonOptions {

    @Mixin
    private ModelsOption models;

    @Option(names = "--seeds", paramLabel = "N", description = "Runs of each network (default: ${DEFAULT-VALUE}).")
    private int seeds = 1;

    @Option(names = "--config", paramLabel = "FILE", description = "YAML with what shall differ in the training.")
    private Path config;

    @Mixin
    private DeterministicOption deterministic;

    @Mixin
    private PlanOptions plan;

    @Option(names = "--splits", paramLabel = "FILE", description = "A splits_final.json in place of the five folds.")
    private Path splits;

    /** Checks what can be checked before the long work. */
    void requireValid() throws IOException {
        if (seeds < 1) {
            throw new UsageException("--seeds " + seeds + " must be at least 1");
        }
        List<String> networks = networks();
        if (config != null) {
            TrainConfig.requireValid(config, networks.get(0), Device.best());
        }
    }

    /** Returns the networks' names, at least one. */
    List<String> networks() {
        return models.names();
    }

    int seeds() {
        return seeds;
    }

    PlanOptions plan() {
        return plan;
    }

    /** Returns the file of the splits, if one was given. */
    Optional<Path> splits() {
        return Optional.ofNullable(splits);
    }

    /** Returns {@code defaults} with what the given configuration says. */
    TrainConfig over(TrainConfig defaults, Plan trained) throws IOException {
        return deterministic.over(config == null ? defaults : TrainConfig.read(config, defaults, trained));
    }

    /** Begins a command line that a person may type again, with what decides a score. */
    CommandText text(String command, Optional<Path> dataset) {
        CommandText text = new CommandText("unet4j " + command);
        dataset.ifPresent(text::path);
        return text.option("--models", String.join(",", networks()));
    }

    /** Ends it with the seeds, and with those of the other options that were given. */
    CommandText end(CommandText text) {
        text.option("--seeds", Integer.toString(seeds));
        Optional.ofNullable(config).ifPresent(file -> text.file("--config", file));
        plan.plan().ifPresent(file -> text.file("--plan", file));
        plan.budget().ifPresent(budget -> text.option("--budget", PlanOptions.name(budget)));
        splits().ifPresent(file -> text.file("--splits", file));
        return deterministic.over(text);
    }
}
