package org.unet4j.augment;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Stretches each channel about its mean by a factor; what would leave the channel's range is held at its bounds.
 *
 * @param probability that a sample is changed
 * @param factor drawn for each channel, as often below one as above it
 */
public record Contrast(double probability, Range factor) implements IntensityTransform<Contrast.Draw> {

    /** Checks the probability. */
    public Contrast {
        Range.probability("contrast", probability);
    }

    /**
     * What was drawn.
     *
     * @param factors one a channel; empty for no change at all
     */
    public record Draw(List<Double> factors) implements org.unet4j.augment.Draw {

        /** The draw of no change. */
        public static final Draw IDENTITY = new Draw(List.of());

        /** Copies the list. */
        public Draw {
            factors = List.copyOf(factors);
        }

        @Override
        public boolean isIdentity() {
            return factors.stream().allMatch(factor -> factor == 1);
        }

        @Override
        public String words() {
            return "times " + PerChannel.words(factors);
        }
    }

    @Override
    public Draw sample(RandomGenerator random, int channels) {
        if (random.nextDouble() >= probability) {
            return Draw.IDENTITY;
        }
        return new Draw(IntStream.range(0, channels)
                .mapToObj(c -> factor.drawAroundOne(random))
                .toList());
    }

    @Override
    public Tensor apply(Draw draw, Tensor imageCDHW) {
        if (draw.isIdentity()) {
            return imageCDHW;
        }
        Tensor mean = PerChannel.mean(imageCDHW);
        Tensor stretched =
                imageCDHW.sub(mean).mul_(PerChannel.of(draw.factors, imageCDHW)).add_(mean);
        torch.maximum_out(stretched, stretched, PerChannel.minimum(imageCDHW));
        return torch.minimum_out(stretched, stretched, PerChannel.maximum(imageCDHW));
    }
}
