package org.unet4j.augment;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/**
 * Raises each channel, scaled to [0, 1], to a power, and gives it back its mean and standard deviation.
 *
 * @param probability that a sample is changed
 * @param exponent drawn for each channel, as often below one as above it
 * @param inverted whether the negative is changed, so that bright voxels take the part of dark ones
 */
public record Gamma(double probability, Range exponent, boolean inverted) implements IntensityTransform<Gamma.Draw> {

    /** Checks the probability and the exponents. */
    public Gamma {
        Range.probability("gamma", probability);
        if (exponent.low() <= 0) {
            throw new IllegalArgumentException("gamma exponent " + exponent.low() + " must be above 0, such as 0.7");
        }
    }

    /**
     * What was drawn.
     *
     * @param exponents one a channel; empty for no change at all
     */
    public record Draw(List<Double> exponents) implements org.unet4j.augment.Draw {

        /** The draw of no change. */
        public static final Draw IDENTITY = new Draw(List.of());

        /** Copies the list. */
        public Draw {
            exponents = List.copyOf(exponents);
        }

        @Override
        public boolean isIdentity() {
            return exponents.stream().allMatch(exponent -> exponent == 1);
        }

        @Override
        public String words() {
            return PerChannel.words(exponents);
        }
    }

    @Override
    public Draw sample(RandomGenerator random, int channels) {
        if (random.nextDouble() >= probability) {
            return Draw.IDENTITY;
        }
        return new Draw(IntStream.range(0, channels)
                .mapToObj(c -> exponent.drawAroundOne(random))
                .toList());
    }

    @Override
    public Tensor apply(Draw draw, Tensor imageCDHW) {
        if (draw.isIdentity()) {
            return imageCDHW;
        }
        Tensor mean = PerChannel.mean(imageCDHW);
        Tensor image = imageCDHW.sub(mean);
        Tensor deviation = PerChannel.standardDeviationOfCentred(image);
        Tensor minimum = PerChannel.minimum(image);
        Tensor maximum = PerChannel.maximum(image);
        Tensor range = PerChannel.atLeastTiny(maximum.sub(minimum));
        // The negative's darkest voxel is the brightest; scaled to [0, 1], and back with a negative gain, nothing need
        // be negated.
        Tensor scaled = inverted
                ? image.sub_(maximum).div_(range.neg())
                : image.sub_(minimum).div_(range);
        // A power by way of its logarithm: a third of the time of libtorch's, and as exact between 0, which it keeps,
        // and 1.
        Tensor bent =
                scaled.log_().mul_(PerChannel.of(draw.exponents, imageCDHW)).exp_();
        Tensor centred = bent.sub_(PerChannel.mean(bent));
        Tensor gain = deviation.div_(PerChannel.atLeastTiny(PerChannel.standardDeviationOfCentred(centred)));
        return centred.mul_(inverted ? gain.neg() : gain).add_(mean);
    }
}
