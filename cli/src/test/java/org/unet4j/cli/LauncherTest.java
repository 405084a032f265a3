package org.unet4j.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The launcher script, in a world of its own: a fake Java, a fake build and a fake card, in a folder with a space. */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
    private static final String CPU_LINE =
            "unet4j: no NVIDIA card of compute capability 7.5 or more: computing on the CPU\n";

    @TempDir
    Path temporary;

    private Path root;
    private Path bin;
    private final Map<String, String> variables = new HashMap<>();

    @BeforeEach
    void makeWorld() throws IOException {
        root = Files.createDirectories(temporary.resolve("a folder/unet4j"));
        bin = Files.createDirectories(temporary.resolve("bin"));
        Files.copy(Path.of("../unet4j"), root.resolve("unet4j"));
        root.resolve("unet4j").toFile().setExecutable(true);
        for (String tool : List.of(
                "awk",
                "dirname",
                "find",
                "grep",
                "head",
                "ln",
                "mkdir",
                "mv",
                "readlink",
                "rm",
                "sed",
                "sleep",
                "tail",
                "touch",
                "uname")) {
            script(bin.resolve(tool), "exec " + find(tool) + " \"$@\"");
        }
        Files.createDirectories(root.resolve("core/src/main"));
        Files.writeString(root.resolve("core/src/main/A.java"), "class A {}");
        script(root.resolve("mvnw"), """
                echo "$@" >>builds
                echo compiling
                sleep 0.3
                lib=cli/target/unet4j/lib
                case $* in *-Pcuda*) lib=cli/target/unet4j/lib-cuda ;; esac
                mkdir -p $lib
                touch $lib/unet4j-cli-1.jar
                """);
        java(bin.resolve("java"), "17.0.1");
    }

    /** No Windows runs here: what can be held together is which arguments keep both scripts silent about the card. */
    @Test
    void theWindowsScriptIsSilentWithTheSameArguments() throws IOException {
        Matcher shell = Pattern.compile("case \\$argument in (.*)\\) silent=yes")
                .matcher(Files.readString(Path.of("../unet4j")));
        Matcher windows = Pattern.compile("for %%A in \\((.*)\\) do if \"%~1\"==\"%%A\" set \"silent=yes\"")
                .matcher(Files.readString(Path.of("../unet4j.cmd")));
        assertThat(shell.find()).isTrue();
        assertThat(windows.find()).isTrue();
        assertThat(windows.group(1).split(" "))
                .containsExactlyInAnyOrder(shell.group(1).split(" \\| "))
                .contains("--quiet", "--json");
    }

    @Test
    void firstStartBuildsAndSaysSoInOneLine() throws Exception {
        var run = run("inspect", "x y.nii", "*");
        assertThat(run.code()).isZero();
        assertThat(run.out())
                .contains("<-jar><" + root.toRealPath() + "/cli/target/unet4j/lib/unet4j-cli-1.jar>")
                .endsWith("<inspect><x y.nii><*>\n");
        assertThat(run.err()).startsWith(CPU_LINE + "unet4j: building").doesNotContain("compiling");
        assertThat(run.err().lines()).hasSize(2);
        assertThat(builds()).containsExactly("-B -ntp -Dquick -pl cli -am package");
    }

    @Test
    void unchangedSourcesAreNotBuiltAgain() throws Exception {
        run("inspect");
        var second = run("inspect");
        assertThat(second.err()).isEqualTo(CPU_LINE);
        assertThat(builds()).hasSize(1);
    }

    @Test
    void newerSourceIsBuilt() throws Exception {
        run("inspect");
        Files.setLastModifiedTime(
                root.resolve("core/src/main/A.java"),
                FileTime.from(Instant.now().plusSeconds(5)));
        run("inspect");
        assertThat(builds()).hasSize(2);
    }

    @Test
    void deletedSourceIsBuilt() throws Exception {
        run("inspect");
        Files.delete(root.resolve("core/src/main/A.java"));
        run("inspect");
        assertThat(builds()).hasSize(2);
    }

    @Test
    void failedBuildShowsItsLogAndIsTriedAgain() throws Exception {
        script(root.resolve("mvnw"), "echo A.java:1: no such type; echo build >>builds; exit 1");
        var run = run("inspect");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("A.java:1: no such type", "the build failed");
        run("inspect");
        assertThat(builds()).hasSize(2);
    }

    @Test
    void twoFirstStartsBuildOnce() throws Exception {
        Process first = start("inspect");
        Process second = start("inspect");
        assertThat(finish(first).code()).isZero();
        assertThat(finish(second).code()).isZero();
        assertThat(builds()).hasSize(1);
    }

    @Test
    void lockOfAKilledBuildIsTakenOver() throws Exception {
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();
        String host = finish(new ProcessBuilder("uname", "-n").start()).out().strip();
        Path dist = Files.createDirectories(root.resolve("cli/target/unet4j"));
        Files.createSymbolicLink(dist.resolve(".lock"), Path.of(host + ":" + gone.pid()));
        assertThat(run("inspect").code()).isZero();
        assertThat(dist.resolve(".lock")).doesNotExist();
    }

    @Test
    void startsThroughASymbolicLinkFromAnyFolder() throws Exception {
        Path link = Files.createSymbolicLink(temporary.resolve("link to it"), root.resolve("unet4j"));
        var run = finish(start(link, "inspect"));
        assertThat(run.code()).isZero();
        assertThat(run.out()).contains(root.toRealPath() + "/cli/target/unet4j/lib/unet4j-cli-1.jar");
    }

    @Test
    void withoutJavaItSaysWhatToInstall() throws Exception {
        Files.delete(bin.resolve("java"));
        var run = run("inspect");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("needs Java 17 or newer", "openjdk-17-jdk");
    }

    @Test
    void oldJavaIsNamed() throws Exception {
        java(bin.resolve("java"), "1.8.0_392");
        var run = run("inspect");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("too old or broken: " + bin.resolve("java"), "needs Java 17 or newer");
    }

    @Test
    void javaHomeComesBeforePathUnlessItIsTooOld() throws Exception {
        Path home = temporary.resolve("my jdk");
        variables.put("JAVA_HOME", home.toString());
        java(home.resolve("bin/java"), "25");
        assertThat(run("inspect").out()).startsWith("java 25 ");
        java(home.resolve("bin/java"), "11.0.2");
        assertThat(run("inspect").out()).startsWith("java 17.0.1 ");
    }

    @Test
    void runtimeWithoutACompilerCannotBuild() throws Exception {
        Files.delete(bin.resolve("javac"));
        var run = run("inspect");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("building needs a JDK");
    }

    @Test
    void cardOfCapability75TakesCudaNativesWithoutAWord() throws Exception {
        script(bin.resolve("nvidia-smi"), "printf '6.0\\n12.0\\n'");
        var run = run("inspect");
        assertThat(run.out()).contains("/lib-cuda/unet4j-cli-1.jar>");
        assertThat(builds()).containsExactly("-B -ntp -Dquick -Pcuda -pl cli -am package");
        assertThat(run.err()).doesNotContain("no NVIDIA");
    }

    @Test
    void olderCardOrBrokenDriverComputesOnTheCpu() throws Exception {
        script(bin.resolve("nvidia-smi"), "echo 7.0");
        assertThat(run("inspect").err()).startsWith(CPU_LINE);
        script(bin.resolve("nvidia-smi"), "echo 'NVIDIA-SMI has failed'; exit 9");
        assertThat(run("inspect").err()).isEqualTo(CPU_LINE);
        assertThat(run("inspect", "--help").err()).isEmpty();
    }

    @Test
    void givenNativesAreTaken() throws Exception {
        variables.put("UNET4J_NATIVES", "cuda");
        assertThat(run("inspect").out()).contains("/lib-cuda/");
        variables.put("UNET4J_NATIVES", "gpu");
        var run = run("inspect");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).isEqualTo("unet4j: UNET4J_NATIVES is 'gpu', must be cpu or cuda\n");
    }

    @Test
    void smallHeapGivesLargeBlocksBack() throws Exception {
        String show =
                "printf '%s ' \"$MALLOC_MMAP_MAX_\" \"${MALLOC_MMAP_THRESHOLD_:-none}\" \"${GLIBC_TUNABLES:-none}\"";
        run("inspect"); // builds
        script(
                bin.resolve("java"),
                "case $1 in -version) echo 'openjdk version \"17.0.1\"' >&2 ;; *) " + show + " ;; esac");
        assertThat(run("inspect").out()).isEqualTo("0 none none ");
        variables.put("UNET4J_HEAP", "small");
        assertThat(run("inspect").out()).isEqualTo("65536 33554432 glibc.malloc.hugetlb=1 ");
        variables.put("UNET4J_HEAP", "tiny");
        assertThat(run("inspect").err()).endsWith("unet4j: UNET4J_HEAP is 'tiny', must be fast or small\n");
    }

    @Test
    void givenJvmOptionsComeAfterTheDefaults() throws Exception {
        variables.put("UNET4J_JAVA_OPTS", "-Xmx8g -XX:+UseParallelGC");
        assertThat(run("inspect").out())
                .containsSubsequence("<-Xmx2g>", "<-Xmx8g><-XX:+UseParallelGC><-jar>")
                .doesNotContain("UseSerialGC");
    }

    private record Run(int code, String out, String err) {}

    private Run run(String... arguments) throws Exception {
        return finish(start(arguments));
    }

    private Process start(String... arguments) throws IOException {
        return start(root.resolve("unet4j"), arguments);
    }

    private Process start(Path script, String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(script.toString()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).directory(temporary.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", bin.toString());
        builder.environment().putAll(variables);
        return builder.start();
    }

    private static Run finish(Process process) throws Exception {
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(300, TimeUnit.SECONDS)).isTrue();
        return new Run(process.exitValue(), out, err);
    }

    private List<String> builds() throws IOException {
        return Files.readAllLines(root.resolve("builds"));
    }

    /** A Java that prints its version and the arguments it was started with, and a compiler beside it. */
    private void java(Path java, String version) throws IOException {
        Files.createDirectories(java.getParent());
        script(java, """
                case $* in *-version*)
                  echo 'Picked up JAVA_TOOL_OPTIONS: -Dx=1' >&2
                  echo 'openjdk version "%s" 2025-01-01' >&2
                  echo '    java.home = %s' >&2
                  exit ;;
                esac
                printf 'java %s '
                printf '<%%s>' "$@"
                echo
                """.formatted(version, java.getParent().getParent(), version));
        script(java.resolveSibling("javac"), "exit 0");
    }

    private static void script(Path file, String body) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + body);
        file.toFile().setExecutable(true);
    }

    private static Path find(String tool) {
        for (String folder : System.getenv("PATH").split(":")) {
            Path file = Path.of(folder, tool);
            if (Files.isExecutable(file)) {
                return file;
            }
        }
        throw new IllegalStateException(tool + " is not in PATH");
    }
}
