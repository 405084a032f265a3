package org.unet4j.augment;

import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.unet4j.volume.Shape;

/**
 * Smooths with a Gaussian, cut off at four standard deviations, the image reflected at its faces: scipy's
 * gaussian_filter. nnU-Net cuts off at three.
 *
 * @param probability that a sample is considered
 * @param channelProbability that a channel of it is blurred
 * @param sigmaVoxels the Gaussian's standard deviation, drawn for each channel
 * @param perAxis probability that each axis of a blurred channel has a standard deviation of its own
 */
public record Blur(double probability, double channelProbability, Range sigmaVoxels, double perAxis)
        implements IntensityTransform<Blur.Draw> {

    private static final double CUT_OFF = 4;

    /** Checks the probabilities. */
    public Blur {
        Range.probability("blur", probability);
        Range.probability("blur channel", channelProbability);
        Range.probability("blur perAxis", perAxis);
    }

    /**
     * Standard deviations of a Gaussian, in voxels, 0 leaving an axis sharp.
     *
     * @param z along z
     * @param y along y
     * @param x along x
     */
    public record Sigma(double z, double y, double x) {

        /** That of no blur. */
        public static final Sigma SHARP = new Sigma(0, 0, 0);

        private String words() {
            return z == y && y == x
                    ? String.format(Locale.ROOT, "%.2f", z)
                    : String.format(Locale.ROOT, "%.2f, %.2f, %.2f along z, y, x", z, y, x);
        }
    }

    /**
     * What was drawn.
     *
     * @param sigmaVoxels one a channel; empty for no change at all
     */
    public record Draw(List<Sigma> sigmaVoxels) implements org.unet4j.augment.Draw {

        /** The draw of no blur. */
        public static final Draw IDENTITY = new Draw(List.of());

        /** Copies the list. */
        public Draw {
            sigmaVoxels = List.copyOf(sigmaVoxels);
        }

        @Override
        public boolean isIdentity() {
            return sigmaVoxels.stream().allMatch(Sigma.SHARP::equals);
        }

        @Override
        public String words() {
            return "of sigma " + sigmaVoxels.stream().map(Sigma::words).collect(Collectors.joining("; "));
        }
    }

    @Override
    public Draw sample(RandomGenerator random, int channels) {
        if (random.nextDouble() >= probability) {
            return Draw.IDENTITY;
        }
        return new Draw(IntStream.range(0, channels)
                .mapToObj(c -> random.nextDouble() < channelProbability ? sigma(random) : Sigma.SHARP)
                .toList());
    }

    private Sigma sigma(RandomGenerator random) {
        double common = sigmaVoxels.draw(random);
        return perAxis > 0 && random.nextDouble() < perAxis
                ? new Sigma(sigmaVoxels.draw(random), sigmaVoxels.draw(random), sigmaVoxels.draw(random))
                : new Sigma(common, common, common);
    }

    @Override
    public Tensor apply(Draw draw, Tensor imageCDHW) {
        if (draw.isIdentity()) {
            return imageCDHW;
        }
        Shape shape = Batch.spatial(imageCDHW, 1);
        return PerChannel.map(
                imageCDHW,
                draw.sigmaVoxels,
                (sigma, channel) -> sigma.equals(Sigma.SHARP)
                        ? channel
                        : Separable.apply(
                                channel,
                                gaussian(shape.z(), sigma.z),
                                gaussian(shape.y(), sigma.y),
                                gaussian(shape.x(), sigma.x)));
    }

    /** Returns the matrix that smooths {@code size} voxels; rows sum to 1. */
    private static double[][] gaussian(int size, double sigma) {
        if (sigma == 0) {
            return Separable.identity(size);
        }
        int radius = (int) (CUT_OFF * sigma + 0.5);
        double[] kernel = new double[2 * radius + 1];
        double sum = 0;
        for (int i = -radius; i <= radius; i++) {
            kernel[i + radius] = Math.exp(-0.5 * i * i / (sigma * sigma));
            sum += kernel[i + radius];
        }
        double[][] matrix = new double[size][size];
        for (int voxel = 0; voxel < size; voxel++) {
            for (int i = -radius; i <= radius; i++) {
                matrix[voxel][reflect(voxel + i, size)] += kernel[i + radius] / sum;
            }
        }
        return matrix;
    }

    /** Returns the voxel that stands at {@code index} when the image is reflected at its outer faces, again and again. */
    private static int reflect(int index, int size) {
        int within = Math.floorMod(index, 2 * size);
        return Math.min(within, 2 * size - 1 - within);
    }
}
