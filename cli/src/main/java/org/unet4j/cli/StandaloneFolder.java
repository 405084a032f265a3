package org.unet4j.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Stream;
import org.unet4j.export.Export;
import org.unet4j.export.Onnx;
import org.unet4j.export.OnnxNatives;
import org.unet4j.export.TrainedFiles;
import org.unet4j.export.TrainedNetwork;
import org.unet4j.infer.ModelPackage;
import org.unet4j.infer.PostProcessing;
import org.unet4j.infer.Weights;
import org.unet4j.io.AtomicFile;
import org.unet4j.io.FolderTree;

/** A folder that segments scans on a machine without Java and without libtorch, of this system and processor. */
final class StandaloneFolder {

    private static final String RESOURCES = "standalone/";

    private StandaloneFolder() {}

    /**
     * Writes the folder; it appears whole or not at all.
     *
     * @param model a run folder, or a package of one
     * @param licence a note for people who get the folder: who may use the weights, and for what
     * @throws FileAlreadyExistsException if {@code target} is there
     * @throws IOException if there is no trained network, this Java is no whole JDK, or a file cannot be written
     */
    static void write(Path model, Weights weights, String licence, Path target) throws IOException {
        Path folder = target.toAbsolutePath().normalize();
        if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(
                    target.toString(), null, "choose another --standalone, or delete it first; nothing is overwritten");
        }
        Path unfinished = folder.resolveSibling("." + folder.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            Files.createDirectories(unfinished);
            writeModel(model, weights, unfinished.resolve("model.onnx"));
            RuntimeImage.link(unfinished.resolve("runtime"));
            Path lib = Files.createDirectory(unfinished.resolve("lib"));
            ShippedJars.here().copyTo(lib);
            OnnxNatives.copyForProcessor(Files.createDirectory(unfinished.resolve("natives")));
            Licences.collect(lib, Files.createDirectory(unfinished.resolve("licences")));
            Files.writeString(unfinished.resolve("LICENCE.txt"), licence + "\n");
            copyResource("README.txt", unfinished.resolve("README.txt"));
            writeScript(unfinished);
            writeSums(unfinished);
            AtomicFile.rename(unfinished, folder);
        } finally {
            FolderTree.delete(unfinished);
        }
    }

    private static void writeModel(Path model, Weights weights, Path file) throws IOException {
        ModelPackage.open(model, run -> {
            TrainedFiles files = TrainedFiles.in(run, model, weights.fileName());
            PostProcessing.read(files.postProcessing(), files.plan());
            try (TrainedNetwork trained = TrainedNetwork.read(files)) {
                return Export.write(trained, Onnx.float32(), file);
            }
        });
    }

    private static void writeScript(Path folder) throws IOException {
        boolean windows = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("win");
        Path script = folder.resolve(windows ? "predict.cmd" : "predict");
        copyResource(script.getFileName().toString(), script);
        if (!windows && !script.toFile().setExecutable(true, false)) {
            throw new IOException("[" + script + "] cannot be made executable there; choose another place");
        }
    }

    /** Writes the SHA-256 of every file as {@code sha256sum} does and checks it. */
    private static void writeSums(Path folder) throws IOException {
        StringBuilder sums = new StringBuilder();
        try (Stream<Path> tree = Files.walk(folder)) {
            List<Path> files = tree.filter(Files::isRegularFile).sorted().toList();
            for (Path file : files) {
                String name = folder.relativize(file).toString().replace('\\', '/');
                sums.append(ModelPackage.sha256(file)).append("  ").append(name).append('\n');
            }
        }
        Files.writeString(folder.resolve("SHA256SUMS"), sums);
    }

    /** Copies a text that belongs to standalone folders. */
    static void copyResource(String name, Path to) throws IOException {
        try (InputStream in = StandaloneFolder.class.getResourceAsStream(RESOURCES + name)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            Files.writeString(to, name.endsWith(".cmd") ? text.replace("\r", "").replace("\n", "\r\n") : text);
        }
    }
}
