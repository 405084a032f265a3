package org.unet4j.track;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.unet4j.io.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Requests to an MLflow server and its answers, JSON for JSON. Each returns within the given time, or throws in words. */
final class MlflowExchange {

    private static final int MOST_BYTES = 4 << 20;
    private static final int SHOWN = 200;

    private final MlflowServer server;
    private final Duration patience;
    private final HttpClient client;

    MlflowExchange(MlflowServer server, Duration patience) {
        this.server = server;
        this.patience = patience;
        // Redirects are not followed: they could lead whoever asks, with a password, somewhere else.
        client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(patience)
                .build();
    }

    /** Returns the answer to a GET of {@code method} with one field. */
    JsonNode get(String method, String key, String value) throws MlflowException, InterruptedException {
        URI uri =
                URI.create(server.method(method) + "?" + key + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8));
        return answer(HttpRequest.newBuilder(uri).GET());
    }

    /** Returns the answer to a POST of {@code request} to {@code method}. */
    JsonNode post(String method, Map<String, ?> request) throws MlflowException, InterruptedException {
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

    /** Returns a text of an answer, which must be there. */
    static String text(JsonNode node, String key) throws MlflowException {
        String text = node.path(key).asString("");
        if (text.isEmpty()) {
            throw new MlflowException("the answer is not MLflow's: it has no " + key, null);
        }
        return text;
    }
}
