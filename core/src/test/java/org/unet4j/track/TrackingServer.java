package org.unet4j.track;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.unet4j.io.Json;
import tools.jackson.databind.JsonNode;

/**
 * A tracking server on the loopback address that holds every request against MLflow's REST interface ({@link MlflowRules}), keeps
 * what it is told, and can be made to go away, hang, or answer nonsense.
 */
public final class TrackingServer implements AutoCloseable {

    /** What a server answers. */
    public record Answer(int status, String body) {
        static Answer error(int status, String code, String message) {
            return new Answer(status, Json.line(Map.of("error_code", code, "message", message)));
        }
    }

    /** A run as the server has it. */
    public static final class Run {
        public final String id;
        public final String experiment;
        public final Map<String, String> parameters = new LinkedHashMap<>();
        public final Map<String, String> tags = new LinkedHashMap<>();
        public final Map<String, List<Metric>> metrics = new LinkedHashMap<>();
        public String status = "RUNNING";
        public String name = "";
        public long endMillis;
        public boolean deleted;

        Run(String id, String experiment) {
            this.id = id;
            this.experiment = experiment;
        }

        /** Returns the steps of a curve in the order in which they came. */
        public List<Long> steps(String key) {
            return metrics.getOrDefault(key, List.of()).stream()
                    .map(Metric::step)
                    .toList();
        }
    }

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, String> experiments = new LinkedHashMap<>();
    private final Map<String, Run> runs = new LinkedHashMap<>();
    private final List<String> violations = Collections.synchronizedList(new ArrayList<>());
    private final List<String> calls = Collections.synchronizedList(new ArrayList<>());
    private final List<String> authorizations = Collections.synchronizedList(new ArrayList<>());
    private volatile BiFunction<JsonNode, Answer, Answer> mood = (request, answer) -> answer;
    private HttpServer server;

    /** Starts one on a free port. */
    public TrackingServer() throws IOException {
        start(0);
    }

    private void start(int port) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    public String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Goes away; the port is free. */
    public int stop() {
        int port = server.getAddress().getPort();
        server.stop(0);
        return port;
    }

    /** Comes back with what it knew. */
    public void restart(int port) throws IOException {
        start(port);
    }

    /** Changes what is answered, after what was asked has been done. */
    public void setMood(UnaryOperator<Answer> change) {
        mood = (request, answer) -> change.apply(answer);
    }

    /** Changes what is answered by what was asked, after it has been done. */
    void setMoodOf(BiFunction<JsonNode, Answer, Answer> change) {
        mood = change;
    }

    /** Returns what was wrong with requests. */
    public List<String> violations() {
        return List.copyOf(violations);
    }

    /** Returns the methods that were called. */
    public List<String> calls() {
        return List.copyOf(calls);
    }

    public List<String> authorizations() {
        return List.copyOf(authorizations);
    }

    public synchronized List<Run> runs() {
        return List.copyOf(runs.values());
    }

    public synchronized Map<String, String> experiments() {
        return Map.copyOf(experiments);
    }

