package org.unet4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.infer.ModelPackage;

/** A folder that predicts where neither Java nor libtorch is. */
@Tag("slow")
@DisabledOnOs(OS.WINDOWS)
class StandaloneTest {

    private static final long MOST_BYTES = 150_000_000;

    @TempDir
    static Path folder;

    private static Path standalone;
    private final Path out = folder.resolve("out.txt");
    private final Path err = folder.resolve("err.txt");

    private record Finished(int code, String out, String err) {}

    @BeforeAll
    static void pack() throws IOException, InterruptedException {
        TinyPhantoms.prepare(folder);
        Files.writeString(folder.resolve("config.yaml"), "validation: {every: 0}\n");
        unet4j("train ct --model unet --fold all --plan small.yaml --config config.yaml --steps 2 --out run");
        Files.writeString(
                folder.resolve("run/postprocessing.yaml"),
                "classes: {1: {largest: true, minimumMl: 0.0, fillHoles: true}}\n");
        unet4j("package run --licence NONE --standalone a/folder/of/mine");
        // It may be moved, and to where there is a blank in a name.
        standalone = Files.move(folder.resolve("a/folder/of/mine"), folder.resolve("else where"));
    }

    /** Returns this process's class path without what belongs to tests: a folder that is given away holds the whole of it. */
    private static String program() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.endsWith("test-classes"))
                .filter(entry -> !Path.of(entry)
                        .getFileName()
                        .toString()
                        .matches("(apiguardian|archunit|assertj|byte-buddy|jspecify|junit|opentest4j|surefire).*"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static void unet4j(String command) throws IOException, InterruptedException {
        Path log = folder.resolve("log.txt");
        List<String> line = new ArrayList<>(TestJava.command(program(), Main.class));
        line.addAll(List.of(command.split(" ")));
        int code = new ProcessBuilder(line)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        assertThat(code).as("%s: %s", command, Files.readString(log)).isEqualTo(Main.DONE);
    }

    /** Runs the folder's script with no variable but an empty PATH. */
    private Finished predict(Path script, String... arguments) throws IOException, InterruptedException {
        return predict(script, Map.of(), arguments);
    }

    private Finished predict(Path script, Map<String, String> variables, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(script.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        process.environment().clear();
        process.environment().put("PATH", "");
        process.environment().putAll(variables);
        int code = process.start().waitFor();
        return new Finished(code, Files.readString(out), Files.readString(err));
    }

    private static List<String> files(Path root) throws IOException {
        try (Stream<Path> tree = Files.walk(root)) {
            return tree.filter(Files::isRegularFile)
                    .map(file -> root.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void scansHaveTheLabelsThatPredictWithOnnxRuntimeGivesThem() throws IOException, InterruptedException {
        Finished finished = predict(standalone.resolve("predict"), "ct/imagesTs", "--out", "alone");
        assertThat(finished.code).as(finished.err).isEqualTo(Main.DONE);
        assertThat(finished.err)
                .doesNotContain("WARN")
                .doesNotContain("SLF4J")
                .doesNotContain("ranges of the training cases");
        unet4j("predict run ct/imagesTs --engine onnx --out full");
        List<String> labels = finished.out.lines().toList();
        assertThat(labels).isNotEmpty();
        for (String file : labels) {
            assertThat(folder.resolve(file)).hasSameBinaryContentAs(folder.resolve(file.replace("alone", "full")));
        }
        assertThat(folder.resolve("alone/manifest.json")).content().contains("ONNX Runtime", "\"largest\" : true");
    }

    @Test
    void itHoldsWhatItNeedsAndNoLibtorch() throws IOException {
        List<String> files = files(standalone);
        assertThat(files).contains("LICENCE.txt", "README.txt", "model.onnx", "predict", "runtime/bin/java");
        assertThat(files)
                .noneMatch(file -> file.matches(".*(torch|javacpp|openblas|logback).*"))
                .noneMatch(file -> file.endsWith(".dll") || file.endsWith(".dylib"))
                .filteredOn(file -> file.startsWith("natives/"))
                .contains("natives/" + System.mapLibraryName("onnxruntime"));
        long bytes = 0;
        for (String file : files) {
            bytes += Files.size(standalone.resolve(file));
        }
        assertThat(bytes).isLessThan(MOST_BYTES);
        assertThat(standalone.resolve("LICENCE.txt")).content().isEqualTo("NONE\n");
    }

    @Test
    void everyJarOfTheDistributionComesWithItsLicence() throws IOException {
        Set<String> licences = files(standalone.resolve("licences")).stream()
                .map(file -> file.replaceFirst("/.*", ""))
                .collect(Collectors.toSet());
        List<String> jars = files(standalone.resolve("lib")).stream()
                .filter(jar -> !jar.startsWith("classes-") && !jar.startsWith("unet4j-"))
                .map(jar -> jar.replaceFirst("\\.jar$", ""))
                .toList();
        assertThat(jars).hasSizeGreaterThan(12);
        assertThat(licences).containsAll(jars);
        assertThat(files(standalone.resolve("licences"))).anyMatch(file -> file.endsWith("ThirdPartyNotices.txt"));
    }

    @Test
    void theSumsAreThoseOfTheFiles() throws IOException {
        List<String> lines = Files.readAllLines(standalone.resolve("SHA256SUMS"));
        assertThat(lines).hasSize(files(standalone).size() - 1);
        for (String line : lines) {
            String[] parts = line.split(" {2}");
            assertThat(ModelPackage.sha256(standalone.resolve(parts[1])))
                    .as(parts[1])
                    .isEqualTo(parts[0]);
        }
    }

    @Test
    void mistakesAreNamedInALine() throws IOException, InterruptedException {
        Path script = standalone.resolve("predict");
        Finished missing = predict(script, "nowhere.nii.gz", "--out", "never");
        assertThat(missing.code).isEqualTo(Main.FAILED);
        assertThat(missing.err)
                .isEqualTo("unet4j: [nowhere.nii.gz] does not exist; give a scan or a folder of scans\n");
        Finished other = predict(script, "ct/imagesTs", "--with", "run", "--out", "never");
        assertThat(other.code).isEqualTo(Main.USAGE);
        assertThat(other.err).contains("Unknown option: '--with'");
        Finished help = predict(script, "--help");
        assertThat(help.out).contains("Usage: predict INPUT... --out DIR").doesNotContain("MODEL", "libtorch");
        assertThat(predict(script, "--version").out).startsWith("unet4j ");
        Map<String, String> collector = Map.of("UNET4J_JAVA_OPTS", "-XX:+UseParallelGC");
        assertThat(predict(script, collector, "--version").out).startsWith("unet4j ");
    }

    @Test
    void aFolderThatIsThereIsNotOverwritten() throws IOException, InterruptedException {
        Files.writeString(Files.createDirectories(folder.resolve("mine")).resolve("a.txt"), "mine");
        int code = EndToEndTest.start(folder, out, err, Main.class, "package", "run", "--standalone", "mine")
                .waitFor();
        assertThat(code).isEqualTo(Main.FAILED);
        assertThat(err).content().contains("[mine] already exists: choose another --standalone");
        assertThat(folder.resolve("mine/a.txt")).hasContent("mine");
        code = EndToEndTest.start(folder, out, err, Main.class, "package", "ct", "--standalone", "new")
                .waitFor();
        assertThat(code).isEqualTo(Main.FAILED);
        assertThat(err).content().contains("[ct] is not the folder of a training run");
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).noneMatch(path -> path.getFileName().toString().contains("new"));
        }
    }
}
