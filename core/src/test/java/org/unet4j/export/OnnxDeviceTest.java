package org.unet4j.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OnnxDeviceTest {

    @TempDir
    Path folder;

    @Test
    void everyBuildHasTheProcessor() throws Exception {
        OnnxDevice.CPU.requireBuilt();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            assertThatCode(() -> OnnxDevice.CPU.choose(options)).doesNotThrowAnyException();
        }
    }

    @Test
    void aDeviceThatTheBuildLacksIsRefusedWithWhatToDo() {
        EnumSet<OrtProvider> plain = EnumSet.of(OrtProvider.CPU, OrtProvider.XNNPACK);
        assertThatThrownBy(() -> OnnxDevice.CUDA.requireBuilt(plain))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("this build of ONNX Runtime has no CUDA, only CPU, Xnnpack: start ./unet4j with"
                        + " UNET4J_NATIVES=cuda on a machine with an NVIDIA card, or use cpu");
        EnumSet<OrtProvider> cards = EnumSet.of(OrtProvider.CPU, OrtProvider.CUDA);
        OnnxDevice.CUDA.requireBuilt(cards);
        assertThatThrownBy(() -> OnnxDevice.TENSORRT.requireBuilt(cards)).hasMessageContaining("has no TensorRT, only");
    }

    /** Before the file is looked at: it may be exported for the purpose. */
    @ParameterizedTest
    @EnumSource(
            value = OnnxDevice.class,
            names = {"CUDA", "TENSORRT"})
    void aNetworkIsNotOpenedOnADeviceThatTheBuildLacks(OnnxDevice device) throws Exception {
        assumeFalse(OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA), "this build is for cards");
        Path file = Files.writeString(folder.resolve("a.onnx"), "no model");
        assertThatThrownBy(() -> OnnxNetwork.open(file, 1, device))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("this build of ONNX Runtime has no " + device);
    }

    /** Names as in the jar onnxruntime_gpu. */
    @Test
    void librariesForCardsAreToldByTheirNames() {
        assertThat(OnnxNatives.isForCards("libonnxruntime_providers_cuda.so")).isTrue();
        assertThat(OnnxNatives.isForCards("onnxruntime_providers_tensorrt.dll")).isTrue();
        assertThat(OnnxNatives.isForCards("libonnxruntime.so")).isFalse();
        assertThat(OnnxNatives.isForCards("libonnxruntime4j_jni.so")).isFalse();
    }

    @Test
    void itSaysWhereItComputes() {
        assertThat(OnnxDevice.CPU.describe()).isEqualTo("on the processor");
        assertThat(OnnxDevice.TENSORRT.describe()).isEqualTo("on a card with TensorRT");
    }
}
