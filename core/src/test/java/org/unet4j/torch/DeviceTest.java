package org.unet4j.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class DeviceTest {

    @Test
    void devicesHaveNamesThatTorchKnows() {
        assertThat(Device.cpu()).hasToString("cpu");
        assertThat(Device.cuda(1)).hasToString("cuda:1");
        try (Scope scope = new Scope()) {
            assertThat(Device.cpu().toTorch().is_cpu()).isTrue();
            assertThat(Device.cuda(3).toTorch().index()).isEqualTo((byte) 3);
            assertThat(Device.of(Tensors.of(new float[1], 1))).isEqualTo(Device.cpu());
        }
    }

    @Test
    void theProcessorIsDescribed() {
        Torch.start(2, true);
        assertThat(Device.cpu().describe()).startsWith("CPU, 2 threads, ");
    }

    @Test
    void thereIsOneProcessorAndNoNegativeCard() {
        assertThatThrownBy(() -> new Device(Device.Kind.CPU, 1)).hasMessageContaining("device index 1 of CPU");
        assertThatThrownBy(() -> Device.cuda(-1)).hasMessageContaining("device index -1 of CUDA");
    }

    @Test
    void hyperThreadsCountOnce() {
        List<String> cpuinfo = List.of(
                "physical id\t: 0",
                "core id\t\t: 0",
                "physical id\t: 0",
                "core id\t\t: 1",
                "physical id\t: 0",
                "core id\t\t: 0",
                "physical id\t: 0",
                "core id\t\t: 1",
                "physical id\t: 1",
                "core id\t\t: 0");
        assertThat(Processor.physicalCores(cpuinfo, 10)).isEqualTo(3);
        assertThat(Processor.physicalCores(cpuinfo, 2)).isEqualTo(2);
        assertThat(Processor.physicalCores(List.of(), 6)).isEqualTo(6);
        assertThat(Torch.physicalCores()).isBetween(1, Runtime.getRuntime().availableProcessors());
    }

    @Test
    void provenanceNamesEverything() {
        Torch.start(2, true);
        Provenance provenance = Provenance.of(Device.cpu());
        assertThat(provenance.version()).matches("\\d+\\.\\d+.*");
        assertThat(provenance.commit()).isNotBlank();
        assertThat(provenance.libtorch()).startsWith("2.");
        assertThat(provenance.cpu()).isNotBlank();
        assertThat(provenance.threads()).isEqualTo(2);
        assertThat(provenance.cudnn()).isZero();
    }
}
