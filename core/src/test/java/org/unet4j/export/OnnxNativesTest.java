package org.unet4j.export;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ONNX Runtime's libraries are unpacked once, and nothing else is left behind. */
class OnnxNativesTest {

    @TempDir
    Path folder;

    /** Starts ONNX Runtime and dies as a killed process does. */
    static final class Killed {
        private Killed() {}

        public static void main(String[] arguments) {
            OnnxNatives.provide();
            OrtEnvironment.getEnvironment();
            Runtime.getRuntime().halt(7);
        }
    }

    private static List<Path> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(Path::getFileName).sorted().toList();
        }
    }

    @Test
    void twoProcessesThatStartAtOnceShareWhatIsUnpackedAndLeaveNothingElse() throws Exception {
        Path home = Files.createDirectory(folder.resolve("home"));
        Path temporary = Files.createDirectory(folder.resolve("temporary"));
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            processes.add(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx64m",
                            "-Duser.home=" + home,
                            "-Djava.io.tmpdir=" + temporary,
                            "-cp",
                            System.getProperty("java.class.path"),
                            Killed.class.getName())
                    .inheritIO()
                    .start());
        }
        for (Process process : processes) {
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(process.exitValue()).isEqualTo(7);
        }
        Path cache = home.resolve(".cache/unet4j");
        assertThat(names(cache)).singleElement().satisfies(name -> {
            assertThat(name.toString()).startsWith("onnxruntime-");
            assertThat(cache.resolve(name).resolve(System.mapLibraryName("onnxruntime")))
                    .isNotEmptyFile();
        });
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void aHomeThatJavaDoesNotKnowHasNoCache() {
        assertThat(OnnxNatives.cache("?")).isEmpty();
        assertThat(OnnxNatives.cache("")).isEmpty();
        assertThat(OnnxNatives.cache(null)).isEmpty();
        assertThat(OnnxNatives.cache(folder.toString())).contains(folder.resolve(".cache/unet4j"));
    }

    @Test
    void whatIsUnpackedIsNotUnpackedAgain() throws IOException {
        Path first = OnnxNatives.unpackedIn(folder).orElseThrow();
        Path library = first.resolve(System.mapLibraryName("onnxruntime"));
        Object written = Files.getLastModifiedTime(library);
        assertThat(OnnxNatives.unpackedIn(folder)).contains(first);
        assertThat(Files.getLastModifiedTime(library)).isEqualTo(written);
        assertThat(names(folder)).containsExactly(first.getFileName());
    }
}
