package org.unet4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.unet4j.io.Dataset;
import org.unet4j.prep.Budget;
import org.unet4j.prep.Plan;
import org.unet4j.prep.Prepare;
import org.unet4j.prep.Store;
import org.unet4j.torch.Device;

/** Prepared cases as the commands that need them ask for them. */
final class Preparations {
    private Preparations() {}

    /** Returns the store in {@code folder}, prepared by the plan in the given file or by one derived from the dataset. */
    static Store prepare(Dataset dataset, Optional<Path> planFile, Path folder, Terminal terminal) throws IOException {
        Optional<Plan> before = Store.planIn(folder);
        Store store = open(dataset, planFile, folder, terminal);
        before.filter(plan -> !plan.equals(store.plan()))
                .ifPresent(plan -> terminal.note("the plan in [" + folder + "] was another one; it is kept as "
                        + Store.kept(folder, plan).getFileName()));
        return store;
    }

    private static Store open(Dataset dataset, Optional<Path> planFile, Path folder, Terminal terminal)
            throws IOException {
        int threads = Runtime.getRuntime().availableProcessors();
        if (planFile.isPresent()) {
            if (Files.isDirectory(planFile.get())) {
                throw new IOException("[" + planFile.get() + "] is a folder; give the plan.yaml in it");
            }
            return Prepare.by(Plan.read(planFile.get()), dataset, folder, threads, terminal);
        }
        Budget budget = Device.best().isCuda() ? Budget.STANDARD : Budget.COMPACT;
        return Prepare.planned(dataset, budget, folder, threads, terminal);
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
