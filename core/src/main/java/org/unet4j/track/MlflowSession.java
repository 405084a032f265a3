package org.unet4j.track;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import org.unet4j.io.Json;

/** One process's part of a run at the server: found there or made, described once, and told what is new. */
final class MlflowSession {

    /** The tag by which a run is found again that was made by a request whose answer did not come. */
    private static final String KEY = "unet4j.key";

    private final MlflowServer server;
    private final MlflowClient client;
    private final RunDescription description;
    private final Path memory;
    private final Consumer<String> notes;
    private final String key = UUID.randomUUID().toString();
    private final long startMillis = System.currentTimeMillis();
    private boolean asked;
    private boolean toldRefused;
    private Optional<String> run = Optional.empty();
    private boolean open;
    private Map<String, Long> lastSteps = new HashMap<>();

    MlflowSession(
            MlflowServer server, RunDescription description, Path memory, Duration patience, Consumer<String> notes) {
        this.server = server;
        this.client = new MlflowClient(server, patience);
        this.description = description;
        this.memory = memory;
        this.notes = notes;
    }

    /** Returns once the server has the run and its description; does what is left of that where it was called before. */
    void open() throws IOException, InterruptedException {
        if (open) {
            return;
        }
        Optional<MlflowClient.Known> known = run.isPresent() ? client.get(run.get()) : remembered();
        if (known.isEmpty()) {
            run = Optional.of(made());
            Json.write(memory, new RunMemory(server.toString(), description.experiment(), run.get()));
            known = client.get(run.get());
        }
        MlflowClient.Known there = known.orElseThrow(
                () -> new MlflowException("the answer is not MLflow's: it does not know the run that it made", null));
        lastSteps = new HashMap<>(there.lastSteps());
        SortedMap<String, String> missing = new TreeMap<>(description.parameters());
        missing.keySet().removeAll(there.parameters());
        describe(() -> client.logParameters(run.get(), missing));
        describe(() -> client.logTags(run.get(), description.tags()));
        client.update(run.get(), RunStatus.RUNNING, Optional.empty());
        open = true;
    }

    /** Tells of the run. */
    @FunctionalInterface
    private interface Words {
        void send() throws MlflowException, InterruptedException;
    }

    /** What is refused would always be, and is no reason to keep the curves back. */
    private void describe(Words words) throws MlflowException, InterruptedException {
        try {
            words.send();
        } catch (MlflowException e) {
            if (!e.isRefusal()) {
                throw e;
            }
            if (!toldRefused) {
                toldRefused = true;
                notes.accept("tracking: [" + server
                        + "] does not take all that describes the run, and gets its curves: " + e.getMessage());
            }
        }
    }

    /** Returns what the server knows of the run that the folder remembers; empty where it remembers none, or the server does not. */
    private Optional<MlflowClient.Known> remembered() throws IOException, InterruptedException {
        Optional<RunMemory> here = RunMemory.read(memory)
                .filter(it ->
                        it.server().equals(server.toString()) && it.experiment().equals(description.experiment()));
        if (here.isEmpty()) {
            return Optional.empty();
        }
        Optional<MlflowClient.Known> known = client.get(here.get().run()).filter(MlflowClient.Known::active);
        if (known.isPresent()) {
            run = Optional.of(here.get().run());
        } else {
            notes.accept("tracking: [" + server + "] has no run " + here.get().run() + " any more; it gets a new one");
        }
        return known;
    }

    private String made() throws MlflowException, InterruptedException {
        String experiment = client.experiment(description.experiment());
        Optional<String> before = asked ? client.find(experiment, KEY, key) : Optional.empty();
        if (before.isPresent()) {
            return before.get();
        }
        asked = true;
        // With no other tag, for one that is refused would keep the run from being made.
        return client.create(experiment, description.name(), Map.of(KEY, key), startMillis);
    }

    /** Returns those of {@code metrics} that lie behind what the server had when the run was opened. */
    List<Metric> unknown(List<Metric> metrics) {
        return metrics.stream()
                .filter(metric -> metric.step() > lastSteps.getOrDefault(RunDescription.key(metric.key()), 0L))
                .toList();
    }

    void log(List<Metric> metrics) throws MlflowException, InterruptedException {
        client.log(run.orElseThrow(), metrics);
    }

    void close(RunStatus status) throws MlflowException, InterruptedException {
        client.update(run.orElseThrow(), status, Optional.of(System.currentTimeMillis()));
    }
}
