package org.unet4j.track;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.unet4j.io.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Calls of MLflow's REST interface (version 2.0, which MLflow 1 to 3 have). Each returns within the given time, or throws. What a
 * request may hold at most ({@code runs/log-batch}: 1000 metrics, 100 parameters, 100 tags) is kept.
 */
final class MlflowClient {

    static final int MOST_METRICS = 1000;
    static final int MOST_ENTRIES = 100;

    private static final int MOST_BYTES = 4 << 20;
    private static final int SHOWN = 200;
    private static final String MISSING = "RESOURCE_DOES_NOT_EXIST";

    private final MlflowServer server;
    private final Duration patience;
    private final HttpClient client;

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
        this.server = server;
        this.patience = patience;
        // Redirects are not followed: they could lead whoever asks, with a password, somewhere else.
        client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(patience)
                .build();
    }

    /** Returns the number of the experiment of that name, which is made where there is none. */
    String experiment(String name) throws MlflowException, InterruptedException {
        Optional<String> there = find(name);
        if (there.isPresent()) {
            return there.get();
        }
        try {
            return text(post("experiments/create", Map.of("name", name)), "experiment_id");
        } catch (MlflowException e) {
            if (e.isCode("RESOURCE_ALREADY_EXISTS")) { // Another process was faster.
                return find(name).orElseThrow(() -> e);
            }
            throw e;
        }
    }

    private Optional<String> find(String name) throws MlflowException, InterruptedException {
        try {
            JsonNode experiment =
                    get("experiments/get-by-name", "experiment_name", name).path("experiment");
            if (experiment.path("lifecycle_stage").asString("").equals("deleted")) {
                throw new MlflowException(
                        "its experiment '" + name + "' was deleted; restore it, or name another", null);
            }
            return Optional.of(text(experiment, "experiment_id"));
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
        return text(post("runs/create", request).path("run").path("info"), "run_id");
    }

    /** Returns the run of {@code experiment} with that value of {@code tag}, if there is one. */
    Optional<String> find(String experiment, String tag, String value) throws MlflowException, InterruptedException {
        JsonNode runs = post(
                        "runs/search",
                        Map.of(
                                "experiment_ids",
                                List.of(experiment),
                                "filter",
                                "tags.`" + tag + "` = '" + value + "'",
                                "max_results",
                                1))
                .path("runs");
        return runs.isEmpty() ? Optional.empty() : Optional.of(text(runs.path(0).path("info"), "run_id"));
    }

    /** Returns what the server knows of a run; empty where it knows no such run. */
    Optional<Known> get(String run) throws MlflowException, InterruptedException {
        try {
            JsonNode found = get("runs/get", "run_id", run).path("run");
            List<String> parameters = new ArrayList<>();
            for (JsonNode parameter : found.path("data").path("params")) {
                parameters.add(text(parameter, "key"));
            }
            Map<String, Long> steps = new HashMap<>();
            for (JsonNode metric : found.path("data").path("metrics")) {
                // 64-bit integers are texts in the JSON of protocol buffers.
                steps.put(text(metric, "key"), metric.path("step").asLong(0));
            }
            boolean active =
                    !found.path("info").path("lifecycle_stage").asString("").equals("deleted");
            return Optional.of(new Known(text(found.path("info"), "experiment_id"), active, parameters, steps));
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
            post("runs/log-batch", Map.of("run_id", run, "metrics", batch));
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
                post("runs/log-batch", Map.of("run_id", run, kind, batch));
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
        post("runs/update", request);
    }

    private JsonNode get(String method, String key, String value) throws MlflowException, InterruptedException {
        URI uri =
                URI.create(server.method(method) + "?" + key + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8));
        return answer(HttpRequest.newBuilder(uri).GET());
    }

    private JsonNode post(String method, Map<String, ?> request) throws MlflowException, InterruptedException {
        return answer(HttpRequest.newBuilder(server.method(method))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(Json.line(request))));
    }

    private JsonNode answer(HttpRequest.Builder request) throws MlflowException, InterruptedException {
        request.header("Accept", "application/json").header("User-Agent", "unet4j");
        server.authorization().ifPresent(value -> request.header("Authorization", value));
        HttpResponse<byte[]> answer = send(request.build());
        String text = new String(answer.body(), StandardCharsets.UTF_8);
        if (answer.statusCode() != 200) {
            throw refusal(answer.statusCode(), text);
        }
        return tree(text).orElseThrow(() -> new MlflowException("the answer is not MLflow's: " + shown(text), null));
    }

    /** The time is that of the whole exchange: a request's own ends with the head of the answer. */
    private HttpResponse<byte[]> send(HttpRequest request) throws MlflowException, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> exchange =
                client.sendAsync(request, head -> new BoundedBody(MOST_BYTES));
        try {
            return exchange.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new MlflowException("no answer within " + patience.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw new MlflowException(reason(e.getCause()), e);
        } finally {
            exchange.cancel(true);
        }
    }

    private static String reason(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause.getMessage() != null) {
                return "cannot be reached (" + cause.getMessage() + ")";
            }
        }
        return "cannot be reached (" + e.getClass().getSimpleName() + ")";
    }

    private static MlflowException refusal(int status, String text) {
        Optional<JsonNode> error = tree(text);
        String code = error.map(e -> e.path("error_code").asString("")).orElse("");
        String message = error.map(e -> e.path("message").asString("")).orElse("");
        String words = shown(code + " " + message);
        return new MlflowException(
                "answers with status " + status + (words.isEmpty() ? "" : ": " + words), status, code);
    }

    /** Returns the beginning of a text from elsewhere, without what would move a terminal's cursor. */
    private static String shown(String text) {
        String plain = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        return plain.substring(0, Math.min(SHOWN, plain.length()));
    }

    private static Optional<JsonNode> tree(String text) {
        try {
            return Optional.of(Json.tree(text)).filter(JsonNode::isObject);
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    private static String text(JsonNode node, String key) throws MlflowException {
        String text = node.path(key).asString("");
        if (text.isEmpty()) {
            throw new MlflowException("the answer is not MLflow's: it has no " + key, null);
        }
        return text;
    }
}
