package org.unet4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.unet4j.io.Dataset;
import org.unet4j.io.FolderLock;
import org.unet4j.io.FolderTakenException;
import org.unet4j.io.Shard;
import org.unet4j.prep.Budget;
import org.unet4j.prep.Plan;
import org.unet4j.prep.Prepare;
import org.unet4j.prep.Store;
import org.unet4j.torch.Device;

/** Prepared cases as the commands that need them ask for them. */
final class Preparations {
    private Preparations() {}

    /**
     * Returns the store in {@code folder}, prepared by the plan in the given file, else by one derived for the given budget, else
     * by the plan that lies there, which may be a person's; the first is derived for the device at hand. Where another process prepares
     * the same cases, such as the job of another fold, it is waited for.
     */
    static Store prepare(
            Dataset dataset, Optional<Path> planFile, Optional<Budget> budget, Path folder, Terminal terminal)
            throws IOException {
        while (true) {
            try {
                return prepareNow(dataset, planFile, budget, folder, terminal);
            } catch (FolderTakenException e) {
                terminal.note("[" + folder + "] is being prepared by another process: waiting for it");
                FolderLock.awaitFree(folder);
            }
        }
    }

    private static Store prepareNow(
            Dataset dataset, Optional<Path> planFile, Optional<Budget> budget, Path folder, Terminal terminal)
            throws IOException {
        Optional<Plan> before = Store.planIn(folder);
        Store store = open(dataset, planFile, budget, before, folder, terminal);
        before.filter(plan -> !plan.equals(store.plan()))
                .ifPresent(plan -> terminal.note("the plan in [" + folder + "] was another one; it is kept as "
                        + Store.kept(folder, plan).getFileName()));
        return store;
    }

    private static Store open(
            Dataset dataset,
            Optional<Path> planFile,
            Optional<Budget> budget,
            Optional<Plan> before,
            Path folder,
            Terminal terminal)
            throws IOException {
        int threads = Runtime.getRuntime().availableProcessors();
        if (planFile.isPresent()) {
            Plan plan = given(planFile.get());
            Prepare.requirePlanOf(dataset, plan);
            before.filter(old -> !old.equals(plan)).ifPresent(old -> terminal.note(replacing(old, plan, folder)));
            return Prepare.by(plan, dataset, folder, threads, terminal);
        }
        if (budget.isPresent() || before.isEmpty()) {
            return Prepare.planned(dataset, budget.orElseGet(Preparations::usual), folder, threads, terminal);
        }
        if (before.get().budget() != usual()) {
            terminal.note("the plan in [" + folder + "] is for the budget "
                    + PlanOptions.name(before.get().budget()) + "; --budget " + PlanOptions.name(usual())
                    + " makes one for the device at hand");
        }
        return Prepare.by(before.get(), dataset, folder, threads, terminal);
    }

    /** Returns, before it is done, that another plan takes the place of the one in {@code folder}, and what that costs. */
    private static String replacing(Plan old, Plan plan, Path folder) {
        String cost = old.preparationHash().equals(plan.preparationHash())
                ? "it prepares scans alike, so no case is prepared again for it"
                : "it prepares scans otherwise, so every case is prepared again now, and once more when a run by the old plan goes on";
        return "--plan replaces the plan in [" + folder + "]: " + cost;
    }

    /**
     * Prepares a share of the cases for a store in {@code folder}, by the same plan as {@link #prepare} would, but that one for
     * the given budget which lies there is not derived anew; returns how many were not there already.
     */
    static int prepare(
            Shard shard,
            Dataset dataset,
            Optional<Path> planFile,
            Optional<Budget> budget,
            Path folder,
            Terminal terminal)
            throws IOException {
        int threads = Runtime.getRuntime().availableProcessors();
        Optional<Plan> before = Store.planIn(folder).filter(plan -> plan.budget() == budget.orElse(plan.budget()));
        if (planFile.isPresent() || before.isPresent()) {
            Plan plan = planFile.isPresent() ? given(planFile.get()) : before.get();
            return Prepare.by(shard, plan, dataset, folder, threads, terminal);
        }
        return Prepare.planned(shard, dataset, budget.orElseGet(Preparations::usual), folder, threads, terminal);
    }

    private static Plan given(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IOException("[" + file + "] is a folder; give the plan.yaml in it");
        }
        return Plan.read(file);
    }

    private static Budget usual() {
        return Device.best().isCuda() ? Budget.STANDARD : Budget.COMPACT;
    }

    /** Returns what a plan decided, in a line. */
    static String summary(Plan plan) {
        return "plan: spacing %.3g x %.3g x %.3g mm (z, y, x), patch %s, batch %d, %d stages of %s features"
                .formatted(
                        plan.spacing().z(),
                        plan.spacing().y(),
                        plan.spacing().x(),
                        plan.patch(),
                        plan.batch(),
                        plan.topology().stages(),
                        plan.topology().features());
    }
}
