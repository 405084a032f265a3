package org.unet4j.track;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A tracking server of MLflow. Who asks is in {@code MLFLOW_TRACKING_USERNAME} and {@code MLFLOW_TRACKING_PASSWORD}, or in
 * {@code MLFLOW_TRACKING_TOKEN}, as for MLflow's own client; it is in no text that this makes.
 */
public final class MlflowServer {

    /** The variable that names the server. */
    public static final String URI_VARIABLE = "MLFLOW_TRACKING_URI";

    private final URI uri;
    private final Optional<String> authorization;

    private MlflowServer(URI uri, Optional<String> authorization) {
        this.uri = uri;
        this.authorization = authorization;
    }

    /**
     * Returns the server at {@code address}.
     *
     * @param address {@code http} or {@code https}, a path before {@code /api/2.0/mlflow} included; a user and password in it count
     *     as if they came from the variables
     * @param environment of the process
     * @throws IllegalArgumentException if it is no such address
     */
    public static MlflowServer of(String address, Map<String, String> environment) {
        URI given = parse(address);
        Optional<String> user = Optional.ofNullable(given.getUserInfo()).or(() -> user(environment));
        Optional<String> authorization = user.map(MlflowServer::basic)
                .or(() -> value(environment, "MLFLOW_TRACKING_TOKEN").map(token -> "Bearer " + token));
        try {
            String path = given.getPath() == null ? "" : given.getPath().replaceAll("/+$", "");
            return new MlflowServer(
                    new URI(given.getScheme(), null, given.getHost(), given.getPort(), path, null, null),
                    authorization);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("it cannot be taken apart: " + e.getReason(), e);
        }
    }

    private static URI parse(String address) {
        try {
            URI given = new URI(address);
            String scheme = given.getScheme() == null ? "" : given.getScheme().toLowerCase(Locale.ROOT);
            if ((scheme.equals("http") || scheme.equals("https")) && given.getHost() != null) {
                return given;
            }
        } catch (URISyntaxException e) {
            // Its message would show the address, which may have a password in it.
        }
        throw new IllegalArgumentException(
                "the address of an MLflow server begins with http:// or https://, such as http://localhost:5000; files and"
                        + " databases are written to by a server, `mlflow server --backend-store-uri ...`");
    }

    private static Optional<String> user(Map<String, String> environment) {
        Optional<String> password = value(environment, "MLFLOW_TRACKING_PASSWORD");
        return value(environment, "MLFLOW_TRACKING_USERNAME").flatMap(name -> password.map(word -> name + ":" + word));
    }

    private static Optional<String> value(Map<String, String> environment, String variable) {
        return Optional.ofNullable(environment.get(variable)).filter(value -> !value.isBlank());
    }

    private static String basic(String user) {
        return "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns where {@code method} of the interface is, such as {@code runs/create}. */
    URI method(String method) {
        return URI.create(uri + "/api/2.0/mlflow/" + method);
    }

    /** Returns what a request says of who asks. */
    Optional<String> authorization() {
        return authorization;
    }

    /** Returns the address, without user and password. */
    @Override
    public String toString() {
        return uri.toString();
    }
}
