package org.unet4j.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.unet4j.torch.OneThread;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;

/** Instance norm against its definition in float64. */
@ExtendWith(OneThread.class)
class NormTest {

    private static final int FEATURES = 4;
    private static final double EPSILON = 1e-5;

    private static float[] features(int voxels) {
        SplittableRandom random = new SplittableRandom(7);
        float[] values = new float[FEATURES * voxels];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextDouble() + 2 * (i / voxels));
        }
        return values;
    }

    private static float[] normed(float[] values) {
        int voxels = values.length / FEATURES;
        float[] normed = new float[values.length];
        for (int feature = 0; feature < FEATURES; feature++) {
            double sum = 0;
            double squares = 0;
            for (int i = feature * voxels; i < (feature + 1) * voxels; i++) {
                sum += values[i];
                squares += values[i] * (double) values[i];
            }
            double mean = sum / voxels;
            double deviation = Math.sqrt(squares / voxels - mean * mean + EPSILON);
            for (int i = feature * voxels; i < (feature + 1) * voxels; i++) {
                normed[i] = (float) ((values[i] - mean) / deviation);
            }
        }
        return normed;
    }

    private static float[] norm(float[] values, MemoryFormat format, int... shape) {
        boolean gradients = GradMode.is_enabled();
        GradMode.set_enabled(false);
        try (Scope scope = new Scope()) {
            Norm norm = new Norm(new Layers(1), "norm", FEATURES);
            Tensor x = Tensors.of(values, 1, FEATURES, shape[0], shape[1], shape[2])
                    .contiguous(format);
            Tensor y = norm.forward(x);
            assertThat(y.is_contiguous(format)).isTrue();
            return Tensors.toFloats(y.contiguous());
        } finally {
            GradMode.set_enabled(gradients);
        }
    }

    private static double farthest(float[] some, float[] others) {
        assertThat(some).hasSameSizeAs(others);
        double farthest = 0;
        for (int i = 0; i < some.length; i++) {
            farthest = Math.max(farthest, Math.abs(some[i] - others[i]));
        }
        return farthest;
    }

    /** Of large features too: added up one by one in float32, the sum of 64 x 64 x 64 voxels is off by 1e-3 of their deviation. */
    @ParameterizedTest
    @CsvSource({"64, 64, 64", "1, 40, 30", "30, 1, 40", "5, 7, 3", "2, 1, 1"})
    void innermostFeaturesAreNormedAsExactlyAsOthers(int z, int y, int x) {
        float[] values = features(z * y * x);
        float[] expected = normed(values);
        // 24 bits of 7 over a deviation of 0.3, a few times: 7 * 6e-8 / 0.3 = 1.4e-6
        assertThat(farthest(norm(values, MemoryFormat.ChannelsLast3d, z, y, x), expected))
                .isLessThan(1e-5);
        assertThat(farthest(norm(values, MemoryFormat.Contiguous, z, y, x), expected))
                .isLessThan(1e-5);
    }

    @Test
    void aFeatureThatIsTheSameEverywhereBecomesItsShift() {
        float[] values = new float[FEATURES * 60];
        Arrays.fill(values, 3);
        assertThat(norm(values, MemoryFormat.ChannelsLast3d, 3, 4, 5)).containsOnly(0f);
    }
}
