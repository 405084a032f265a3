package org.unet4j.track;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Calls of MLflow's REST interface (version 2.0, which MLflow 1 to 3 have). Each returns within the given time, or throws. What a
 * request may hold at most ({@code runs/log-batch}: 1000 metrics, 100 parameters, 100 tags) is kept.
 */
final class MlflowClient {

    static final int MOST_METRICS = 1000;
    static final int MOST_ENTRIES = 100;

    private static final String MISSING = "RESOURCE_DOES_NOT_EXIST";

    private final MlflowExchange exchange;

    /**
     * What the server knows of a run.
     *
     * @param experiment the number of its experiment
     * @param active whether nobody deleted it
     * @param parameters their names
     * @param lastSteps the last step of each curve
     */
    record Known(String experiment, boolean active, List<String> parameters, Map<String, Long> lastSteps) {}

    /** Makes a client whose calls take {@code patience} at most. */
    MlflowClient(MlflowServer server, Duration patience) {
        exchange = new MlflowExchange(server, patience);
    }

    /** Returns the number of the experiment of that name, which is made where there is none. */
    String experiment(String name) throws MlflowException, InterruptedException {
        Optional<String> there = find(name);
        if (there.isPresent()) {
            return there.get();
        }
        try {
            return MlflowExchange.text(exchange.post("experiments/create", Map.of("name", name)), "experiment_id");
        } catch (MlflowException e) {
            if (e.isCode("RESOURCE_ALREADY_EXISTS")) { // Another process was faster.
                return find(name).orElseThrow(() -> e);
            }
            throw e;
        }
    }

    private Optional<String> find(String name) throws MlflowException, InterruptedException {
        try {
            JsonNode experiment = exchange.get("experiments/get-by-name", "experiment_name", name)
                    .path("experiment");
            if (experiment.path("lifecycle_stage").asString("").equals("deleted")) {
                throw new MlflowException(
                        "its experiment '" + name + "' was deleted; restore it, or name another", null);
            }
            return Optional.of(MlflowExchange.text(experiment, "experiment_id"));
        } catch (MlflowException e) {
            if (e.isCode(MISSING)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Returns the number of a new run. */
    String create(String experiment, String name, Map<String, String> tags, long startMillis)
            throws MlflowException, InterruptedException {
        Map<String, Object> request = new HashMap<>();
        request.put("experiment_id", experiment);
        request.put("run_name", name);
        request.put("start_time", startMillis);
        request.put("tags", pairs(tags));
        return MlflowExchange.text(
                exchange.post("runs/create", request).path("run").path("info"), "run_id");
    }

    /** Returns the run of {@code experiment} with that value of {@code tag}, if there is one. */
    Optional<String> find(String experiment, String tag, String value) throws MlflowException, InterruptedException {
        JsonNode runs = exchange.post(
                        "runs/search",
                        Map.of(
                                "experiment_ids",
                                List.of(experiment),
                                "filter",
                                "tags.`" + tag + "` = '" + value + "'",
                                "max_results",
                                1))
                .path("runs");
        return runs.isEmpty()
                ? Optional.empty()
                : Optional.of(MlflowExchange.text(runs.path(0).path("info"), "run_id"));
    }

    /** Returns what the server knows of a run; empty where it knows no such run. */
    Optional<Known> get(String run) throws MlflowException, InterruptedException {
        try {
            JsonNode found = exchange.get("runs/get", "run_id", run).path("run");
            List<String> parameters = new ArrayList<>();
            for (JsonNode parameter : found.path("data").path("params")) {
                parameters.add(MlflowExchange.text(parameter, "key"));
            }
            Map<String, Long> steps = new HashMap<>();
            for (JsonNode metric : found.path("data").path("metrics")) {
                // 64-bit integers are texts in the JSON of protocol buffers.
                steps.put(
                        MlflowExchange.text(metric, "key"), metric.path("step").asLong(0));
            }
            boolean active =
                    !found.path("info").path("lifecycle_stage").asString("").equals("deleted");
            return Optional.of(
                    new Known(MlflowExchange.text(found.path("info"), "experiment_id"), active, parameters, steps));
        } catch (MlflowException e) {
            if (e.isCode(MISSING)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Adds points to a run's curves. */
    void log(String run, List<Metric> metrics) throws MlflowException, InterruptedException {
        for (int from = 0; from < metrics.size(); from += MOST_METRICS) {
            List<Map<String, Object>> batch =
                    metrics.subList(from, Math.min(metrics.size(), from + MOST_METRICS)).stream()
                            .map(MlflowClient::point)
                            .toList();
            exchange.post("runs/log-batch", Map.of("run_id", run, "metrics", batch));
        }
    }

    private static Map<String, Object> point(Metric metric) {
        return Map.of(
                "key",
                RunDescription.key(metric.key()),
                "value",
                metric.value(),
                "timestamp",
                metric.timestampMillis(),
                "step",
                metric.step());
    }

    /** Adds parameters to a run, which must not have them yet. */
    void logParameters(String run, Map<String, String> parameters) throws MlflowException, InterruptedException {
        logEntries(run, "params", parameters);
    }

    /** Adds tags to a run, or changes them. */
    void logTags(String run, Map<String, String> tags) throws MlflowException, InterruptedException {
        logEntries(run, "tags", tags);
    }

    /** Sends all batches, and throws afterwards where one was refused. */
    private void logEntries(String run, String kind, Map<String, String> entries)
            throws MlflowException, InterruptedException {
        Optional<MlflowException> refused = Optional.empty();
        List<Map<String, String>> all = pairs(entries);
        for (int from = 0; from < all.size(); from += MOST_ENTRIES) {
            List<Map<String, String>> batch = all.subList(from, Math.min(all.size(), from + MOST_ENTRIES));
            try {
                exchange.post("runs/log-batch", Map.of("run_id", run, kind, batch));
            } catch (MlflowException e) {
                if (!e.isRefusal()) {
                    throw e;
                }
                refused = refused.or(() -> Optional.of(e));
            }
        }
        if (refused.isPresent()) {
            throw refused.get();
        }
    }

    private static List<Map<String, String>> pairs(Map<String, String> entries) {
        return entries.entrySet().stream()
                .map(entry -> Map.of("key", entry.getKey(), "value", entry.getValue()))
                .toList();
    }

    /** Says how a run stands; {@code endMillis} is empty where it goes on. */
    void update(String run, RunStatus status, Optional<Long> endMillis) throws MlflowException, InterruptedException {
        Map<String, Object> request = new HashMap<>(Map.of("run_id", run, "status", status.name()));
        endMillis.ifPresent(millis -> request.put("end_time", millis));
        exchange.post("runs/update", request);
    }
}
