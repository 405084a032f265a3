package org.unet4j.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.unet4j.track.MlflowServer;
import org.unet4j.train.Listeners;
import org.unet4j.train.Tracking;
import org.unet4j.train.TrainListener;
import picocli.CommandLine.Option;

/** Who else is told of trainings. */
final class TrackOption {
    private static final String MLFLOW = "mlflow";
    private static final String EXPERIMENT_VARIABLE = "MLFLOW_EXPERIMENT_NAME";

    @Option(
            names = "--track",
            paramLabel = "mlflow[:URI][#EXPERIMENT]",
            description = {
                "Tell an MLflow server of each training: settings, curves, how it ended. While the server is away the training"
                        + " goes on, and the server gets the rest when it is back.",
                "Default of URI: $MLFLOW_TRACKING_URI; of EXPERIMENT: $MLFLOW_EXPERIMENT_NAME, else the dataset's name."
                        + " Who asks: $MLFLOW_TRACKING_USERNAME and $MLFLOW_TRACKING_PASSWORD, or $MLFLOW_TRACKING_TOKEN."
            })
    private String track;

    /** Checks what was given, before the long work. */
    void requireValid(Map<String, String> environment) {
        if (track != null) {
            server(environment);
        }
    }

    /**
     * Returns who is told; it must be closed.
     *
     * @param dataset the experiment's name where none is given
     * @param base runs are called after their folders' paths below this one
     */
    Tracked tracked(Map<String, String> environment, String dataset, Path base, Terminal shown) {
        if (track == null) {
            return new Tracked(Optional.empty());
        }
        String experiment =
                part('#').or(() -> variable(environment, EXPERIMENT_VARIABLE)).orElse(dataset);
        return new Tracked(Optional.of(new Tracking(server(environment), experiment, base, shown::note)));
    }

    private MlflowServer server(Map<String, String> environment) {
        String address = track.contains("#") ? track.substring(0, track.indexOf('#')) : track;
        if (!address.equals(MLFLOW) && !address.startsWith(MLFLOW + ":")) {
            throw new UsageException(
                    "--track begins with `mlflow`, such as mlflow:http://localhost:5000#my-experiment");
        }
        String uri = address.equals(MLFLOW)
                ? variable(environment, MlflowServer.URI_VARIABLE)
                        .orElseThrow(() -> new UsageException("--track mlflow needs the server's address: add it, as in"
                                + " --track mlflow:http://localhost:5000, or set " + MlflowServer.URI_VARIABLE))
                : address.substring(MLFLOW.length() + 1);
        try {
            return MlflowServer.of(uri, environment);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--track: " + e.getMessage());
        }
    }

    /** Returns what stands behind {@code mark}. */
    private Optional<String> part(char mark) {
        int at = track.indexOf(mark);
        return at < 0 ? Optional.empty() : Optional.of(track.substring(at + 1)).filter(text -> !text.isBlank());
    }

    private static Optional<String> variable(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    /**
     * Who else hears of trainings.
     *
     * @param tracking empty where nobody does
     */
    record Tracked(Optional<Tracking> tracking) implements AutoCloseable {

        /** Returns {@code shown} and whoever else hears. */
        TrainListener with(TrainListener shown) {
            return tracking.isPresent() ? new Listeners(List.of(shown, tracking.get())) : shown;
        }

        /** Says of a training that has not ended that it failed. */
        @Override
        public void close() {
            tracking.ifPresent(Tracking::close);
        }
    }
}
