package org.unet4j.cli;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.unet4j.prep.Budget;
import picocli.CommandLine.Option;

/** How a command that needs prepared cases is told by which plan. */
final class PlanOptions {

    @Option(
            names = "--plan",
            paramLabel = "FILE",
            description = "Prepare by this plan. It stays the dataset's until another is given or derived.")
    private Path plan;

    @Option(
            names = "--budget",
            paramLabel = "compact|standard",
            description =
                    "Derive the plan anew, for networks that a CPU trains or a GPU. The first plan is for the device"
                            + " at hand, and stays without this option.")
    private Budget budget;

    /** Returns the plan's file, if one was given. */
    Optional<Path> plan() {
        if (plan != null && budget != null) {
            throw new UsageException("--plan and --budget do not go together: a plan has its budget in it");
        }
        return Optional.ofNullable(plan);
    }

    /** Returns the name of {@code budget} as it is given on the command line. */
    static String name(Budget budget) {
        return budget.name().toLowerCase(Locale.ROOT);
    }

    /** Returns the budget to derive a plan for, if one was given. */
    Optional<Budget> budget() {
        return Optional.ofNullable(budget);
    }
}
