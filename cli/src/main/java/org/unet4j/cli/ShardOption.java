package org.unet4j.cli;

import java.util.Optional;
import org.unet4j.io.Shard;
import picocli.CommandLine.Option;

/** Which share of the work this process does, where a scheduler starts several. */
final class ShardOption {

    static final String NAME = "--shard";

    @Option(
            names = NAME,
            paramLabel = "I/N",
            description =
                    "Do the I-th of N shares, I from 1 to N: every N-th case. The N processes may run at any time, on any"
                            + " machines that see the same files. Slurm, with --array=1-8: --shard"
                            + " $SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT. Kubernetes counts from 0, so add one: --shard"
                            + " $((JOB_COMPLETION_INDEX + 1))/8.")
    private String text;

    /** Returns the share, if one was given. */
    Optional<Shard> shard() {
        try {
            return Optional.ofNullable(text).map(Shard::parse);
        } catch (IllegalArgumentException e) {
            UsageException usage = new UsageException(NAME + ": " + e.getMessage());
            usage.initCause(e);
            throw usage;
        }
    }
}
