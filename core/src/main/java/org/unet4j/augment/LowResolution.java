package org.unet4j.augment;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.unet4j.volume.Shape;

/**
 * Shows the image as a coarser scanner would: takes the nearest of fewer voxels and interpolates linearly between them.
 *
 * @param probability that a sample is considered
 * @param channelProbability that a channel of it is coarsened
 * @param zoom the share of voxels left along each axis, drawn for each channel, in (0, 1]
 * @param axes that are coarsened: 0 is z, 1 is y, 2 is x
 */
public record LowResolution(double probability, double channelProbability, Range zoom, List<Integer> axes)
        implements IntensityTransform<LowResolution.Draw> {

    /** Checks the probabilities, the zoom and the axes. */
    public LowResolution {
        Range.probability("low resolution", probability);
        Range.probability("low resolution channel", channelProbability);
        axes = Axes.check("low resolution", axes);
        if (!(zoom.low() > 0 && zoom.high() <= 1)) {
            throw new IllegalArgumentException(
                    "low resolution zoom " + zoom.low() + " to " + zoom.high() + " must lie in (0, 1]");
        }
    }

    /**
     * What was drawn.
     *
     * @param zooms one a channel, 1 leaving it as it is; empty for no change at all
     */
    public record Draw(List<Double> zooms) implements org.unet4j.augment.Draw {

        /** The draw of no change. */
        public static final Draw IDENTITY = new Draw(List.of());

        /** Copies the list. */
        public Draw {
            zooms = List.copyOf(zooms);
        }

        @Override
        public boolean isIdentity() {
            return zooms.stream().allMatch(zoom -> zoom == 1);
        }

        @Override
        public String words() {
            return "with zoom " + PerChannel.words(zooms);
        }
    }

    @Override
    public Draw sample(RandomGenerator random, int channels) {
        if (random.nextDouble() >= probability) {
            return Draw.IDENTITY;
        }
        return new Draw(IntStream.range(0, channels)
                .mapToObj(c -> random.nextDouble() < channelProbability ? zoom.draw(random) : 1)
                .toList());
    }

    @Override
    public Tensor apply(Draw draw, Tensor imageCDHW) {
        if (draw.isIdentity()) {
            return imageCDHW;
        }
        Shape shape = Batch.spatial(imageCDHW, 1);
        return PerChannel.map(imageCDHW, draw.zooms, (factor, channel) -> {
            double[][][] matrices = new double[Shape.AXES][][];
            for (int axis = 0; axis < Shape.AXES; axis++) {
                int size = shape.get(axis);
                matrices[axis] = axes.contains(axis) ? coarsen(size, factor) : Separable.identity(size);
            }
            return Separable.apply(channel, matrices);
        });
    }

    /** Returns the matrix that goes down to the nearest of fewer voxels and up again linearly; outer faces stay. */
    private static double[][] coarsen(int size, double zoom) {
        int few = Math.max(1, (int) Math.round(size * zoom));
        double[][] matrix = new double[size][size];
        for (int voxel = 0; voxel < size; voxel++) {
            double at = Math.max(0, Math.min(few - 1, (voxel + 0.5) * few / size - 0.5));
            int lower = (int) at;
            int upper = Math.min(few - 1, lower + 1);
            matrix[voxel][nearest(lower, few, size)] += 1 - (at - lower);
            matrix[voxel][nearest(upper, few, size)] += at - lower;
        }
        return matrix;
    }

    private static int nearest(int coarse, int few, int size) {
        return Math.min(size - 1, (int) ((coarse + 0.5) * size / few));
    }
}
