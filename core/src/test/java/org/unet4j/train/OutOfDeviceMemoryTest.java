package org.unet4j.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.prep.Store;
import org.unet4j.torch.Device;
import org.unet4j.torch.Precision;
import org.unet4j.torch.Scope;

class OutOfDeviceMemoryTest {

    @TempDir
    Path data;

    private Store store;

    @BeforeEach
    void prepare() throws IOException {
        store = TinyData.store(data);
    }

    private String explained(TrainConfig config) {
        Job job = new Job(
                config,
                store,
                TinyData.split(),
                new RunFolder(data.resolve("run")),
                Device.cpu(),
                TrainListener.silent(),
                () -> false);
        // As a step on several threads fails.
        RuntimeException failed = new IllegalStateException("1 of 2 samples failed", tooLarge());
        RuntimeException explained = OutOfDeviceMemoryException.explained(failed, job);
        assertThat(explained).isInstanceOf(OutOfDeviceMemoryException.class).hasCause(failed);
        return explained.getMessage();
    }

    private static RuntimeException tooLarge() {
        try (Scope scope = new Scope()) {
            torch.empty(1L << 30, 1L << 18);
        } catch (RuntimeException e) {
            return e;
        }
        throw new AssertionError("2^50 bytes were allocated");
    }

    @Test
    void whatNeedsHalfIsNamedTheSameGradientFirst() {
        assertThat(explained(TinyData.config(1).withBatch(4)))
                .contains("out of memory on cpu", "patch (16, 16, 16), batch 4 in one part, precision fp32")
                .containsSubsequence(
                        "samples.accumulation 2 (batch 4 in 2 parts of 2, the same gradient)",
                        "numerics.precision bf16",
                        "patch (12, 12, 14) in the plan")
                .doesNotContain("batch 2");
        assertThat(explained(TinyData.config(1).withBatch(6).withAccumulation(3)))
                .contains("batch 6 in 3 parts,", "samples.accumulation 6 (batch 6 in 6 parts of 1, the same gradient)");
    }

    @Test
    void whatIsUsedUpIsNotNamed() {
        String told =
                explained(TinyData.config(1).withBatch(2).withAccumulation(2).withPrecision(Precision.BF16));
        assertThat(told).contains("patch (").doesNotContain("accumulation", "numerics");
    }

    @Test
    void otherFailuresStayWhatTheyAre() {
        RuntimeException other = new IllegalStateException("something else");
        assertThat(OutOfDeviceMemoryException.explained(other, null)).isSameAs(other);
    }
}
