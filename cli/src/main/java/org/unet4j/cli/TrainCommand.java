package org.unet4j.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.unet4j.io.Dataset;
import org.unet4j.io.Split;
import org.unet4j.model.ModelSpec;
import org.unet4j.prep.Budget;
import org.unet4j.prep.Store;
import org.unet4j.ranks.World;
import org.unet4j.torch.Device;
import org.unet4j.train.RunFolder;
import org.unet4j.train.RunReport;
import org.unet4j.train.Team;
import org.unet4j.train.TrainConfig;
import org.unet4j.train.TrainListener;
import org.unet4j.train.TrainRequest;
import org.unet4j.train.TrainResult;
import org.unet4j.train.Trainer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Trains one network. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        description = "Trains one network on one fold; prepares the dataset first when that was not done.",
        footer = {
            "",
            "Ctrl-C, or SIGTERM, saves a checkpoint and ends with exit code 130, or 143; the same command with --resume goes on,",
            "and on the same machine ends with the same bits as a run that was never stopped. Where no run lies there yet,",
            "--resume begins one, so a scheduler may give one command again and again.",
            "--resume with a larger --steps extends a run: learning rates are then those of the new length from there on.",
            "At its end the run folder holds report.html, a page about the run; `report RUN` makes it anew.",
            "The run folder holds config.yaml: copy and edit it for --config. A config need not be complete.",
            "`samples: {augmentation: NAME}` takes a preset: standard, nnunet, spatial, light or none; see augment-preview."
        })
final class TrainCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "DATASET", description = "A folder in the layout of the Decathlon or of nnU-Net.")
    private Path dataset;

    @Option(
            names = "--model",
            required = true,
            paramLabel = "NAME",
            description = "unet, resunet, attention-unet or attention-resunet.")
    private String model;

    @Option(
            names = "--fold",
            required = true,
            paramLabel = "0..4|all",
            description = "Which fifth of the cases is kept for validation; `all` learns from every labelled case.")
    private String fold;

    @Option(names = "--steps", paramLabel = "N", description = "Length of the run, in place of the configuration's.")
    private Integer steps;

    @Option(names = "--config", paramLabel = "FILE", description = "YAML with what shall differ from the defaults.")
    private Path config;

    @Mixin
    private PlanOptions plan;

    @Mixin
    private RankOptions ranks;

    @Mixin
    private TrackOption track;

    @Option(
            names = "--splits",
            paramLabel = "FILE",
            description = "A splits_final.json in place of nnU-Net's five folds; one in DATASET is taken by itself.")
    private Path splits;

    @Option(names = "--out", paramLabel = "RUN", description = "Default: work/runs/<dataset>-<model>-<fold>.")
    private Path out;

    @Option(names = "--resume", description = "Go on with the run that lies there; begin it where none does.")
    private boolean resume;

    @Option(
            names = "--init",
            paramLabel = "RUN|FILE",
            description =
                    "Begin from the weights of a run's last step, or of a .safetensors file: from the tensors that fit by"
                            + " name and shape. A run that goes on has its own, and passes this over.")
    private Path init;

    TrainCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        if (!ModelSpec.names().contains(model)) {
            throw new UsageException(
                    "--model " + model + " is unknown; one of " + String.join(", ", ModelSpec.names()));
        }
        if (steps != null && steps < 1) {
            throw new UsageException("--steps " + steps + " must be at least 1");
        }
        track.requireValid(System.getenv());
        World world = ranks.world(System.getenv());
        if (ranks.toStart() > 1) {
            return new RankProcesses(spec.root().commandLine().getParseResult().originalArgs(), ranks.toStart()).run();
        }
        Path run = runFolder();
        int code = world.isAlone()
                ? train(Team.alone(), terminal)
                : new Together(world, terminal, () -> goingOn(run)).run(this::train);
        if (code == Main.DONE && world.rank() == 0) {
            writeReport(run); // Once the other processes have ended: they wait for nobody who draws pictures.
        }
        return code;
    }

    private static String goingOn(Path run) {
        return new RunFolder(run)
                .checkpointStep()
                .map(step -> "the last checkpoint in [" + run + "] is of step " + step
                        + ": the same command with --resume goes on from there")
                .orElse("there is no checkpoint yet: give the same command with --resume again");
    }

    private Path runFolder() throws IOException {
        return out == null ? Workspace.run(Workspace.nameOf(Dataset.open(dataset)), model, fold) : out;
    }

    private int train(Team team, Terminal shown) throws Exception {
        Dataset opened = Dataset.open(dataset);
        Split split = Folds.split(opened, Optional.ofNullable(splits), fold);
        String name = Workspace.nameOf(opened);
        RunToTrain run = RunToTrain.in(runFolder(), resume);
        if (team.leads()) {
            run.requireUsable(resume, Optional.ofNullable(init), terminal);
        }
        run.requireValid(Optional.ofNullable(config), model);
        Path prepared = Workspace.prepared(name);
        if (team.leads()) {
            Optional<Budget> budget = run.goesOn() ? Optional.empty() : plan.budget();
            Preparations.prepare(opened, run.planFile(plan), budget, prepared, shown);
        }
        team.barrier(Together.PREPARING);
        Store store = Store.open(prepared);
        Device device = Together.device(team);
        TrainConfig wanted =
                run.config(Optional.ofNullable(config), Optional.ofNullable(steps), model, store.plan(), device);
        CtrlC.Work work = stop -> {
            try (TrackOption.Tracked tracked =
                    track.tracked(System.getenv(), name, run.path().resolve(".."), shown)) {
                TrainListener listener = tracked.with(new TrainingLines(shown, model));
                TrainRequest request = TrainRequest.of(wanted, store, split, run.path(), device, listener, stop)
                        .withCommand(command(team));
                TrainResult result = Trainer.together(team, init == null ? request : request.withInit(init));
                return Trained.tell(result, shown);
            }
        };
        return team.count() == 1 ? CtrlC.during(spec.commandLine(), shown, work) : CtrlC.duringShared(shown, work);
    }

    /** Returns this command with every value that decides what is learned. */
    private String command(Team team) {
        CommandText text = new CommandText("unet4j train")
                .path(dataset)
                .option("--model", model)
                .option("--fold", fold);
        Optional.ofNullable(config).ifPresent(file -> text.file("--config", file));
        plan.plan().ifPresent(file -> text.file("--plan", file));
        plan.budget().ifPresent(budget -> text.option("--budget", PlanOptions.name(budget)));
        Optional.ofNullable(splits).ifPresent(file -> text.file("--splits", file));
        Optional.ofNullable(steps).ifPresent(count -> text.option("--steps", Integer.toString(count)));
        Optional.ofNullable(init).ifPresent(from -> text.file("--init", from));
        return (team.count() == 1 ? text : text.option(RankOptions.RANKS, Integer.toString(team.count()))).toString();
    }

    /** Writes the page about the run; a training has come to its end whether or not that can be done. */
    private void writeReport(Path run) {
        Path file = new RunFolder(run).report();
        try {
            Store store = Store.open(Workspace.prepared(Workspace.nameOf(Dataset.open(dataset))));
            RunReport.of(List.of(run), List.of(store)).write(file);
            terminal.print("report: " + file);
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            terminal.note("no report of the run could be written (" + e.getMessage()
                    + "); it is whole without: `report " + run + "` tries again");
        }
    }
}
