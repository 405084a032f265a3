package org.unet4j.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.unet4j.torch.Device;
import org.unet4j.torch.Precision;

/** Long runs, each in a process whose whole Java heap is resident from its start: what grows later is native memory. */
@Tag("slow")
class SoakTest {

    /** What 1400 steps may add: the allocator's own unrest, at most 7 MB in four runs. A leak of one patch a step would be 22 MB. */
    private static final long GROWTH_BYTES = 16L << 20;

    private static final int STEPS = 2000;
    private static final int WARM = 600;

    @TempDir
    Path folder;

    /** Trains, and prints by how many bytes the resident memory grew from step 600 on. */
    static final class Soak {
        public static void main(String[] arguments) throws IOException {
            Path folder = Path.of(arguments[0]);
            TrainConfig config = TinyData.config(STEPS)
                    .withPrecision(Precision.valueOf(arguments[1]))
                    .withThreads(Integer.parseInt(arguments[2]))
                    .withCheckpointEvery(500);
            List<Long> resident = new ArrayList<>();
            TrainListener listener = new TrainListener() {
                @Override
                public void step(StepEvent step) {
                    resident.add(Pointer.physicalBytes());
                }
            };
            Trainer.train(TrainRequest.of(
                    config,
                    TinyData.store(folder),
                    TinyData.split(),
                    folder.resolve("run"),
                    Device.cpu(),
                    listener,
                    () -> false));
            System.out.println(resident.get(STEPS - 1) - resident.get(WARM));
        }
    }

    /** Two threads in reduced precision compute the samples of a batch side by side. */
    @ParameterizedTest
    @CsvSource({"FP32, 1", "BF16, 2"})
    void residentMemoryIsFlatOverTwoThousandSteps(Precision precision, int threads) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xms64m",
                        "-Xmx64m",
                        "-XX:+AlwaysPreTouch",
                        "-Dorg.bytedeco.javacpp.maxphysicalbytes=0",
                        "-Dorg.bytedeco.javacpp.maxbytes=0",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Soak.class.getName(),
                        folder.toString(),
                        precision.name(),
                        Integer.toString(threads))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String growth = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        assertThat(Long.parseLong(growth.strip())).isLessThan(GROWTH_BYTES);
    }
}
