package org.unet4j.cli;

import org.unet4j.train.TrainConfig;
import picocli.CommandLine.Option;

/** Whether a training on a card must give the same bits again. */
final class DeterministicOption {

    private static final String NAME = "--deterministic";

    @Option(
            names = NAME,
            description =
                    "On a card too, let the same seed give the same bits, at a cost in speed that is printed where a run begins"
                            + " in bf16 or fp16. A processor does so anyway, for nothing. A run that goes on keeps what it began with.")
    private boolean deterministic;

    /** Returns {@code config} with what was asked for. */
    TrainConfig over(TrainConfig config) {
        return deterministic ? config.withNumerics(config.numerics().withDeterministic(true)) : config;
    }

    /** Adds it to a command line if it was given. */
    CommandText over(CommandText text) {
        return deterministic ? text.flag(NAME) : text;
    }
}
