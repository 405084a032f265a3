package org.unet4j.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Voxels;

class EnsembleTest {

    private static final Shape VOLUME = new Shape(14, 7, 9);

    @Test
    void probabilitiesAreTheMeanOfEachNetworksSoftmaxOverTheWholeVolume() {
        SplittableRandom random = new SplittableRandom(1);
        float[] image = new float[VOLUME.arrayLength()];
        for (int i = 0; i < image.length; i++) {
            image[i] = 3 * random.nextFloat();
        }
        List<Voxels> channels = List.of(Voxels.of(image));
        // Windows of different sizes: layers of the two end at different slices.
        SlidingWindow small = SlidingWindow.of(new Shape(4, 4, 4));
        SlidingWindow large = SlidingWindow.of(new Shape(6, 7, 5));
        Engine first = new ConvolutionEngine(3, 1, 3);
        Engine second = new ConvolutionEngine(1, 1, 3);
        float[][] a = small.logits(first, channels, VOLUME);
        float[][] b = large.logits(second, channels, VOLUME);
        int plane = VOLUME.y() * VOLUME.x();
        int[] slices = {0};
        Ensemble.run(
                List.of(small.sweep(first, channels, VOLUME), large.sweep(second, channels, VOLUME)),
                VOLUME.z(),
                (z, mean) -> {
                    assertThat(z).isEqualTo(slices[0]++);
                    for (int i = 0; i < plane; i++) {
                        for (int cls = 0; cls < 3; cls++) {
                            double expected = (softmax(a, z * plane + i, cls) + softmax(b, z * plane + i, cls)) / 2;
                            assertThat((double) mean[cls][i]).isCloseTo(expected, within(1e-6));
                        }
                    }
                });
        assertThat(slices[0]).isEqualTo(VOLUME.z());
    }

    private static double softmax(float[][] logits, int voxel, int cls) {
        double sum = 0;
        for (float[] ofClass : logits) {
            sum += Math.exp(ofClass[voxel]);
        }
        return Math.exp(logits[cls][voxel]) / sum;
    }
}
