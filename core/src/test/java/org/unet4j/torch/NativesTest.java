package org.unet4j.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class NativesTest {

    @TempDir
    Path cache;

    /** As ranks do on the first start of a new machine. */
    @Test
    void severalProcessesUnpackIntoOneEmptyCache() throws IOException, InterruptedException {
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            processes.add(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Dorg.bytedeco.javacpp.cachedir=" + cache,
                            "-cp",
                            System.getProperty("java.class.path"),
                            Starts.class.getName())
                    .redirectErrorStream(true)
                    .redirectOutput(cache.resolve(i + ".log").toFile())
                    .start());
        }
        for (int i = 0; i < processes.size(); i++) {
            assertThat(processes.get(i).waitFor(5, TimeUnit.MINUTES)).isTrue();
            assertThat(processes.get(i).exitValue())
                    .as(Files.readString(cache.resolve(i + ".log")))
                    .isZero();
        }
    }

    /** Loads libtorch and computes with it. */
    static final class Starts {
        public static void main(String[] arguments) {
            Torch.start(1, true);
            try (Scope scope = new Scope()) {
                float sum =
                        Tensors.toFloats(Tensors.of(new float[] {1, 2, 3}, 3).sum())[0];
                System.exit(sum == 6 ? 0 : 1);
            }
        }
    }
}
