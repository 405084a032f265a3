package org.unet4j.infer;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.unet4j.volume.Shape;

/** One convolution with random weights, zeros beyond the window: small enough to check by hand, and without libtorch. */
final class ConvolutionEngine implements Engine {

    /** How many windows came at a time. */
    final List<Integer> batches = new ArrayList<>();

    private final int size;
    private final int channels;
    private final float[][][] weights;

    ConvolutionEngine(int size, int channels, int classes) {
        this.size = size;
        this.channels = channels;
        SplittableRandom random = new SplittableRandom(99);
        weights = new float[classes][channels][size * size * size];
        for (float[][] ofClass : weights) {
            for (float[] ofChannel : ofClass) {
                for (int i = 0; i < ofChannel.length; i++) {
                    ofChannel[i] = (float) (2 * random.nextDouble() - 1);
                }
            }
        }
    }

    @Override
    public int channels() {
        return channels;
    }

    @Override
    public int classes() {
        return weights.length;
    }

    @Override
    public void run(FloatBuffer windowsNCDHW, int count, Shape window, Logits logits) {
        batches.add(count);
        int voxels = window.arrayLength();
        FloatBuffer result = FloatBuffer.allocate(count * classes() * voxels);
        for (int n = 0; n < count; n++) {
            float[] image = new float[channels * voxels];
            windowsNCDHW.get(n * image.length, image);
            result.put(n * classes() * voxels, of(image, window));
        }
        logits.take(result);
    }

    /** Returns the logits of one image of {@code shape}, class after class. */
    float[] of(float[] image, Shape shape) {
        int voxels = shape.arrayLength();
        float[] logits = new float[classes() * voxels];
        for (int cls = 0; cls < classes(); cls++) {
            for (int i = 0; i < voxels; i++) {
                logits[cls * voxels + i] = at(image, shape, cls, i);
            }
        }
        return logits;
    }

    private float at(float[] image, Shape shape, int cls, int index) {
        int z = index / (shape.y() * shape.x());
        int y = index / shape.x() % shape.y();
        int x = index % shape.x();
        double sum = 0;
        for (int k = 0; k < size * size * size; k++) {
            int fromZ = z + k / (size * size) - size / 2;
            int fromY = y + k / size % size - size / 2;
            int fromX = x + k % size - size / 2;
            boolean inside = fromZ >= 0
                    && fromZ < shape.z()
                    && fromY >= 0
                    && fromY < shape.y()
                    && fromX >= 0
                    && fromX < shape.x();
            for (int channel = 0; inside && channel < channels; channel++) {
                sum += (double) weights[cls][channel][k]
                        * image[channel * shape.arrayLength() + shape.index(fromZ, fromY, fromX)];
            }
        }
        return (float) sum;
    }

    @Override
    public void close() {}
}
