package org.unet4j.prep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.io.Dataset;
import org.unet4j.io.Progress;

/** Processes that prepare are killed at many moments; what they leave is whole, and the next one goes on from there. */
@Tag("slow")
class KilledPreparationTest {

    private static final int CASES = 30;

    @TempDir
    Path temporary;

    /** Prepares, and says so after each case. */
    static final class Prepare {
        public static void main(String[] arguments) throws IOException {
            Dataset dataset = Worlds.written(Path.of(arguments[0]), CASES);
            System.out.println("ready");
            Store.prepare(dataset, Worlds.plan(), Path.of(arguments[1]), 2, (what, done, total) -> {
                System.out.println(done);
                System.out.flush();
            });
        }
    }

    @Test
    void aKillLeavesNoHalfCase() throws Exception {
        Path store = temporary.resolve("store");
        Path data = temporary.resolve("data");
        Dataset dataset = Worlds.dataset(data, CASES);
        for (int killedAfter : new int[] {0, 1, 2, 5, 9}) {
            Process process = new ProcessBuilder(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx256m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Prepare.class.getName(),
                            data.toString(),
                            store.toString()))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try (BufferedReader out =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                for (int line = 0; line <= killedAfter; line++) {
                    assertThat(out.readLine()).isNotNull();
                }
                process.destroyForcibly().waitFor();
            }
            for (Path file : cases(store)) {
                PreparedCase.open("killed", file).verify();
            }
        }
        Store resumed = Store.prepare(dataset, Worlds.plan(), store, 2, Progress.silent());
        assertThat(resumed.ids()).hasSize(CASES);
        assertThat(cases(store)).hasSize(CASES);
        Store uninterrupted = Store.prepare(dataset, Worlds.plan(), temporary.resolve("other"), 1, Progress.silent());
        for (String id : resumed.ids()) {
            assertThat(store.resolve(id + ".case"))
                    .hasSameBinaryContentAs(uninterrupted.folder().resolve(id + ".case"));
        }
    }

    private static List<Path> cases(Path store) throws IOException {
        if (!Files.exists(store)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(store)) {
            return files.filter(file -> file.toString().endsWith(".case")).toList();
        }
    }
}
