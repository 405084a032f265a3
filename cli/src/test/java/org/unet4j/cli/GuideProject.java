package org.unet4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The Maven project of a person who uses the library, in a folder of its own. The library is installed from a copy of these sources, by the
 * guide's command, into a local repository of its own, which reads from that of this build what it lacks: nothing is downloaded.
 */
final class GuideProject {

    private static final long PATIENCE_MINUTES = 20;
    private static final Path ROOT = Path.of("..");
    private static final String POM = """
            <project xmlns="http://maven.apache.org/POM/4.0.0">
              <modelVersion>4.0.0</modelVersion>
              <groupId>org.example</groupId>
              <artifactId>service</artifactId>
              <version>1</version>
              <properties>
                <maven.compiler.release>17</maven.compiler.release>
                <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
              </properties>
              <dependencies>
            %s
              </dependencies>
            </project>
            """;

    private final Path folder;
    private final Path sources;

    GuideProject(Path folder) {
        this.folder = folder;
        this.sources = folder.resolve("unet4j");
    }

    /** Runs {@code command}, which installs the library, in the copy. */
    void install(String command) throws IOException, InterruptedException {
        for (String file : List.of(
                "pom.xml",
                "mvnw",
                "LICENSE",
                "NOTICE",
                ".mvn",
                "core/pom.xml",
                "core/src/main",
                "cli/pom.xml",
                "cli/src/main",
                "jmh/pom.xml",
                "jmh/src")) {
            copy(ROOT.resolve(file), sources.resolve(file));
        }
        maven(sources, command.split(" "));
    }

    /** Returns the class path of a project with these dependencies and this class, which Maven resolved and compiled. */
    String compile(String dependencies, String name, String code) throws IOException, InterruptedException {
        Path project = folder.resolve("service");
        Path java = project.resolve("src/main/java").resolve(name + ".java");
        Files.createDirectories(java.getParent());
        Files.writeString(java, code);
        Files.writeString(project.resolve("pom.xml"), POM.formatted(dependencies));
        Path classPath = folder.resolve("class-path.txt").toAbsolutePath();
        maven(
                project,
                sources.resolve("mvnw").toAbsolutePath().toString(),
                "-q",
                plugin("maven-compiler-plugin") + ":compile",
                plugin("maven-dependency-plugin") + ":build-classpath",
                "-DincludeScope=runtime",
                "-Dmdep.outputFile=" + classPath);
        return project.resolve("target/classes").toAbsolutePath() + File.pathSeparator + Files.readString(classPath);
    }

    /** Returns a plugin in the version of this build: Maven's own default may not be there. */
    private static String plugin(String name) throws IOException {
        Matcher version = Pattern.compile("<artifactId>" + name + "</artifactId>\\s*<version>(.*)</version>")
                .matcher(Files.readString(ROOT.resolve("pom.xml")));
        assertThat(version.find()).as(name).isTrue();
        return "org.apache.maven.plugins:" + name + ":" + version.group(1);
    }

    private void maven(Path place, String... command) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(command));
        line.addAll(List.of(
                "-o",
                "-Dmaven.repo.local=" + folder.resolve("repository").toAbsolutePath(),
                "-Dmaven.repo.local.tail=" + repository()));
        Path printed = folder.resolve("maven.txt");
        ProcessBuilder builder = new ProcessBuilder(line)
                .directory(place.toFile())
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(variable -> variable.startsWith("MAVEN_"));
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        try {
            assertThat(process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroy();
        }
        assertThat(process.exitValue())
                .as("%s%n%s", line, Files.readString(printed))
                .isZero();
    }

    /** Returns the local repository of this build. */
    private static String repository() {
        return System.getProperty(
                "localRepository",
                Path.of(System.getProperty("user.home"), ".m2/repository").toString());
    }

    private static void copy(Path from, Path to) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(from)) {
            files = all.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            Path target = to.resolve(from.relativize(file).toString());
            Files.createDirectories(target.getParent());
            Files.copy(file, target);
        }
    }
}
