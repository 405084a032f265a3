package org.unet4j.infer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.unet4j.io.Yaml;

/**
 * Several trained networks that are given as one model: {@code ensemble.yaml}, in a folder of its own.
 *
 * @param models run folders, packages or ONNX files, at least one; as seen from the folder of the file, with slashes between names
 */
public record EnsembleFile(List<String> models) {

    static final String NAME = "ensemble.yaml";

    /** Checks that there is a model. */
    public EnsembleFile {
        models = List.copyOf(models);
        if (models.isEmpty()) {
            throw new IllegalArgumentException("models is empty: an ensemble needs at least one");
        }
    }

    /** Returns whether {@code model} is such a file, or a folder with one. */
    public static boolean isAt(Path model) {
        return fileName(model).equals(NAME) || Files.exists(model.resolve(NAME));
    }

    private static String fileName(Path path) {
        return path.getFileName() == null ? "" : path.getFileName().toString();
    }

    /**
     * Returns the models that {@code model} stands for: itself, where it is no ensemble.
     *
     * @throws IOException if the file cannot be read, or names what does not exist or is an ensemble too
     */
    public static List<Path> models(Path model) throws IOException {
        if (!isAt(model)) {
            return List.of(model);
        }
        Path file = fileName(model).equals(NAME) ? model : model.resolve(NAME);
        List<Path> models = new ArrayList<>();
        for (String one : Yaml.read(file, EnsembleFile.class).models) {
            Path member = file.resolveSibling(one).normalize();
            if (!Files.exists(member)) {
                throw new IOException("[" + file + "] names " + one + ", which is not there: an ensemble moves together"
                        + " with its models; correct the file");
            }
            if (isAt(member)) {
                throw new IOException("[" + file + "] names " + one + ", which is an ensemble too: name its models");
            }
            models.add(member);
        }
        return models;
    }

    /** Writes the ensemble of {@code models} into {@code folder}. */
    public static void write(Path folder, List<Path> models) throws IOException {
        Path from = folder.toAbsolutePath().normalize();
        Yaml.write(
                folder.resolve(NAME),
                new EnsembleFile(models.stream()
                        .map(model -> from.relativize(model.toAbsolutePath().normalize())
                                .toString()
                                .replace('\\', '/'))
                        .toList()));
    }
}
