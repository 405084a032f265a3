package org.unet4j.augment;

import java.nio.FloatBuffer;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.unet4j.torch.Device;
import org.unet4j.torch.Seeds;
import org.unet4j.torch.Tensors;

/**
 * Adds Gaussian noise. The image is normalised, so that 1 is one standard deviation of its intensities.
 *
 * @param probability that a sample gets noise, in all channels
 * @param standardDeviation of the noise; the default is what nnU-Net draws (it calls it a variance)
 */
public record Noise(double probability, Range standardDeviation) implements IntensityTransform<Noise.Draw> {

    /** Voxels that stay in the processor's nearest cache; a multiple of four, as many as {@link NormalNumbers} makes at once. */
    private static final int PART = 4096;

    /** Checks the probability. */
    public Noise {
        Range.probability("noise", probability);
    }

    /**
     * What was drawn.
     *
     * @param standardDeviation 0 for no noise
     * @param seed decides each voxel's noise; the CPU and a GPU make different noise of the same seed
     */
    public record Draw(double standardDeviation, long seed) implements org.unet4j.augment.Draw {

        /** The draw of no noise. */
        public static final Draw IDENTITY = new Draw(0, 0);

        @Override
        public boolean isIdentity() {
            return standardDeviation == 0;
        }

        @Override
        public String words() {
            return String.format(Locale.ROOT, "of standard deviation %.3f", standardDeviation);
        }
    }

    @Override
    public Draw sample(RandomGenerator random, int channels) {
        if (random.nextDouble() >= probability) {
            return Draw.IDENTITY;
        }
        return new Draw(standardDeviation.draw(random), random.nextLong());
    }

    @Override
    public Tensor apply(Draw draw, Tensor imageCDHW) {
        if (draw.isIdentity()) {
            return imageCDHW;
        }
        return imageCDHW.is_cuda() ? onDevice(draw, imageCDHW) : onProcessor(draw, imageCDHW);
    }

    private static Tensor onProcessor(Draw draw, Tensor imageCDHW) {
        Tensor floats = imageCDHW.to(ScalarType.Float).contiguous();
        Tensor result = Tensors.empty(Tensors.shape(floats), ScalarType.Float, Device.cpu(), false);
        FloatBuffer read = Tensors.floatBuffer(floats);
        FloatBuffer written = Tensors.floatBuffer(result);
        RandomGenerator random = Seeds.random(draw.seed);
        float[] part = new float[PART];
        while (read.hasRemaining()) {
            int count = Math.min(PART, read.remaining());
            read.get(part, 0, count);
            NormalNumbers.add(random, (float) draw.standardDeviation, part, count);
            written.put(part, 0, count);
        }
        return result;
    }

    private static Tensor onDevice(Draw draw, Tensor imageCDHW) {
        // a generator of its own: the global one belongs to whoever else draws
        Generator generator =
                torch.globalContext().defaultGenerator(imageCDHW.device()).clone();
        generator.set_current_seed(draw.seed);
        Tensor noise = torch.empty_like(imageCDHW.contiguous())
                .normal_(0, draw.standardDeviation, new GeneratorOptional(generator));
        return imageCDHW.add(noise, new Scalar(1.0f));
    }
}
