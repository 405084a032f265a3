package org.unet4j.export;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.unet4j.io.Build;
import org.unet4j.io.Json;
import org.unet4j.io.Yaml;
import org.unet4j.prep.Plan;
import org.unet4j.prep.TrainingRanges;

/** What goes with an exported network so that the file is enough to use it: texts by name, in ONNX and TorchScript alike. */
public final class Metadata {

    private static final String PLAN = "unet4j.plan";
    private static final String LABELS = "unet4j.labels";
    private static final String MODEL = "unet4j.model";
    private static final String VERSION = "unet4j.version";
    private static final String POST_PROCESSING = "unet4j.postprocessing";
    private static final String RANGES = "unet4j.ranges";

    private Metadata() {}

    /**
     * Returns the plan, the names of the classes and the network's spec as JSON, the version of unet4j with its commit, and the
     * run's post-processing and the ranges of its training cases as YAML where it has them.
     */
    static SortedMap<String, String> of(TrainedNetwork trained) {
        Build build = Build.here();
        SortedMap<String, String> texts = new TreeMap<>(Map.of(
                PLAN, Json.line(trained.plan()),
                LABELS, Json.line(trained.plan().classes()),
                MODEL, Json.line(trained.spec()),
                VERSION, build.version() + " " + build.commit()));
        trained.postProcessing().ifPresent(yaml -> texts.put(POST_PROCESSING, yaml));
        trained.ranges().ifPresent(ranges -> texts.put(RANGES, Yaml.toString(ranges)));
        return texts;
    }

    /**
     * Returns the plan in the metadata of an exported network.
     *
     * @param file whose metadata it is, for messages
     * @throws IOException if there is none, or not one of this version
     */
    public static Plan plan(Path file, Map<String, String> metadata) throws IOException {
        String plan = metadata.get(PLAN);
        if (plan == null) {
            throw new IOException("[" + file + "] does not say how scans are prepared for it (no '" + PLAN
                    + "' in its metadata): it was not written by unet4j export");
        }
        return Json.parse(file, plan, Plan.class);
    }

    /** Returns what is done to labels after the network, as the run's {@code postprocessing.yaml} says it; empty for nothing. */
    public static Optional<String> postProcessing(Map<String, String> metadata) {
        return Optional.ofNullable(metadata.get(POST_PROCESSING));
    }

    /**
     * Returns what the network has seen; empty where the file does not say.
     *
     * @param file whose metadata it is, for messages
     * @throws IOException if it cannot be understood
     */
    public static Optional<TrainingRanges> ranges(Path file, Map<String, String> metadata) throws IOException {
        String yaml = metadata.get(RANGES);
        return yaml == null ? Optional.empty() : Optional.of(Yaml.parse(file, yaml, TrainingRanges.class));
    }

    /** Returns a few words about the network, for people. */
    static String description(TrainedNetwork trained) {
        return trained.spec().name() + " for " + trained.plan().dataset()
                + ", prepared images (batch, channels, depth, height," + " width) to logits; sizes divisible by "
                + trained.spec().topology().divisor();
    }
}
