package org.unet4j.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.torch.Device;
import org.unet4j.torch.Precision;

@Tag("slow")
class SoakTest {

    /** What 1900 steps may add: the allocator's own unrest. A leak of one patch a step would be 30 MB, of one image less. */
    private static final long GROWTH_BYTES = 24L << 20;

    @TempDir
    Path folder;

    @Test
    void residentMemoryIsFlatOverTwoThousandSteps() throws IOException {
        List<Long> resident = new ArrayList<>();
        TrainConfig config = TinyData.config(2000).withPrecision(Precision.BF16).withCheckpointEvery(500);
        Trainer.train(
                config,
                TinyData.store(folder),
                TinyData.split(),
                folder.resolve("run"),
                Device.cpu(),
                new TrainListener() {
                    @Override
                    public void step(StepEvent step) {
                        resident.add(Pointer.physicalBytes());
                    }
                },
                () -> false);
        assertThat(resident.get(1999) - resident.get(600)).isLessThan(GROWTH_BYTES);
    }
}
