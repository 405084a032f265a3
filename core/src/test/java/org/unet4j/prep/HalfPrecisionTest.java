package org.unet4j.prep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.unet4j.torch.Device;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;

/** Equal to libtorch, bit for bit. */
class HalfPrecisionTest {

    private static final int HALVES = 1 << 16;

    /** Returns libtorch's float of each half. */
    private static float[] ofLibtorch() {
        try (Scope scope = new Scope()) {
            Tensor halves = Tensors.empty(new long[] {HALVES}, ScalarType.Half, Device.cpu(), false);
            ByteBuffer bytes = Tensors.memory(halves);
            for (int half = 0; half < HALVES; half++) {
                bytes.putShort(half * Short.BYTES, (short) half);
            }
            return Tensors.toFloats(halves);
        }
    }

    /** Returns libtorch's half of each float. */
    private static short[] ofLibtorch(float[] floats) {
        try (Scope scope = new Scope()) {
            Tensor halves = Tensors.to(Tensors.of(floats, floats.length), Device.cpu(), ScalarType.Half);
            short[] bits = new short[floats.length];
            Tensors.memory(halves)
                    .order(ByteOrder.nativeOrder())
                    .asShortBuffer()
                    .get(bits);
            return bits;
        }
    }

    @Test
    void everyHalfHasLibtorchsValue() {
        float[] expected = ofLibtorch();
        short[] halves = new short[HALVES];
        float[] floats = new float[HALVES];
        for (int half = 0; half < HALVES; half++) {
            halves[half] = (short) half;
        }
        HalfPrecision.toFloats(halves, floats, HALVES);
        for (int half = 0; half < HALVES; half++) {
            if (Float.isNaN(expected[half])) {
                assertThat(floats[half]).isNaN();
            } else {
                assertThat(Float.floatToRawIntBits(floats[half]))
                        .as("half %04x", half)
                        .isEqualTo(Float.floatToRawIntBits(expected[half]));
                assertThat(HalfPrecision.of(floats[half])).isEqualTo((short) half);
            }
        }
    }

    /** Each value, the middle to the next, where it is rounded to even, and the floats beside both. */
    @Test
    void floatsAreRoundedAsLibtorchRounds() {
        float[] values = ofLibtorch();
        float[] floats = new float[HALVES * 6];
        int count = 0;
        for (int half = 0; half < HALVES - 1; half++) {
            float middle = (values[half] + values[half + 1]) / 2;
            for (float at : new float[] {values[half], middle}) {
                if (Float.isFinite(at)) {
                    floats[count++] = at;
                    floats[count++] = Math.nextUp(at);
                    floats[count++] = Math.nextDown(at);
                }
            }
        }
        SplittableRandom random = new SplittableRandom(1);
        while (count < floats.length) {
            float any = Float.intBitsToFloat(random.nextInt());
            floats[count++] = Float.isNaN(any) ? 0 : any;
        }
        floats[0] = Float.POSITIVE_INFINITY;
        floats[1] = 65520; // the middle between the largest half and what would be the next
        floats[2] = Math.nextDown(65520f);
        short[] expected = ofLibtorch(floats);
        for (int i = 0; i < floats.length; i++) {
            assertThat(HalfPrecision.of(floats[i])).as("%s", floats[i]).isEqualTo(expected[i]);
        }
    }

    @Test
    void whatIsNoNumberStaysNone() {
        assertThat(HalfPrecision.toFloat(HalfPrecision.of(Float.NaN))).isNaN();
    }

    @Test
    void aNormalisedVoxelIsOffByAtMostA2048thOfItself() {
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < 100_000; i++) {
            float voxel = (float) random.nextDouble(-8, 8);
            float kept = HalfPrecision.toFloat(HalfPrecision.of(voxel));
            assertThat(Math.abs(kept - voxel)).isLessThanOrEqualTo(Math.max(0x1p-25f, Math.abs(voxel) * 0x1p-11f));
        }
    }

    @Test
    void whatWouldBecomeInfiniteIsRefusedWithTheRemedy() {
        HalfPrecision.requireFinite(new float[] {1, -65504}, 0);
        assertThatThrownBy(() -> HalfPrecision.requireFinite(new float[] {1, -65505}, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("channel 2 reaches 65505")
                .hasMessageContaining("larger sd in the plan");
    }
}
