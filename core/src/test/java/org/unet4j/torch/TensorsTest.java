package org.unet4j.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TensorsTest {

    private final Scope scope = new Scope();

    @AfterEach
    void close() {
        scope.close();
    }

    @Test
    void arraysComeBackAsTheyWent() {
        float[] values = {1, -2.5f, Float.MIN_VALUE, 4, 5, 6};
        Tensor tensor = Tensors.of(values, 1, 2, 3);
        assertThat(Tensors.shape(tensor)).containsExactly(1, 2, 3);
        assertThat(Tensors.toFloats(tensor)).containsExactly(values);
        assertThat(Tensors.toBytes(Tensors.ofBytes(new byte[] {0, 127, -1}, 3))).containsExactly(0, 127, -1);
    }

    @Test
    void othersLayoutsAndTypesAreRead() {
        Tensor transposed = Tensors.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3).transpose(0, 1);
        assertThat(Tensors.toFloats(transposed)).containsExactly(1, 4, 2, 5, 3, 6);
        assertThat(Tensors.toFloats(transposed.to(ScalarType.BFloat16))).containsExactly(1, 4, 2, 5, 3, 6);
        assertThat(Tensors.toBytes(transposed)).containsExactly(1, 4, 2, 5, 3, 6);
    }

    @Test
    void nothingIsATensorToo() {
        assertThat(Tensors.toFloats(Tensors.of(new float[0], 0, 3))).isEmpty();
        assertThat(Tensors.toBytes(Tensors.ofBytes(new byte[0], 0))).isEmpty();
    }

    @Test
    void buffersWriteIntoTheTensor() {
        Tensor floats = Tensors.zeros(new long[] {4}, ScalarType.Float, Device.cpu());
        FloatBuffer view = Tensors.floatBuffer(floats);
        assertThat(view.capacity()).isEqualTo(4);
        view.put(2, 9);
        assertThat(Tensors.toFloats(floats)).containsExactly(0, 0, 9, 0);

        Tensor bytes = Tensors.empty(new long[] {2}, ScalarType.Byte, Device.cpu(), false);
        ByteBuffer memory = Tensors.byteBuffer(bytes);
        memory.put(0, (byte) 3).put(1, (byte) 200);
        assertThat(Tensors.toBytes(bytes)).containsExactly((byte) 3, (byte) 200);
    }

    @Test
    void aShapeMustFitTheValues() {
        assertThatThrownBy(() -> Tensors.of(new float[5], 2, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a tensor of shape [2, 3] has 6 values; given 5");
    }

    @Test
    void buffersNeedTheirTypeAndOneBlockOfMemory() {
        assertThatThrownBy(() -> Tensors.floatBuffer(Tensors.ofBytes(new byte[2], 2)))
                .hasMessageContaining("a buffer of Float needs a tensor of that type; given Byte");
        assertThatThrownBy(
                        () -> Tensors.floatBuffer(Tensors.of(new float[6], 2, 3).transpose(0, 1)))
                .hasMessageContaining("contiguous");
    }
}
