package org.unet4j.train;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.unet4j.io.Build;
import org.unet4j.io.Json;
import org.unet4j.io.Split;
import org.unet4j.io.Yaml;
import org.unet4j.prep.Plan;
import org.unet4j.torch.Provenance;
import org.unet4j.track.MetricSource;
import org.unet4j.track.MlflowRun;
import org.unet4j.track.MlflowServer;
import org.unet4j.track.RunDescription;
import org.unet4j.track.RunStatus;

/**
 * Tells MLflow of each run that it hears of: its configuration and plan as parameters, its curves, and how it ended. It takes no time of the
 * training's, and nothing that the server does stops that. A run remembers in {@code mlflow.json} which of the server's runs it is.
 */
public final class Tracking implements TrainListener, AutoCloseable {

    private final MlflowServer server;
    private final String experiment;
    private final Path base;
    private final Consumer<String> notes;
    private final List<MlflowRun> ending = new ArrayList<>();
    private Optional<MlflowRun> run = Optional.empty();

    /**
     * Makes one that tells {@code server}.
     *
     * @param experiment the name of the experiment that the runs belong to
     * @param base a run is called after its folder's path below this one
     * @param notes hears, from another thread too, in a line what goes wrong
     */
    public Tracking(MlflowServer server, String experiment, Path base, Consumer<String> notes) {
        this.server = server;
        this.experiment = experiment;
        this.base = base;
        this.notes = notes;
    }

    /** Returns the file that keeps which of the server's runs this is. */
    static Path memory(RunFolder run) {
        return run.path().resolve("mlflow.json");
    }

    @Override
    public void started(RunStart start) {
        end(RunStatus.FAILED); // One of which nobody said how it ended.
        begin(new RunFolder(start.folder()));
    }

    @Override
    public void ended(TrainResult result) {
        if (run.isEmpty()) {
            begin(new RunFolder(result.folder())); // It had ended before; the server may have missed that.
        }
        end(result.interrupted() ? RunStatus.KILLED : RunStatus.FINISHED);
    }

    /** Says of a run that did not come to its end that it failed; returns once the server knows all, or half a minute later. */
    @Override
    public void close() {
        end(RunStatus.FAILED);
        ending.forEach(MlflowRun::hurry); // All at once, so that the wait is not one for each.
        ending.forEach(MlflowRun::await);
        ending.clear();
    }

    private void end(RunStatus status) {
        run.ifPresent(it -> it.end(status));
        run.ifPresent(ending::add);
        run = Optional.empty();
    }

    private void begin(RunFolder folder) {
        try {
            MetricSource curves = new TrackedCurves(folder.metrics(), InstantSource.system());
            run = Optional.of(MlflowRun.start(server, describe(folder), memory(folder), curves, notes));
        } catch (IOException | RuntimeException | OutOfMemoryError e) { // Too many threads are out of memory, too.
            notes.accept("tracking: the run cannot be described, and goes on without it: " + e.getMessage());
        }
    }

    private RunDescription describe(RunFolder folder) throws IOException {
        TrainConfig config = folder.readConfig();
        Plan plan = Plan.read(folder.plan());
        Split split = Json.read(folder.split(), Split.class);
        Provenance provenance = Yaml.read(folder.provenance(), Provenance.class);
        SortedMap<String, String> parameters = new TreeMap<>(Json.leaves(config));
        Json.leaves(plan).forEach((key, value) -> parameters.put("plan." + key, value));
        parameters.put("split.training", Integer.toString(split.training().size()));
        parameters.put("split.validation", Integer.toString(split.validation().size()));
        TreeMap<String, String> tags = new TreeMap<>();
        String name = name(folder.path());
        tags.put("mlflow.runName", name);
        tags.put("mlflow.source.name", "unet4j");
        tags.put("mlflow.source.type", "LOCAL");
        tags.put("mlflow.source.git.commit", Build.here().commit());
        tags.put("mlflow.user", System.getProperty("user.name", "unknown"));
        tags.put("unet4j.version", Build.here().version());
        tags.put("unet4j.device", provenance.device());
        tags.put(
                "unet4j.steps",
                Integer.toString(config.steps())); // A parameter could not change where a run is extended.
        return new RunDescription(experiment, name, parameters, tags);
    }

    private String name(Path folder) {
        Path from = base.toAbsolutePath().normalize();
        Path there = folder.toAbsolutePath().normalize();
        boolean below = there.startsWith(from) && !there.equals(from);
        return (below ? from.relativize(there) : there.getFileName()).toString().replace('\\', '/');
    }
}
