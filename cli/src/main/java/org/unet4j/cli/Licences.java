package org.unet4j.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The licences of jars that are given away, as folders of texts. */
final class Licences {

    /** Texts at a jar's root, in its META-INF, or where a webjar has those of the package in it. */
    private static final Pattern TEXT = Pattern.compile(
            "(META-INF/(resources/webjars/[^/]+/[^/]+/)?)?[^/]*(licen[sc]e|notice|copying)[^/]*",
            Pattern.CASE_INSENSITIVE);

    /** For jars that hold no licence: their names begin with these, and a resource beside this class has the text. */
    private static final List<String> ELSEWHERE =
            List.of("jline", "onnxruntime", "picocli", "progressbar", "snakeyaml-engine");

    private Licences() {}

    /**
     * Copies into {@code target}, for each jar in {@code lib}, what it says of its licence, into a folder of the jar's name.
     *
     * @throws IOException if nothing is known of a jar's licence and it is not this project's
     */
    static void collect(Path lib, Path target) throws IOException {
        try (Stream<Path> jars = Files.list(lib)) {
            for (Path jar : jars.sorted().toList()) {
                collectOf(jar, target);
            }
        }
    }

    private static void collectOf(Path file, Path target) throws IOException {
        String name = file.getFileName().toString();
        Path folder = target.resolve(name.replaceFirst("\\.jar$", ""));
        boolean ours;
        try (JarFile jar = new JarFile(file.toFile())) {
            ours = jar.stream().anyMatch(entry -> entry.getName().startsWith("org/unet4j/"));
            for (JarEntry text : jar.stream().filter(Licences::isText).toList()) {
                Files.createDirectories(folder);
                try (InputStream in = jar.getInputStream(text)) {
                    Files.copy(in, free(folder, text.getName()));
                }
            }
        }
        for (String known : ELSEWHERE) {
            if (name.startsWith(known)) {
                Files.createDirectories(folder);
                StandaloneFolder.copyResource("licences/" + known + ".txt", free(folder, "LICENSE.txt"));
            }
        }
        if (!ours && !Files.exists(folder)) {
            throw new IOException(
                    "[" + file.getFileName() + "] holds no licence, and none is known for it, so it may not be given"
                            + " away; leave it out of Java's class path, or report it");
        }
    }

    private static boolean isText(JarEntry entry) {
        return !entry.isDirectory() && TEXT.matcher(entry.getName()).matches();
    }

    /** Returns a file in {@code folder} for {@code entry} of a jar, which may hold one text at its root and another of its name deeper. */
    private static Path free(Path folder, String entry) {
        String name = entry.substring(entry.lastIndexOf('/') + 1);
        Path file = folder.resolve(name);
        for (int i = 2; Files.exists(file); i++) {
            file = folder.resolve(i + "-" + name);
        }
        return file;
    }
}
