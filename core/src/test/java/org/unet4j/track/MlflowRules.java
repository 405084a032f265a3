package org.unet4j.track;

import com.sun.net.httpserver.HttpExchange;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.unet4j.io.Json;
import tools.jackson.databind.JsonNode;

/**
 * What MLflow's REST interface (service.proto, "REST API", version 2.0) says of the requests that we make: method, fields and
 * their types, what must be there, and the limits of {@code runs/log-batch}, the strictest of those that versions since 1.0 document.
 */
final class MlflowRules {

    private static final Set<String> STATUS = Set.of("RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED");
    private static final int MOST_BYTES = 1_000_000;

    /** A field of a request. */
    private record Field(String name, boolean required, Predicate<JsonNode> valid) {}

    private static final Map<String, List<Field>> METHODS = Map.of(
            "GET experiments/get-by-name",
            List.of(new Field("experiment_name", true, MlflowRules::isText)),
            "POST experiments/create",
            List.of(
                    new Field("name", true, MlflowRules::isText),
                    new Field("artifact_location", false, MlflowRules::isText),
                    new Field("tags", false, entries(100, 5000))),
            "POST runs/create",
            List.of(
                    new Field("experiment_id", true, MlflowRules::isText),
                    new Field("user_id", false, MlflowRules::isText),
                    new Field("run_name", false, MlflowRules::isText),
                    new Field("start_time", false, JsonNode::canConvertToLong),
                    new Field("tags", false, entries(100, 5000))),
            "POST runs/search",
            List.of(
                    new Field("experiment_ids", true, JsonNode::isArray),
                    new Field("filter", false, MlflowRules::isText),
                    new Field("run_view_type", false, MlflowRules::isText),
                    new Field("max_results", false, node -> node.isInt() && node.asInt() <= 50_000),
                    new Field("order_by", false, JsonNode::isArray),
                    new Field("page_token", false, MlflowRules::isText)),
            "GET runs/get",
            List.of(new Field("run_id", true, MlflowRules::isText)),
            "POST runs/log-batch",
            List.of(
                    new Field("run_id", true, MlflowRules::isText),
                    new Field("metrics", false, MlflowRules::areMetrics),
                    new Field("params", false, entries(100, 500)),
                    new Field("tags", false, entries(100, 5000))),
            "POST runs/update",
            List.of(
                    new Field("run_id", true, MlflowRules::isText),
                    new Field("status", false, node -> STATUS.contains(node.asString(""))),
                    new Field("end_time", false, JsonNode::canConvertToLong),
                    new Field("run_name", false, MlflowRules::isText)));

    private MlflowRules() {}

    /** Returns the request, those of its fields that are in the address included; an exception says what is wrong with it. */
    static JsonNode request(HttpExchange exchange, String body) {
        String path = exchange.getRequestURI().getPath();
        require(path.startsWith("/api/2.0/mlflow/"), "the path " + path);
        String method = exchange.getRequestMethod() + " " + path.substring("/api/2.0/mlflow/".length());
        List<Field> fields = METHODS.get(method);
        require(fields != null, "no such method: " + method);
        require(body.length() <= MOST_BYTES, "a body of " + body.length() + " bytes");
        JsonNode request;
        if (method.startsWith("GET")) {
            require(body.isEmpty(), "a body of a GET");
            request = Json.tree(Json.line(query(exchange.getRequestURI().getRawQuery())));
        } else {
            String type = exchange.getRequestHeaders().getFirst("Content-Type");
            require("application/json".equals(type), "the type " + type);
            request = Json.tree(body);
        }
        require(request.isObject(), "no object");
        check(fields, request);
        return request;
    }

    private static void check(List<Field> fields, JsonNode object) {
        for (String key : object.propertyNames()) {
            require(fields.stream().anyMatch(field -> field.name().equals(key)), "an unknown field " + key);
        }
        for (Field field : fields) {
            require(!field.required() || object.has(field.name()), "a missing field " + field.name());
            require(
                    !object.has(field.name()) || field.valid().test(object.get(field.name())),
                    "the value of " + field.name());
        }
    }

    private static Map<String, String> query(String raw) {
        String[] pair = raw.split("=", 2);
        return Map.of(pair[0], URLDecoder.decode(pair[1], StandardCharsets.UTF_8));
    }

    private static boolean areMetrics(JsonNode array) {
        require(array.isArray() && array.size() <= 1000, array.size() + " metrics");
        array.forEach(metric -> check(
                List.of(
                        new Field("key", true, MlflowRules::isKey),
                        new Field("value", true, MlflowRules::isDouble),
                        new Field(
                                "timestamp",
                                true,
                                node -> node.canConvertToLong() && node.asLong() > 1_500_000_000_000L),
                        new Field("step", false, JsonNode::canConvertToLong)),
                metric));
        return true;
    }

    private static Predicate<JsonNode> entries(int most, int longest) {
        return array -> {
            require(array.isArray() && array.size() <= most, array.size() + " entries");
            array.forEach(entry -> check(
                    List.of(
                            new Field("key", true, MlflowRules::isKey),
                            new Field(
                                    "value",
                                    true,
                                    value ->
                                            value.isString() && value.asString().length() <= longest)),
                    entry));
            return true;
        };
    }

    private static boolean isText(JsonNode node) {
        return node.isString() && !node.asString().isEmpty();
    }

    private static boolean isKey(JsonNode key) {
        return isText(key)
                && key.asString().length() <= 250
                && key.asString().matches("[A-Za-z0-9_./ -]+")
                && Arrays.stream(key.asString().split("/", -1)).noneMatch(part -> part.isEmpty() || part.equals(".."));
    }

    /** A double of protocol buffers' JSON: a number, or one of three texts. */
    private static boolean isDouble(JsonNode value) {
        return value.isNumber() || Set.of("NaN", "Infinity", "-Infinity").contains(value.asString(""));
    }

    /** Returns a metric that was found right. */
    static Metric metric(JsonNode point) {
        JsonNode value = point.path("value");
        return new Metric(
                point.path("key").asString(),
                value.isNumber() ? value.asDouble() : Double.parseDouble(value.asString()),
                point.path("timestamp").asLong(),
                point.path("step").asLong());
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalArgumentException(what + " is not as MLflow's interface says");
        }
    }
}
