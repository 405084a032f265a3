package org.unet4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.unet4j.prep.Plan;
import org.unet4j.torch.Device;
import org.unet4j.train.RunFolder;
import org.unet4j.train.TrainConfig;

/**
 * The folder of a training that is asked for, before anything long is done.
 *
 * @param path the folder, which need not exist
 * @param goesOn whether a run lies there that is gone on with
 */
record RunToTrain(Path path, boolean goesOn) {

    static RunToTrain in(Path path, boolean resume) {
        return new RunToTrain(path, resume && RunFolder.holdsRun(path));
    }

    private RunFolder folder() {
        return new RunFolder(path);
    }

    /** Checks that the run can be begun or gone on with. */
    void requireUsable(boolean resume, Optional<Path> init, Terminal terminal) throws IOException {
        if (!goesOn && RunFolder.holdsRun(path)) {
            throw new IOException(
                    "[" + path + "] holds a run already, and results are never overwritten: add --resume to"
                            + " go on with it, or choose another folder with --out");
        }
        if (!goesOn) {
            RunFolder.requireFree(path);
        }
        if (init.isPresent() && !goesOn && !Files.exists(init.get())) {
            throw new IOException(
                    "--init [" + init.get() + "] does not exist: give the folder of a run, or a safetensors file");
        }
        if (resume && !goesOn) {
            terminal.note("no run lies in [" + path + "] yet: beginning one");
        }
    }

    /** Checks a configuration that was given. */
    void requireValid(Optional<Path> config, String model) throws IOException {
        if (config.isPresent() && holdsConfig()) {
            TrainConfig.requireValid(config.get(), folder().readConfig());
        } else if (config.isPresent()) {
            TrainConfig.requireValid(config.get(), model, Device.best());
        }
    }

    private boolean holdsConfig() {
        return goesOn && Files.exists(folder().config());
    }

    /** Returns the configuration: the run's own or the defaults, with what is given in its place. */
    TrainConfig config(Optional<Path> config, Optional<Integer> steps, String model, Plan plan, Device device)
            throws IOException {
        TrainConfig base = holdsConfig() ? folder().readConfig() : TrainConfig.defaults(model, plan, device);
        TrainConfig given = config.isPresent() ? TrainConfig.read(config.get(), base, plan) : base;
        TrainConfig wanted = steps.isPresent() ? given.withSteps(steps.get()) : given;
        if (!wanted.model().equals(model)) {
            throw new UsageException("--model says " + model + ", the configuration of the run " + wanted.model()
                    + "; name the same network, or another run with --out");
        }
        return wanted;
    }

    /** Returns the plan to prepare by: a run that goes on keeps its own. */
    Optional<Path> planFile(PlanOptions given) throws IOException {
        Path own = folder().plan();
        if (!goesOn || !Files.exists(own)) {
            return given.plan();
        }
        if (given.budget().isPresent()
                || (given.plan().isPresent() && !Plan.read(given.plan().get()).equals(Plan.read(own)))) {
            throw new UsageException("--plan or --budget differs from the plan of the run in [" + path
                    + "]: a run goes on with its own; leave them out, or start another run");
        }
        return Optional.of(own);
    }
}