    /** Deletes an experiment's or a run's data for good. */
    public synchronized void forget(String run) {
        runs.remove(run);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String method = exchange.getRequestURI().getPath().replace("/api/2.0/mlflow/", "");
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        calls.add(method);
        authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
        Answer answer;
        JsonNode request = Json.tree("{}");
        try {
            request = MlflowRules.request(exchange, body);
            answer = answer(method, request);
        } catch (IllegalArgumentException e) {
            violations.add(method + ": " + e.getMessage() + " in " + body);
            answer = Answer.error(400, "INVALID_PARAMETER_VALUE", e.getMessage());
        }
        Answer given = mood.apply(request, answer);
        byte[] bytes = given.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(given.status(), bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private synchronized Answer answer(String method, JsonNode request) {
        return switch (method) {
            case "experiments/get-by-name" ->
                byName(request.path("experiment_name").asString());
            case "experiments/create" -> createExperiment(request.path("name").asString());
            case "runs/create" -> create(request);
            case "runs/search" -> search(request);
            default -> {
                Run run = runs.get(request.path("run_id").asString());
                yield run == null
                        ? Answer.error(404, "RESOURCE_DOES_NOT_EXIST", "Run '" + request.path("run_id") + "' not found")
                        : ofRun(method, run, request);
            }
        };
    }

    private Answer byName(String name) {
        return experiments.containsKey(name)
                ? ok(Map.of(
                        "experiment",
                        Map.of("experiment_id", experiments.get(name), "name", name, "lifecycle_stage", "active")))
                : Answer.error(404, "RESOURCE_DOES_NOT_EXIST", "Could not find experiment with name '" + name + "'");
    }

    private Answer createExperiment(String name) {
        if (experiments.containsKey(name)) {
            return Answer.error(400, "RESOURCE_ALREADY_EXISTS", "Experiment '" + name + "' already exists.");
        }
        experiments.put(name, Integer.toString(experiments.size() + 1));
        return ok(Map.of("experiment_id", experiments.get(name)));
    }

    private Answer create(JsonNode request) {
        Run run =
                new Run("run" + (runs.size() + 1), request.path("experiment_id").asString());
        run.name = request.path("run_name").asString("");
        request.path("tags")
                .forEach(tag -> run.tags.put(
                        tag.path("key").asString(), tag.path("value").asString()));
        runs.put(run.id, run);
        return ok(Map.of("run", Map.of("info", info(run), "data", Map.of())));
    }

    private Answer search(JsonNode request) {
        String filter = request.path("filter").asString();
        List<Map<String, Object>> found = runs.values().stream()
                .filter(run -> run.tags.entrySet().stream()
                        .anyMatch(tag -> filter.equals("tags.`" + tag.getKey() + "` = '" + tag.getValue() + "'")))
                .map(run -> Map.<String, Object>of("info", info(run)))
                .toList();
        return ok(found.isEmpty() ? Map.of() : Map.of("runs", found)); // Empty fields are left out, as protobuf does.
    }

    private Answer ofRun(String method, Run run, JsonNode request) {
        return switch (method) {
            case "runs/get" -> ok(Map.of("run", Map.of("info", info(run), "data", data(run))));
            case "runs/update" -> update(run, request);
            default -> log(run, request);
        };
    }

    private static Answer update(Run run, JsonNode request) {
        run.status = request.path("status").asString(run.status);
        run.endMillis = request.path("end_time").asLong(0);
        return ok(Map.of());
    }

    private static Answer log(Run run, JsonNode request) {
        if (run.deleted) {
            return Answer.error(400, "INVALID_PARAMETER_VALUE", "The run must be in the 'active' state");
        }
        for (JsonNode parameter : request.path("params")) {
            String value = parameter.path("value").asString();
            String old = run.parameters.putIfAbsent(parameter.path("key").asString(), value);
            if (old != null && !old.equals(value)) {
                return Answer.error(400, "INVALID_PARAMETER_VALUE", "Changing param values is not allowed");
            }
        }
        for (JsonNode tag : request.path("tags")) {
            run.tags.put(tag.path("key").asString(), tag.path("value").asString());
        }
        for (JsonNode point : request.path("metrics")) {
            run.metrics
                    .computeIfAbsent(point.path("key").asString(), key -> new ArrayList<>())
                    .add(MlflowRules.metric(point));
        }
        return ok(Map.of());
    }

    private static Map<String, Object> info(Run run) {
        return Map.of(
                "run_id", run.id,
                "experiment_id", run.experiment,
                "status", run.status,
                "lifecycle_stage", run.deleted ? "deleted" : "active");
    }

    private static Map<String, Object> data(Run run) {
        return Map.of(
                "params",
                run.parameters.entrySet().stream()
                        .map(entry -> Map.of("key", entry.getKey(), "value", entry.getValue()))
                        .toList(),
                "metrics",
                run.metrics.entrySet().stream()
                        .map(entry -> Map.of(
                                "key",
                                entry.getKey(),
                                "step",
                                // A text, as the JSON of protocol buffers has it.
                                Long.toString(entry.getValue().stream()
                                        .mapToLong(Metric::step)
                                        .max()
                                        .orElseThrow())))
                        .toList());
    }

    private static Answer ok(Map<String, ?> body) {
        return new Answer(200, Json.line(body));
    }
}
