package org.unet4j.cli;

import java.util.HashSet;
import java.util.List;
import org.unet4j.model.ModelSpec;
import picocli.CommandLine.Option;

/** Which networks a command compares. */
final class ModelsOption {

    @Option(
            names = "--models",
            split = ",",
            paramLabel = "LIST",
            description = "Names with commas between them (default: all four).")
    private List<String> models = ModelSpec.names();

    /** Returns the names, at least one, all different and known. */
    List<String> names() {
        if (new HashSet<>(models).size() < models.size()) {
            throw new UsageException("--models " + String.join(",", models) + " names a network twice");
        }
        for (String model : models) {
            if (!ModelSpec.names().contains(model)) {
                throw new UsageException(
                        "--models " + model + " is unknown; choose among " + String.join(", ", ModelSpec.names()));
            }
        }
        return models;
    }
}
