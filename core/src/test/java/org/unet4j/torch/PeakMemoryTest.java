package org.unet4j.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PeakMemoryTest {

    @Test
    void markIsReadFromLinuxStatus() {
        assertThat(PeakMemory.highWater("Name:\tjava\nVmHWM:\t  123456 kB\nVmRSS:\t 1 kB\n"))
                .hasValue(123456L * 1024);
        assertThat(PeakMemory.highWater("Name:\tjava\n")).isEmpty();
    }

    @Test
    void thisProcessHoldsMemoryAndNoCard() throws Exception {
        assumeThat(Files.isReadable(Path.of("/proc/self/status"))).isTrue();
        PeakMemory memory = PeakMemory.start(Device.cpu());
        assertThat(memory.residentBytes().orElseThrow()).isBetween(10L << 20, 1L << 40);
        assertThat(memory.deviceBytes()).isEmpty();
    }
}
