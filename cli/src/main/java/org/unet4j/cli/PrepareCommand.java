package org.unet4j.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.unet4j.io.Dataset;
import org.unet4j.io.Shard;
import org.unet4j.prep.Plan;
import org.unet4j.prep.Store;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prepares a dataset for training. */
@Command(
        name = "prepare",
        mixinStandardHelpOptions = true,
        description = "Looks at every case, derives a plan and stores the cases ready for training.",
        footer = {
            "",
            "Unchanged cases are not prepared again; those whose files were damaged are. Edit plan.yaml in the output and prepare",
            "again to apply it.",
            "With --shard processes fill one --out together; when all are done, prepare without --shard, --plan and --budget"
                    + " finds the plan and the cases there and finishes the store. Without --plan each process that begins"
                    + " before a plan is there looks at every case to derive it."
        })
final class PrepareCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "DATASET", description = "A folder in the layout of the Decathlon or of nnU-Net.")
    private Path dataset;

    @Mixin
    private PlanOptions plan;

    @Option(names = "--out", paramLabel = "DIR", description = "Default: work/prepared/<dataset>.")
    private Path out;

    @Mixin
    private ShardOption shard;

    /** What {@code --json} prints; of a shard, the cases that it prepared. */
    private record Prepared(Path store, int cases, double seconds, Optional<Plan> plan) {}

    PrepareCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        Optional<Shard> share = shard.shard();
        Dataset opened = Dataset.open(dataset);
        Path folder = out == null ? Workspace.prepared(Workspace.nameOf(opened)) : out;
        long start = System.nanoTime();
        if (share.isPresent()) {
            int prepared = Preparations.prepare(share.get(), opened, plan.plan(), plan.budget(), folder, terminal);
            terminal.print(
                    "shard %s: prepared %d cases in %.1f s: %s; once all shards are done, prepare without --shard"
                            .formatted(share.get(), prepared, seconds(start), folder));
            terminal.result(new Prepared(folder, prepared, seconds(start), Optional.empty()));
            return Main.DONE;
        }
        Store.removeDamaged(folder, terminal)
                .forEach(id -> terminal.note("[" + folder.resolve(id + ".case")
                        + "] was damaged since it was written: the case is prepared again"));
        Store store = Preparations.prepare(opened, plan.plan(), plan.budget(), folder, terminal);
        terminal.print("prepared %d cases in %.1f s: %s".formatted(store.ids().size(), seconds(start), folder));
        terminal.print(Preparations.summary(store.plan()));
        terminal.result(new Prepared(folder, store.ids().size(), seconds(start), Optional.of(store.plan())));
        return Main.DONE;
    }

    private static double seconds(long startNanos) {
        return (System.nanoTime() - startNanos) * 1e-9;
    }
}
