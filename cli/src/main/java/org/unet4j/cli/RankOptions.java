package org.unet4j.cli;

import java.time.Duration;
import java.util.Map;
import org.unet4j.ranks.World;
import picocli.CommandLine.Option;

/** How many processes train together, and which of them this one is. */
final class RankOptions {

    static final String RANKS = "--ranks";

    @Option(
            names = RANKS,
            paramLabel = "N",
            description =
                    "Compute in N processes on this machine, one for each card, or sharing the processor's cores; a batch is"
                            + " shared among them. Under torchrun, srun or a PyTorchJob leave it out: each process finds its rank.")
    private Integer ranks;

    @Option(
            names = "--rank-timeout",
            paramLabel = "SECONDS",
            description = "How long processes wait for one that does not answer (default: ${DEFAULT-VALUE}).")
    private long timeoutSeconds = World.TIMEOUT.toSeconds();

    /** Returns how many processes are to be started here; 1 where none is. */
    int toStart() {
        if (ranks != null && ranks < 1) {
            throw new UsageException(RANKS + " " + ranks + " must be at least 1");
        }
        return ranks == null ? 1 : ranks;
    }

    /** Returns what the launcher says in {@code environment}. */
    World world(Map<String, String> environment) {
        if (timeoutSeconds < 1) {
            throw new UsageException("--rank-timeout " + timeoutSeconds + " must be at least 1");
        }
        World world = World.from(environment).withTimeout(Duration.ofSeconds(timeoutSeconds));
        if (!world.isAlone() && ranks != null) {
            throw new UsageException(RANKS + " does not go with a launcher, which has started " + world.size()
                    + " processes already: leave it out");
        }
        return world;
    }
}
