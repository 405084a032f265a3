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

    private static final Pattern TEXT =
            Pattern.compile("(META-INF/)?[^/]*(licen[sc]e|notice|copying)[^/]*", Pattern.CASE_INSENSITIVE);

    /** For jars that hold no licence: their names begin with these, and a resource beside this class has the text. */
    private static final List<String> ELSEWHERE =
            List.of("jline", "onnxruntime", "picocli", "progressbar", "snakeyaml-engine");

    private Licences() {}

    /** Copies into {@code target}, for each jar in {@code lib}, what it says of its licence, into a folder of the jar's name. */
    static void collect(Path lib, Path target) throws IOException {
        try (Stream<Path> jars = Files.list(lib)) {
            for (Path jar : jars.sorted().toList()) {
                collectOf(jar, target);
            }
        }
    }

    private static void collectOf(Path file, Path target) throws IOException {
        Path folder = target.resolve(file.getFileName().toString().replaceFirst("\\.jar$", ""));
        try (JarFile jar = new JarFile(file.toFile())) {
            List<JarEntry> texts = jar.stream()
                    .filter(entry -> TEXT.matcher(entry.getName()).matches())
                    .filter(entry -> !entry.isDirectory())
                    .toList();
            for (JarEntry text : texts) {
                Files.createDirectories(folder);
                Path name = Path.of(text.getName()).getFileName();
                try (InputStream in = jar.getInputStream(text)) {
                    Files.copy(in, folder.resolve(name));
                }
            }
        }
        for (String name : ELSEWHERE) {
            if (file.getFileName().toString().startsWith(name)) {
                Files.createDirectories(folder);
                StandaloneFolder.copyResource("licences/" + name + ".txt", folder.resolve("LICENSE.txt"));
            }
        }
    }
}
