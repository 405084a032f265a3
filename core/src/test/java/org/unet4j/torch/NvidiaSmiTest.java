package org.unet4j.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class NvidiaSmiTest {

    @Test
    void cardsAreThoseThatAreVisible() {
        assertThat(NvidiaSmi.id(1, null)).isEqualTo("1");
        assertThat(NvidiaSmi.id(0, "3,1")).isEqualTo("3");
        assertThat(NvidiaSmi.id(1, "3, 1")).isEqualTo("1");
        assertThat(NvidiaSmi.id(0, "GPU-5ebe9f43")).isEqualTo("GPU-5ebe9f43");
    }

    @Test
    void aMissingOrFailingProgramSaysNothing() {
        assertThat(NvidiaSmi.firstLine(List.of("no-such-program-here"))).isEmpty();
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        assertThat(NvidiaSmi.firstLine(List.of(java, "--no-such-option"))).isEmpty();
        assertThat(NvidiaSmi.firstLine(List.of(java, "--version")).orElseThrow())
                .contains(System.getProperty("java.version"));
    }
}
